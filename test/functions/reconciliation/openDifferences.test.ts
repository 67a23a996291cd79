import { handler as listAttention } from '../../../functions/attention/listAttention';
import { handler as resolveAttention } from '../../../functions/attention/resolveAttention';
import { Problem } from '../../../shared/domain/problem';
import { takeOverRefund } from '../../../shared/domain/refund';
import { newId } from '../../../shared/ids';
import { actOf, real } from '../../../shared/needs';
import { listAttentionRow, resolveAttentionRow } from '../../../shared/operations/attention';
import { commit, loadPayment } from '../../../shared/store/billStore';
import { stripeRefunds } from '../../../shared/stripe/stripeRefunds';
import { type DeafPractice, openDeafPractice } from '../../fixtures/deafPractice';
import { wait } from '../../fixtures/frontDesk';
import { type OpenStripe, openStripe } from '../../fixtures/openStripe';

/** What a reconciliation cannot mend is told, and is in nobody's way. */
let stripe: OpenStripe;
let practice: DeafPractice;
beforeAll(async () => {
  stripe = await openStripe();
  practice = await openDeafPractice(stripe);
});
// Not `desk.close()`: the ledger is wrong in the end, which is the point.
afterAll(async () => {
  await practice.desk.store.close();
  await stripe.close();
});

test('a charge that loses every race is told as a difference, and the run goes on with the others', async () => {
  const blocked = await practice.pay(4_000);
  const other = await practice.pay(5_000);
  for (const { intentId } of [blocked, other]) await stripe.refundInDashboard(intentId, 1_000);
  wait(1);
  const list = stripeRefunds.list;
  const busy = jest
    .spyOn(stripeRefunds, 'list')
    .mockImplementation((account, intentId) =>
      intentId === blocked.intentId
        ? Promise.reject(new Problem('busy', { retryAfterSeconds: 1 }))
        : list(account, intentId),
    );
  const first = await practice.reconcile().finally(() => busy.mockRestore());
  const found = ({ differences }: typeof first) =>
    differences.map(({ paymentIntentId, kinds, mended }) => [paymentIntentId, kinds.join(), mended]).sort();
  expect(found(first)).toEqual(
    [
      [blocked.intentId, 'amount_differs', false],
      [other.intentId, 'refund_missing', true],
    ].sort(),
  );
  wait(1);
  expect(found(await practice.reconcile())).toEqual([[blocked.intentId, 'refund_missing', true]]);
});

test('a charge that differs by another sum asks again, also once staff have seen to the first', async () => {
  const { desk } = practice;
  const paid = await practice.pay(5_000);
  const madeUp = async (stripeRefundId: string, amountCents: number): Promise<void> => {
    const loaded = await loadPayment(desk.practiceId, paid.paymentId);
    const refund = { paymentId: paid.paymentId, stripeRefundId, amountCents, status: 'succeeded' as const };
    await commit(loaded, takeOverRefund(loaded.book, refund, actOf(desk.practice.admin, real)), { newId });
    wait(1);
    await practice.reconcile();
  };
  const asked = async (): Promise<Asking[]> => {
    const { items } = await desk.done(listAttentionRow, listAttention, { query: { limit: '100' } });
    return items.filter(
      ({ kind, facts, resolvedAt }: Asking) =>
        kind === 'reconciliation_difference' && facts.paymentIntentId === paid.intentId && resolvedAt === undefined,
    );
  };
  await madeUp('re_one', 500);
  const [first] = await asked();
  if (!first) throw new Error('staff were not told');
  const path = { attentionId: first.attentionId };
  await desk.done(resolveAttentionRow, resolveAttention, { path, body: { choice: 'seen' } });
  await madeUp('re_two', 3_000);
  const sums = async () => (await asked()).map(({ facts }) => [facts.stripeCents, facts.ledgerCents]);
  expect(await sums()).toEqual([[5_000, 1_500]]);
  wait(1);
  await practice.reconcile();
  expect(await sums()).toEqual([[5_000, 1_500]]);
});

interface Asking {
  readonly attentionId: string;
  readonly kind: string;
  readonly facts: Readonly<Record<string, string | number>>;
  readonly resolvedAt?: string;
}
