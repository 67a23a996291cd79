import type { Client, ClientBilling, Contact } from '../domain/client';
import { invariant } from '../domain/invariant';
import type { Lot } from '../domain/ledger';
import type { Issued } from '../domain/newBill';
import type { AutomationSettings, BillingSettings, Payer, Practice, Product } from '../domain/practice';
import { Problem } from '../domain/problem';
import type { Session } from '../domain/session';
import { entryWrite, lotWrites, newBillWrites } from './billStore';
import { getItems, type Item, type Key, type Write } from './kernel';
import { sessionStore } from './sessionStore';
import { automationSettingsOf, billingSettingsOf } from './settingsStore';
import {
  automationSettingsEntity,
  billingSettingsEntity,
  clientBillingEntity,
  clientEntity,
  contactEntity,
  payerEntity,
  practiceEntity,
  productEntity,
  sessionEntity,
} from './table';

/** All that composing a bill looks at, in one batch read. */
export interface Ingredients {
  readonly practice: Practice;
  readonly settings: BillingSettings;
  readonly automation: AutomationSettings;
  readonly client: Client;
  readonly billing: ClientBilling;
  readonly sessions: ReadonlyMap<string, Session>;
  readonly products: ReadonlyMap<string, Product>;
  readonly contact?: Contact;
  readonly payer?: Payer;
}

export interface IngredientIds {
  readonly clientId: string;
  readonly sessionIds: readonly string[];
  readonly productIds: readonly string[];
  readonly contactId?: string | undefined;
  readonly payerId?: string | undefined;
}

/** One request up to 100 keys. 404 for a client, contact or payer that is not there. */
export async function readIngredients(practiceId: string, ids: IngredientIds): Promise<Ingredients> {
  return (await readIngredientsOfAll(practiceId, [ids]))(ids);
}

/** Those of several bills in one read; each client's on demand, so that one who is gone keeps no other from being billed. */
export async function readIngredientsOfAll(
  practiceId: string,
  all: readonly IngredientIds[],
): Promise<(ids: IngredientIds) => Ingredients> {
  const items = await getItems(distinct(all.flatMap(ids => keysOf(practiceId, ids))));
  const byKey = new Map(items.map(item => [nameOf(item), item]));
  return ids =>
    ingredientsOf(
      distinct(keysOf(practiceId, ids)).flatMap(key => byKey.get(nameOf(key)) ?? []),
      ids,
    );
}

function keysOf(practiceId: string, ids: IngredientIds): Key[] {
  const { clientId, contactId, payerId } = ids;
  return [
    practiceEntity.key(practiceId, { practiceId }),
    billingSettingsEntity.key(practiceId, {}),
    automationSettingsEntity.key(practiceId, {}),
    clientEntity.key(practiceId, { clientId }),
    clientBillingEntity.key(practiceId, { clientId }),
    ...ids.sessionIds.map(sessionId => sessionEntity.key(practiceId, { sessionId })),
    ...ids.productIds.map(productId => productEntity.key(practiceId, { productId })),
    ...(contactId ? [contactEntity.key(practiceId, { clientId, contactId })] : []),
    ...(payerId ? [payerEntity.key(practiceId, { payerId })] : []),
  ];
}

const nameOf = ({ pk, sk }: Key): string => `${pk} ${sk}`;
const distinct = (keys: readonly Key[]): Key[] => [...new Map(keys.map(key => [nameOf(key), key])).values()];

function ingredientsOf(items: readonly Item[], { contactId, payerId, clientId }: IngredientIds): Ingredients {
  const practiceItem = items.find(practiceEntity.is);
  invariant(practiceItem, 'the practice of a caller exists');
  const practice = practiceEntity.record(practiceItem);
  const settings = items.find(billingSettingsEntity.is);
  const client = items.find(clientEntity.is);
  if (!client) throw new Problem('not_found', { what: 'client' });
  const billing = items.find(clientBillingEntity.is);
  invariant(billing, `client ${clientId} has billing settings`);
  const contact = items.find(contactEntity.is);
  if (contactId && !contact) throw new Problem('not_found', { what: 'contact' });
  const payer = items.find(payerEntity.is);
  if (payerId && !payer) throw new Problem('not_found', { what: 'payer' });
  const sessions = items.filter(sessionEntity.is).map(sessionEntity.record);
  const products = items.filter(productEntity.is).map(productEntity.record);
  return {
    practice,
    settings: billingSettingsOf(settings, practice.billingName),
    automation: automationSettingsOf(items.find(automationSettingsEntity.is)),
    client: clientEntity.record(client),
    billing: clientBillingEntity.record(billing),
    sessions: new Map(sessions.map(session => [session.sessionId, session])),
    products: new Map(products.map(product => [product.productId, product])),
    ...(contact ? { contact: contactEntity.record(contact) } : {}),
    ...(payer ? { payer: payerEntity.record(payer) } : {}),
  };
}

/** A new bill whole: what it says, its entries, the credit it spends, and its sessions, each on condition that it is unbilled. */
export function issueWrites(
  practiceId: string,
  { record, movement }: Issued,
  from: { lots: readonly Lot[]; sessions: ReadonlyMap<string, Session> },
): Write[] {
  const { billId } = record.head;
  return [
    ...newBillWrites(practiceId, record),
    ...movement.entries.map(entry => entryWrite(practiceId, entry)),
    ...lotWrites(practiceId, from.lots, movement.lots),
    ...[...from.sessions.values()].map(session => sessionStore.billedWrite(practiceId, session, billId)),
  ];
}
