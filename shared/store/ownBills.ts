import type { BillHead } from '../domain/billRecord';
import type { Card } from '../domain/client';
import { invariant } from '../domain/invariant';
import type { BillingSettings } from '../domain/practice';
import { Problem } from '../domain/problem';
import { isShownToClient } from '../domain/sharing';
import type { ClientCaller, ClientOfAccount } from '../operations/caller';
import { recordOf } from './billStore';
import { findOpened, type Opened } from './guestStore';
import { queryAll } from './kernel';
import { billHeadEntity, clientPartition, documentsPrefix } from './table';

/** As which of its clients the account sees this record; nothing for somebody else's. */
export const clientIn = ({ clients }: ClientCaller, clientId: string): ClientOfAccount | undefined =>
  clients.find(known => known.clientId === clientId);

/** Whose cards the account has with this client: the client's own, or the contact's. */
export function ownerIn(caller: ClientCaller, clientId: string): Card['owner'] {
  const client = clientIn(caller, clientId);
  invariant(client, 'the account sees this client');
  return client.contactId ? { kind: 'contact', id: client.contactId } : { kind: 'client', id: clientId };
}

/** A parent sees neither the other one's cards nor the client's. */
export function isOwnCard(caller: ClientCaller, { clientId, owner }: Card): boolean {
  if (!clientIn(caller, clientId)) return false;
  const own = ownerIn(caller, clientId);
  return owner.kind === own.kind && owner.id === own.id;
}

/** The bill, when this account sees it; 404 otherwise, as for one that is not there. */
export async function openOwnBill(caller: ClientCaller, billId: string): Promise<Opened> {
  const opened = await findOpened(caller.practiceId, billId);
  const head = opened && recordOf(opened.loaded, billId).head;
  if (!opened || !head || !clientIn(caller, head.clientId) || !isShownToClient(head, opened.settings)) {
    throw new Problem('not_found', { what: 'bill' });
  }
  return opened;
}

/** All that the account sees of these clients, the newest first. One query a client, whose bills are some hundreds. */
export async function ownHeads(
  practiceId: string,
  clientIds: readonly string[],
  settings: BillingSettings,
): Promise<BillHead[]> {
  const found = await Promise.all(
    clientIds.map(clientId =>
      queryAll({ index: 'people', partition: clientPartition(practiceId, clientId), prefix: documentsPrefix }),
    ),
  );
  return found
    .flat()
    .filter(billHeadEntity.is)
    .map(billHeadEntity.record)
    .filter(head => isShownToClient(head, settings))
    .sort((a, b) => (placeOf(a) < placeOf(b) ? 1 : -1));
}

/** Where a bill stands in the list. */
export const placeOf = ({ issuedOn, billId }: Pick<BillHead, 'issuedOn' | 'billId'>): string => `${issuedOn}#${billId}`;
