import type * as z from 'zod';
import type { Client } from '../domain/client';
import type { StaffCaller } from '../operations/caller';
import type { clientWithSumsObject } from '../operations/records';
import type { ClientStore } from '../store/clientStore';

/** A client with sums, which are read only for whoever may see amounts. */
export async function clientWithSumsView(
  clients: Pick<ClientStore, 'sums'>,
  { caller, client }: { caller: StaffCaller; client: Client },
): Promise<z.input<typeof clientWithSumsObject>> {
  if (!caller.billing) return client;
  return { ...client, ...(await clients.sums(caller.practiceId, client.clientId)) };
}
