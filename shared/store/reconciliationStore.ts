import { createHash } from 'node:crypto';
import { addMinutes, type CalendarDate, type Instant, instantOfLocal } from '../domain/calendar';
import { given } from '../domain/given';
import type { Entry } from '../domain/ledger';
import { Problem } from '../domain/problem';
import type { Difference, OpenDispute, PayoutBooks, Reconciliation } from '../domain/reconciliation';
import { entriesOf, entryWrite } from './billStore';
import { added, replaced } from './changes';
import { getItem, getItems, queryAll, queryPage, transact, type Write } from './kernel';
import {
  differenceEntity,
  differencesPartition,
  entryEntity,
  ledgerPartition,
  type NextReconciliation,
  nextReconciliationEntity,
  openDisputeEntity,
  openDisputesPartition,
  payoutEntity,
  payoutsPartition,
  reconciliationEntity,
  reconciliationMarkEntity,
  reconciliationPartition,
} from './table';

/** In the practice's night, after its bills and charges; the practices of a zone begin spread over the hour from then on. */
const nightly = '03:30';
const spreadMinutes = 60;

export const reconciliationStore = {
  async load(practiceId: string, reconciliationId: string): Promise<Reconciliation> {
    const item = await getItem(reconciliationEntity.key(practiceId, { reconciliationId }));
    if (!item) throw new Problem('not_found', { what: 'reconciliation' });
    return reconciliationEntity.record(item);
  },

  /** Newest first. */
  async page(practiceId: string, page: { limit: number; cursor: string | undefined; from?: string; to?: string }) {
    const partition = reconciliationPartition(practiceId);
    const found = await queryPage({
      partition,
      prefix: 'rec_',
      newestFirst: true,
      limit: page.limit,
      cursor: page.cursor,
    });
    return { records: found.items.map(reconciliationEntity.record), nextCursor: found.nextCursor };
  },

  async latest(practiceId: string): Promise<Reconciliation | undefined> {
    const { records } = await reconciliationStore.page(practiceId, { limit: 1, cursor: undefined });
    return records[0];
  },

  /** Up to where this account was held against the ledger without a gap; nothing before the first run. */
  async mark(practiceId: string, accountId: string | undefined): Promise<Instant | undefined> {
    const item = await getItem(reconciliationMarkEntity.key(practiceId, given({ accountId })));
    return item && reconciliationMarkEntity.record(item).to;
  },
  moveMark: (practiceId: string, accountId: string | undefined, to: Instant): Write => ({
    as: reconciliationMarkEntity.name,
    put: reconciliationMarkEntity.item(practiceId, { ...given({ accountId }), to }, 1),
    when: 'anyway',
  }),

  begin: (practiceId: string, run: Reconciliation): Write => added(reconciliationEntity, practiceId, run),
  goOn: (practiceId: string, run: Reconciliation): Write => replaced(reconciliationEntity, practiceId, run),

  async differences(practiceId: string, reconciliationId: string, page: { limit: number; cursor: string | undefined }) {
    const found = await queryPage({ partition: differencesPartition(practiceId, reconciliationId), ...page });
    return { items: found.items.map(differenceEntity.record), nextCursor: found.nextCursor };
  },
  /** Noted as they are met; what was read of one already stays. */
  async notePayouts(practiceId: string, payouts: readonly PayoutBooks[]): Promise<void> {
    const known = new Set(
      (await getItems(payouts.map(payout => payoutEntity.key(practiceId, payout)))).map(({ sk }) => sk),
    );
    const fresh = payouts.filter(payout => !known.has(payoutEntity.key(practiceId, payout).sk));
    for (const payout of fresh) await transact([reconciliationStore.payout(practiceId, payout)]);
  },
  payout: (practiceId: string, payout: PayoutBooks): Write => ({
    as: payoutEntity.name,
    put: payoutEntity.item(practiceId, payout, 1),
    when: 'anyway',
  }),
  /** Newest first. */
  async payouts(practiceId: string, reconciliationId: string, page: { limit: number; cursor: string | undefined }) {
    const partition = payoutsPartition(practiceId, reconciliationId);
    const found = await queryPage({ partition, newestFirst: true, ...page });
    return { items: found.items.map(payoutEntity.record), nextCursor: found.nextCursor };
  },
  async payoutAfter(practiceId: string, reconciliationId: string, cursor: string | undefined) {
    const { items, nextCursor } = await reconciliationStore.payouts(practiceId, reconciliationId, { limit: 1, cursor });
    return { payout: items[0], nextCursor };
  },

  async allDifferences(practiceId: string, reconciliationId: string): Promise<Difference[]> {
    const items = await queryAll({ partition: differencesPartition(practiceId, reconciliationId) });
    return items.map(differenceEntity.record);
  },
  /** Noted before it is mended, and again after: a run that dies in between still tells of it. */
  note: (practiceId: string, difference: Difference): Promise<void> =>
    transact([{ put: differenceEntity.item(practiceId, difference, 1), when: 'anyway' }]),

  /** Those of the account that no run has seen at their end yet: one page. */
  async openDisputes(practiceId: string, accountId: string | undefined, cursor: string | undefined) {
    const page = await queryPage({ partition: openDisputesPartition(practiceId, accountId), limit: 50, cursor });
    return { items: page.items.map(openDisputeEntity.record), nextCursor: page.nextCursor };
  },
  keepDispute: (practiceId: string, dispute: OpenDispute): Promise<void> =>
    transact([{ put: openDisputeEntity.item(practiceId, dispute, 1), when: 'anyway' }]),
  forgetDispute: (practiceId: string, dispute: OpenDispute): Promise<void> =>
    transact([{ remove: openDisputeEntity.key(practiceId, dispute), when: 'anyway' }]),

  /** Entries of Stripe's own doing, each under its transaction's id: those that are there stay. */
  async record(practiceId: string, entries: readonly Entry[]): Promise<number> {
    const known = new Set(
      (await getItems(entries.map(entry => entryEntity.key(practiceId, entry)))).map(({ sk }) => sk),
    );
    const fresh = entries.filter(entry => !known.has(entryEntity.key(practiceId, entry).sk));
    for (let start = 0; start < fresh.length; start += 50)
      await transact(fresh.slice(start, start + 50).map(entry => entryWrite(practiceId, entry)));
    return fresh.length;
  },

  /** One page of a month's ledger, by when entries were added. */
  async ledgerPage(practiceId: string, month: string, cursor: string | undefined) {
    const page = await queryPage({ index: 'lists', partition: ledgerPartition(practiceId, month), limit: 100, cursor });
    return { entries: entriesOf(page.items), nextCursor: page.nextCursor };
  },

  async next(practiceId: string): Promise<NextReconciliation | undefined> {
    const item = await getItem(nextReconciliationEntity.key(practiceId, {}));
    return item && nextReconciliationEntity.record(item);
  },
  /** From now on every night, as soon as a practice takes cards. */
  everyNight: (practiceId: string, on: CalendarDate, timeZone: string): Write =>
    added(nextReconciliationEntity, practiceId, { dueAt: nightOf(practiceId, { on, timeZone }), revision: 0 }),
  moveOn: (practiceId: string, next: NextReconciliation, to: { on: CalendarDate; timeZone: string }): Write =>
    replaced(nextReconciliationEntity, practiceId, { ...next, dueAt: nightOf(practiceId, to) }),
};

function nightOf(practiceId: string, { on, timeZone }: { on: CalendarDate; timeZone: string }): Instant {
  const minutes = createHash('sha256').update(practiceId).digest().readUInt16BE() % spreadMinutes;
  return addMinutes(instantOfLocal(on, nightly, timeZone), minutes);
}
