import type { Attention } from '../domain/attention';
import type { Movement } from '../domain/book';
import type { Entry } from '../domain/ledger';
import { Problem } from '../domain/problem';
import { idFrom } from '../ids';
import { attentionStore } from './attentionStore';
import { type Loaded, loadBill, loadClientMoney, loadedOf, loadPayment } from './billStore';
import { queryPage, type Write } from './kernel';
import { unmatchedEntity, unmatchedPartition } from './table';

/** Charges in Stripe that nobody knew when they were found (`domain.md` rule 35). */
export const unmatchedStore = {
  /** Those that are unmatched still, the newest first. */
  async page(practiceId: string, { limit, cursor }: { limit: number; cursor: string | undefined }) {
    const partition = unmatchedPartition(practiceId);
    const page = await queryPage({ index: 'lists', partition, newestFirst: true, limit, cursor });
    return { records: page.items.map(unmatchedEntity.record), nextCursor: page.nextCursor };
  },

  /** The money and where it shall go, as one book. 404 for money, bill or client who is not there. */
  async withTarget(
    practiceId: string,
    paymentId: string,
    { billId, clientId }: { billId?: string | undefined; clientId?: string | undefined },
  ): Promise<Loaded> {
    const [money, target] = await Promise.all([
      loadPayment(practiceId, paymentId),
      billId === undefined ? loadClientMoney(practiceId, clientId ?? '') : loadBill(practiceId, billId, true),
    ]);
    if (!money.unmatched.has(paymentId)) throw new Problem('not_found', { what: 'unmatched payment' });
    const { clientAttempts: attempts, records, book } = target;
    const entries = onceEach([...money.book.entries, ...book.entries]).filter(({ home }) => home.kind !== 'bill');
    return loadedOf(practiceId, [...records.values()], book.lots, {
      ...target,
      entries,
      attempts,
      unmatched: money.unmatched,
    });
  },

  /** What staff were told of this money is seen to: it was attached, or went back. */
  async seenTo(
    practiceId: string,
    paymentId: string,
    seen: Required<Pick<Attention, 'resolvedAt' | 'choice'>> & Pick<Attention, 'resolvedBy'>,
  ): Promise<Write[]> {
    const told = await attentionStore.find(practiceId, toldOf(paymentId));
    return told && !told.resolvedAt ? [attentionStore.replace(practiceId, { ...told, ...seen })] : [];
  },

  /** Staff are told where it is found again. */
  told: (movement: Movement): Movement => ({
    ...movement,
    attention: movement.attention.map(item =>
      item.kind === 'money_unmatched' && item.paymentId ? { ...item, attentionId: toldOf(item.paymentId) } : item,
    ),
  }),
};

const toldOf = (paymentId: string): string => idFrom('wrk', 'money_unmatched', paymentId);

/** Once attached, the same entries are found with the money and with its client. */
const onceEach = (entries: readonly Entry[]): Entry[] => [
  ...new Map(entries.map(entry => [entry.entryId, entry])).values(),
];
