import { handler as listAttention } from '../../../functions/attention/listAttention';
import { takeOverRefund } from '../../../shared/domain/refund';
import { newId } from '../../../shared/ids';
import { actOf, real } from '../../../shared/needs';
import { listAttentionRow } from '../../../shared/operations/attention';
import { commit, loadPayment } from '../../../shared/store/billStore';
import { transact } from '../../../shared/store/kernel';
import { accountClaimed } from '../../../shared/store/stripeAccountStore';
import { deafPracticeOf } from '../../fixtures/deafPractice';
import { FrontDesk, wait, waitDays } from '../../fixtures/frontDesk';
import { type OpenStripe, openStripe } from '../../fixtures/openStripe';
import { wholeLedger } from '../../fixtures/wholeLedger';

type Practice = Awaited<ReturnType<typeof deafPracticeOf>>;

/** Two practices on the platform's own account; the first has claimed it. */
let stripe: OpenStripe;
let claims: Practice;
let shares: Practice;
beforeEach(async () => {
  stripe = await openStripe();
  const desk = await FrontDesk.open();
  await transact([accountClaimed(desk.practiceId, undefined)]);
  claims = await deafPracticeOf(stripe, desk);
  shares = await deafPracticeOf(stripe, await desk.neighbour({ stripe: { status: 'ready', mode: 'test' } }));
});
afterEach(() => stripe.close());

async function atStripe({ desk }: Practice): Promise<number> {
  const { book } = await wholeLedger(desk.store, desk.practiceId);
  const postings = book.entries.flatMap(entry => entry.postings);
  return postings.filter(({ account }) => account === 'stripe_balance').reduce((sum, p) => sum + p.amountCents, 0);
}

const attentionOf = async ({ desk }: Practice): Promise<string[]> => {
  const { items } = await desk.done(listAttentionRow, listAttention, { query: { limit: '100' } });
  return items.map(({ kind }: { kind: string }) => kind);
};

test('charges of another practice are in neither the sums nor the differences of the one that claimed the account', async () => {
  const own = await claims.pay(10_000);
  await shares.pay(7_000);
  const refunded = await shares.pay(3_000);
  await stripe.refundInDashboard(refunded.intentId, 500);
  const lost = await shares.payWithLostAnswer(2_000);
  wait(1);
  const { run, differences } = await claims.reconcile();
  expect([run.charges, run.movements, differences]).toEqual([1, 1, []]);
  expect(run.sums).toMatchObject({ capturedCents: 10_000, refundedCents: 0, feeCents: -320, netCents: 9_680 });
  // Stripe's truth holds for the other one all the same, and its fees are its own.
  expect((await shares.desk.see(lost.billId)).status).toBe('paid');
  expect((await shares.desk.see(refunded.billId)).clientBalanceCents).toBe(500);
  expect((await claims.desk.see(own.billId)).status).toBe('paid');
  expect([await atStripe(claims), await atStripe(shares)]).toEqual([9_680, 12_000 - 500 - 233 - 117 - 88]);
  expect(await attentionOf(claims)).toEqual([]);
  await claims.desk.close();
});

test('metadata alone gives a charge to nobody: one that only says so is unmatched money of the claiming practice', async () => {
  const metadata = {
    ...{ practiceId: shares.desk.practiceId, clientId: shares.clientId },
    ...{ paymentId: newId('pay'), attemptId: newId('att') },
  };
  const card = { payment_method: 'pm_card_visa', allowed_payment_method_types: ['card' as const] };
  const said = await claims.sdk.paymentIntents.create({
    amount: 900,
    currency: 'usd',
    confirm: true,
    metadata,
    ...card,
  });
  wait(1);
  const { run, differences } = await claims.reconcile();
  const [found] = differences;
  expect([found?.paymentIntentId, found?.kinds, found?.mended]).toEqual([said.id, ['charge_unknown'], true]);
  expect([run.charges, run.sums.capturedCents]).toEqual([1, 900]);
  expect([await atStripe(claims), await atStripe(shares)]).toEqual([900 - 56, 0]);
  await claims.desk.close();
});

test('what cannot be mended of another practice’s charge asks that practice for attention', async () => {
  const { paymentId } = await shares.pay(5_000);
  const { practiceId, practice } = shares.desk;
  const loaded = await loadPayment(practiceId, paymentId);
  const madeUp = { paymentId, stripeRefundId: 're_madeUp', amountCents: 300, status: 'succeeded' as const };
  await commit(loaded, takeOverRefund(loaded.book, madeUp, actOf(practice.admin, real)), { newId });
  wait(1);
  const { run } = await claims.reconcile();
  expect([run.differences, await attentionOf(claims)]).toEqual([0, []]);
  expect(await attentionOf(shares)).toContain('reconciliation_difference');
  await claims.desk.store.close();
});

test('a payout of the account agrees, and the other’s part of it is in none of its parts', async () => {
  await claims.pay(10_000);
  const other = await shares.pay(7_000);
  await stripe.refundInDashboard(other.intentId, 1_000);
  waitDays(3);
  await stripe.payOut();
  wait(1);
  const { run } = await claims.reconcile();
  const parts = { grossCents: 10_000, refundedCents: 0, feeCents: -320, otherCents: 7_000 - 233 - 1_000 };
  expect(run.payouts).toMatchObject([{ ...parts, netCents: 9_680 + 5_767, movements: 3, agrees: true }]);
  await claims.desk.close();
});
