import type { Client } from '../domain/client';
import { Problem } from '../domain/problem';
import { maySee, type StaffCaller } from '../operations/caller';
import { getItem } from './kernel';
import { clientEntity } from './table';

/** The client, when this member may see it; 404 otherwise, as for one that is not there. */
export async function checkClient(caller: StaffCaller, clientId: string): Promise<Client> {
  const item = await getItem(clientEntity.key(caller.practiceId, { clientId }));
  const client = item && clientEntity.record(item);
  if (!client || !maySee(caller, client.practitionerId)) throw new Problem('not_found', { what: 'client' });
  return client;
}
