import type { BillHead } from '../domain/billRecord';
import type { Card } from '../domain/client';
import { invariant } from '../domain/invariant';
import { type Cents, sumCents } from '../domain/money';
import type { BillingSettings } from '../domain/practice';
import { Problem } from '../domain/problem';
import { isShownToClient } from '../domain/sharing';
import type { ClientCaller, ClientOfAccount } from '../operations/caller';
import { recordOf } from './billStore';
import { findOpened, type Opened } from './guestStore';
import { getItems, queryAll } from './kernel';
import { billHeadEntity, billTextEntity, clientPartition, documentsPrefix } from './table';

/** As which of its clients the account sees this record; nothing for somebody else's. */
export const clientIn = ({ clients }: ClientCaller, clientId: string): ClientOfAccount | undefined =>
  clients.find(known => known.clientId === clientId);

/** Whose cards the account has with this client: the client's own, or the contact's. */
export function ownerIn(caller: ClientCaller, clientId: string): Card['owner'] {
  const client = clientIn(caller, clientId);
  invariant(client, 'the account sees this client');
  return ownerAs(client);
}

export const ownerAs = ({ clientId, contactId }: ClientOfAccount): Card['owner'] =>
  contactId ? { kind: 'contact', id: contactId } : { kind: 'client', id: clientId };

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

/**
 * What AutoPay would take of this payer for bills that they see, credit aside: what their switching it on confirms (rule
 * 14). A bill that went to somebody else stays that payer's (rule 57).
 */
export async function ownAutopayCents(
  practiceId: string,
  owner: Card['owner'],
  seen: readonly BillHead[],
): Promise<Cents> {
  const owed = seen.filter(({ clientBalanceCents }) => clientBalanceCents > 0);
  const texts = await getItems(owed.map(({ billId }) => billTextEntity.key(practiceId, { billId })));
  const sentTo = new Map(texts.map(billTextEntity.record).map(({ billId, recipient }) => [billId, recipient.id]));
  const own = owed.filter(({ billId }) => sentTo.get(billId) === owner.id);
  return sumCents(own.map(({ clientBalanceCents }) => clientBalanceCents));
}

/** Where a bill stands in the list. */
export const placeOf = ({ issuedOn, billId }: Pick<BillHead, 'issuedOn' | 'billId'>): string => `${issuedOn}#${billId}`;
