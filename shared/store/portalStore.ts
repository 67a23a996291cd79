import { type Client, type Contact, clientName } from '../domain/client';
import { given } from '../domain/given';
import type { Practice } from '../domain/practice';
import { idFrom } from '../ids';
import type { ClientOfAccount } from '../operations/caller';
import { addressHash } from './address';
import { getItems, type Item, type Key, queryAll } from './kernel';
import { clientEntity, clientOfMailItem, contactEntity, mailPointer, practiceEntity } from './table';

/**
 * What one sign-in sees of one practice: a client's own bills, or those of every client whose billing contact the address
 * belongs to. Derived from the charts at each question, so that a contact who is one no more sees nothing any more.
 */
export interface PortalAccount {
  readonly accountId: string;
  readonly kind: 'client' | 'contact';
  readonly practice: Practice;
  readonly name: string;
  /** As it stands in the chart. */
  readonly email: string;
  /** A contact who stands in several charts of the practice allows mail where one of them says so. */
  readonly emailAllowed: boolean;
  readonly clients: readonly (ClientOfAccount & { readonly name: string })[];
}

/** The accounts of an address, in all practices that have a portal: the practice's by name, a client's own one first. */
export async function accountsOf(hash: string): Promise<PortalAccount[]> {
  const pointed = await queryAll({ index: 'pointers', partition: mailPointer(hash) });
  const found = await readAround(pointed);
  const accounts = new Map<string, PortalAccount>();
  for (const item of pointed) {
    const account = accountOf(item, found, hash);
    const known = account && accounts.get(account.accountId);
    if (account) {
      const clients = [...(known?.clients ?? []), ...account.clients];
      const emailAllowed = account.emailAllowed || known?.emailAllowed === true;
      accounts.set(account.accountId, { ...account, clients, emailAllowed });
    }
  }
  return [...accounts.values()].sort((a, b) => (sortOf(a) < sortOf(b) ? -1 : 1));
}

const sortOf = ({ practice, kind, name, accountId }: PortalAccount): string =>
  [practice.billingName, kind, name, accountId].join('\n');

const placeOf = ({ pk, sk }: Key): string => `${pk} ${sk}`;

/** The index may tell of yesterday, so records themselves decide: those that it names, their clients, their practices. */
async function readAround(pointed: readonly Item[]): Promise<ReadonlyMap<string, Item>> {
  const keys = pointed.flatMap(item => {
    const { practiceId, clientId } = clientOfMailItem(item);
    return [
      { pk: item.pk, sk: item.sk },
      clientEntity.key(practiceId, { clientId }),
      practiceEntity.key(practiceId, { practiceId }),
    ];
  });
  const each = new Map(keys.map(key => [placeOf(key), key]));
  const items = await getItems([...each.values()]);
  return new Map(items.map(item => [placeOf(item), item]));
}

function accountOf(pointer: Item, found: ReadonlyMap<string, Item>, hash: string): PortalAccount | undefined {
  const { practiceId, clientId } = clientOfMailItem(pointer);
  const own = found.get(placeOf(clientEntity.key(practiceId, { clientId })));
  const home = found.get(placeOf(practiceEntity.key(practiceId, { practiceId })));
  const item = found.get(placeOf(pointer));
  const client = own && clientEntity.record(own);
  const practice = home && practiceEntity.record(home);
  if (!item || !practice?.portalEnabled || client?.status !== 'active') return undefined;
  if (clientEntity.is(item)) return ofClient(practice, client, hash);
  return ofContact(practice, { client, contact: contactEntity.record(item) }, hash);
}

const isOf = (email: string | undefined, hash: string): email is string =>
  email !== undefined && addressHash(email) === hash;

function ofClient(practice: Practice, client: Client, hash: string): PortalAccount | undefined {
  const { clientId, email, emailAllowed } = client;
  if (!isOf(email, hash)) return undefined;
  const accountId = idFrom('acc', practice.practiceId, clientId);
  const name = clientName(client);
  return { accountId, kind: 'client', practice, name, email, emailAllowed, clients: [{ clientId, name }] };
}

/** One account for all clients of a billing contact, who stands in each one's chart under an id of its own. */
function ofContact(
  practice: Practice,
  { client, contact }: { client: Client; contact: Contact },
  hash: string,
): PortalAccount | undefined {
  const { email, emailAllowed, name, contactId, roles } = contact;
  if (!roles.includes('billing') || !isOf(email, hash)) return undefined;
  const accountId = idFrom('acc', practice.practiceId, hash);
  const clients = [{ clientId: client.clientId, contactId, name: clientName(client) }];
  return { accountId, kind: 'contact', practice, name, email, emailAllowed, clients };
}

/** Of the account, what a caller is told by. */
export const clientsOf = ({ clients }: PortalAccount): ClientOfAccount[] =>
  clients.map(({ clientId, contactId }) => ({ clientId, ...given({ contactId }) }));
