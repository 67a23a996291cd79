import type { AutopayScene } from '../domain/automation/planAutopay';
import { invariant } from '../domain/invariant';
import { type Cents, sumCents } from '../domain/money';
import { isUndecided } from '../domain/paymentState';
import { billLists } from './billLists';
import { type Loaded, recordOf } from './billStore';
import { cardStore } from './cardStore';
import { clientStore } from './clientStore';
import { getItems, queryAll } from './kernel';
import { automationSettingsOf, billingSettingsOf } from './settingsStore';
import {
  automationSettingsEntity,
  billingSettingsEntity,
  clientBillingEntity,
  clientEntity,
  clientPartition,
  disputesPrefix,
  entryEntity,
  sessionEntity,
} from './table';

/** What AutoPay looks at beside the bill: settings, the client, the sessions in one batch read, and the cards. */
export async function readAutopayScene(
  loaded: Loaded,
  { clientId, billId }: { clientId: string; billId: string },
): Promise<AutopayScene> {
  const { practiceId, book } = loaded;
  const record = recordOf(loaded, billId);
  const sessionIds = new Set(record.text.lines.flatMap(({ sessionId }) => sessionId ?? []));
  const [items, { practice, cards }, isDisputing] = await Promise.all([
    getItems([
      billingSettingsEntity.key(practiceId, {}),
      automationSettingsEntity.key(practiceId, {}),
      clientEntity.key(practiceId, { clientId }),
      clientBillingEntity.key(practiceId, { clientId }),
      ...[...sessionIds].map(sessionId => sessionEntity.key(practiceId, { sessionId })),
    ]),
    cardStore.forCharge(practiceId, clientId),
    isAskedByBank(practiceId, clientId),
  ]);
  const client = items.find(clientEntity.is);
  const billing = items.find(clientBillingEntity.is);
  invariant(client && billing, 'a bill has its client');
  const settings = items.find(billingSettingsEntity.is);
  return {
    practice,
    automation: automationSettingsOf(items.find(automationSettingsEntity.is)),
    settings: billingSettingsOf(settings, practice.billingName),
    client: clientEntity.record(client),
    billing: clientBillingEntity.record(billing),
    cards,
    isDisputing,
    record,
    book,
    sessions: items.filter(sessionEntity.is).map(sessionEntity.record),
  };
}

/** What clients who are on AutoPay owe in all: what it would take once the practice has it on, credit aside; page by page. */
export async function openAutopayCents(practiceId: string): Promise<Cents> {
  const owed: Cents[] = [];
  let cursor: string | undefined;
  do {
    const { bills, nextCursor } = await billLists.owedByClients(practiceId, { limit: 100, cursor });
    const billings = await clientStore.billingOf(practiceId, [...new Set(bills.map(({ clientId }) => clientId))]);
    const onAutopay = new Set(billings.filter(({ autopay }) => autopay).map(({ clientId }) => clientId));
    const mine = bills.filter(({ clientId }) => onAutopay.has(clientId));
    owed.push(sumCents(mine.map(({ clientBalanceCents }) => clientBalanceCents)));
    cursor = nextCursor ?? undefined;
  } while (cursor);
  return sumCents(owed);
}

/** Whether any dispute or inquiry of the client's is undecided: by the last word on each. */
export async function isAskedByBank(practiceId: string, clientId: string): Promise<boolean> {
  const partition = clientPartition(practiceId, clientId);
  const entries = (await queryAll({ index: 'people', partition, prefix: disputesPrefix })).map(entryEntity.record);
  const last = new Map(
    entries.flatMap(({ dispute }) => (dispute ? [[dispute.disputeId, dispute.status] as const] : [])),
  );
  return [...last.values()].some(isUndecided);
}
