import type { BillHead } from '../domain/billRecord';
import {
  type Client,
  type ClientBilling,
  type Contact,
  clientSort,
  defaultClientBilling,
  type Policy,
} from '../domain/client';
import type { Lot } from '../domain/ledger';
import { type Cents, sumCents } from '../domain/money';
import { Problem } from '../domain/problem';
import { named } from '../domain/session';
import { maySee, type StaffCaller } from '../operations/caller';
import { added, addedOrReplaced, removed, replaced } from './changes';
import { getItem, getItems, type Item, queryAll, queryPage, transact, type Write } from './kernel';
import { sievedPage } from './position';
import { sessionStore } from './sessionStore';
import {
  billHeadEntity,
  clientBillingEntity,
  clientEntity,
  clientPartition,
  clientsPartition,
  contactEntity,
  documentsPrefix,
  lotEntity,
  policyEntity,
  sessionEntity,
} from './table';

export interface ClientSums {
  /** What the client owes on bills. */
  readonly balanceCents: Cents;
  readonly creditCents: Cents;
  readonly insurerBalanceCents: Cents;
}

const mostWrites = 90;
const notFound = (what: string) => new Problem('not_found', { what });

export const clientStore = {
  async find(practiceId: string, clientId: string): Promise<Client | undefined> {
    const item = await getItem(clientEntity.key(practiceId, { clientId }));
    return item && clientEntity.record(item);
  },

  /** Somebody else's client is not there for a practitioner. */
  async load(caller: StaffCaller, clientId: string): Promise<Client> {
    const client = await clientStore.find(caller.practiceId, clientId);
    if (!client || !maySee(caller, client.practitionerId)) throw notFound('client');
    return client;
  },

  async loadWithBilling(caller: StaffCaller, clientId: string): Promise<{ client: Client; billing: ClientBilling }> {
    const { practiceId } = caller;
    const items = await getItems([
      clientEntity.key(practiceId, { clientId }),
      clientBillingEntity.key(practiceId, { clientId }),
    ]);
    const client = recordIn(items, clientEntity);
    if (!client || !maySee(caller, client.practitionerId)) throw notFound('client');
    return { client, billing: recordIn(items, clientBillingEntity) ?? defaultClientBilling(clientId) };
  },

  /** Billing settings of many clients; a client without any is left out. */
  async billingOf(practiceId: string, clientIds: readonly string[]): Promise<ClientBilling[]> {
    const items = await getItems(clientIds.map(clientId => clientBillingEntity.key(practiceId, { clientId })));
    return items.map(clientBillingEntity.record);
  },

  async byIds(practiceId: string, clientIds: readonly string[]): Promise<Client[]> {
    const items = await getItems(clientIds.map(clientId => clientEntity.key(practiceId, { clientId })));
    return items.map(clientEntity.record);
  },

  /** Two reads: the client's lots, and the bill heads among its documents. */
  async sums(practiceId: string, clientId: string): Promise<ClientSums> {
    const partition = clientPartition(practiceId, clientId);
    const [lots, documents] = await Promise.all([
      queryAll({ partition, prefix: lotEntity.key(practiceId, { clientId, lotId: '' }).sk }),
      queryAll({ index: 'people', partition, prefix: documentsPrefix }),
    ]);
    const heads: BillHead[] = documents.filter(billHeadEntity.is).map(billHeadEntity.record);
    return {
      balanceCents: sumCents(heads.map(head => head.clientBalanceCents)),
      creditCents: sumCents(lots.map((lot: Item): Lot => lotEntity.record(lot)).map(lot => lot.remainingCents)),
      insurerBalanceCents: sumCents(heads.map(head => head.insurerBalanceCents)),
    };
  },

  async page(
    practiceId: string,
    page: {
      status: Client['status'];
      keep: (client: Client) => boolean;
      limit: number;
      cursor: string | undefined;
    },
  ): Promise<{ clients: Client[]; nextCursor: string | null }> {
    const { status, keep, limit, cursor } = page;
    const { items, nextCursor } = await sievedPage({
      range: { index: 'lists', partition: clientsPartition(practiceId, status) },
      sortOf: item => String(item.lsk),
      keep: item => keep(clientEntity.record(item)),
      limit,
      cursor,
    });
    return { clients: items.map(clientEntity.record), nextCursor };
  },

  /** One query a page, by name. */
  async activePage(practiceId: string, page: { limit: number; cursor: string | undefined }) {
    const partition = clientsPartition(practiceId, 'active');
    const { items, nextCursor } = await queryPage({ index: 'lists', partition, ...page });
    return { clients: items.map(clientEntity.record), nextCursor };
  },

  async allActive(practiceId: string): Promise<Client[]> {
    const items = await queryAll({ index: 'lists', partition: clientsPartition(practiceId, 'active') });
    return items.map(clientEntity.record);
  },

  add: (practiceId: string, client: Client, more: readonly Write[] = []): Promise<void> =>
    transact([
      added(clientEntity, practiceId, client),
      added(clientBillingEntity, practiceId, defaultClientBilling(client.clientId)),
      ...more,
    ]),

  /**
   * A new name goes to the unbilled sessions as well, in the same transaction: the pending list is sorted by it, and a
   * client's sessions must stay together there. Sessions that wait for nothing get it when they become unbilled.
   * Beyond 90 unbilled sessions the others go first; if that breaks off, saving the name again finishes it.
   */
  async replace(practiceId: string, before: Client, client: Client, more: readonly Write[] = []): Promise<void> {
    const renames = clientSort(before) === clientSort(client) ? [] : await renamedSessions(practiceId, client);
    while (renames.length > mostWrites) await transact(renames.splice(0, mostWrites));
    await transact([replaced(clientEntity, practiceId, client), ...renames, ...more]);
  },

  replaceBilling: (practiceId: string, billing: ClientBilling, more: readonly Write[] = []): Promise<void> =>
    transact([billingWrite(practiceId, billing), ...more]),

  /** Contacts, policies and the billing settings that sum them up: what a change of one of them looks at. */
  async loadCoverage(caller: StaffCaller, clientId: string): Promise<Coverage> {
    const { practiceId } = caller;
    const partition = clientPartition(practiceId, clientId);
    const id = { clientId, contactId: '', policyId: '' };
    const [{ billing }, contacts, policies] = await Promise.all([
      clientStore.loadWithBilling(caller, clientId),
      queryAll({ partition, prefix: contactEntity.key(practiceId, id).sk }),
      queryAll({ partition, prefix: policyEntity.key(practiceId, id).sk }),
    ]);
    return { billing, contacts: contacts.map(contactEntity.record), policies: policies.map(policyEntity.record) };
  },

  saveContact: (practiceId: string, { contact, billing, more = [] }: ContactChange): Promise<void> =>
    transact([
      addedOrReplaced(contactEntity, practiceId, contact),
      ...(billing ? [billingWrite(practiceId, billing)] : []),
      ...more,
    ]),
  removeContact: (practiceId: string, contact: Contact, billing: ClientBilling | undefined): Promise<void> =>
    transact([removed(contactEntity, practiceId, contact), ...(billing ? [billingWrite(practiceId, billing)] : [])]),

  savePolicy: (practiceId: string, { policy, billing, more = [] }: PolicyChange): Promise<void> =>
    transact([addedOrReplaced(policyEntity, practiceId, policy), billingWrite(practiceId, billing), ...more]),
  removePolicy: (practiceId: string, policy: Policy, billing: ClientBilling): Promise<void> =>
    transact([removed(policyEntity, practiceId, policy), billingWrite(practiceId, billing)]),
};
export type ClientStore = typeof clientStore;

export interface Coverage {
  readonly billing: ClientBilling;
  readonly contacts: readonly Contact[];
  readonly policies: readonly Policy[];
}
interface ContactChange {
  readonly contact: Contact;
  /** Given when the billing contact changes with it. */
  readonly billing: ClientBilling | undefined;
  readonly more?: readonly Write[];
}
interface PolicyChange {
  readonly policy: Policy;
  readonly billing: ClientBilling;
  readonly more?: readonly Write[];
}

const billingWrite = (practiceId: string, billing: ClientBilling): Write =>
  addedOrReplaced(clientBillingEntity, practiceId, billing);

const recordIn = <R extends object>(
  items: readonly Item[],
  entity: { is(item: Item): boolean; record(item: Item): R },
): R | undefined => items.filter(entity.is).map(entity.record)[0];

async function renamedSessions(practiceId: string, client: Client): Promise<Write[]> {
  const sessions = await sessionStore.unbilledOf(practiceId, client.clientId);
  return sessions.map(session => replaced(sessionEntity, practiceId, named(session, client)));
}
