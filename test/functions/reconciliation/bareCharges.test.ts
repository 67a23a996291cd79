import { handler as attachPayment } from '../../../functions/unmatched/attachPayment';
import { idFrom } from '../../../shared/ids';
import { attachPaymentRow } from '../../../shared/operations/unmatched';
import { eventIn, eventMessage } from '../../../shared/stripe/stripeEvents';
import { type DeafPractice, openDeafPractice } from '../../fixtures/deafPractice';
import { wait } from '../../fixtures/frontDesk';
import { type OpenStripe, openStripe } from '../../fixtures/openStripe';

/** Charges made by hand through Stripe's older Charges API, which has no intents (`domain.md` rule 35). */
let stripe: OpenStripe;
let practice: DeafPractice;
beforeAll(async () => {
  stripe = await openStripe();
  practice = await openDeafPractice(stripe);
});
afterAll(async () => {
  await practice.desk.close();
  await stripe.close();
});

const charge = async (amount: number): Promise<string> =>
  (await practice.sdk.charges.create({ amount, currency: 'usd', source: 'tok_visa' })).id;

test('are unmatched money after the night, with their refunds and disputes, and then agree', async () => {
  const plain = await charge(4_000);
  const refunded = await charge(3_000);
  await practice.sdk.refunds.create({ charge: refunded, amount: 500 });
  wait(1);
  const { run, differences } = await practice.reconcile();
  const found = differences.map(({ paymentIntentId, kinds, stripeCents, mended }) => [
    ...[paymentIntentId, kinds.join(), stripeCents, mended],
  ]);
  expect(found.sort()).toEqual(
    [
      [plain, 'charge_unknown', 4_000, true],
      [refunded, 'charge_unknown,refund_missing', 2_500, true],
    ].sort(),
  );
  expect([run.charges, run.sums.capturedCents, run.sums.refundedCents]).toEqual([2, 7_000, -500]);
  await practice.sdk.refunds.create({ charge: plain, amount: 100 });
  wait(1);
  const again = await practice.reconcile();
  expect(again.differences.map(({ paymentIntentId, kinds }) => [paymentIntentId, kinds.join()])).toEqual([
    [plain, 'refund_missing'],
  ]);
  wait(1);
  expect((await practice.reconcile()).differences).toEqual([]);
});

test('are found at once by their webhook, attached to a bill, and refunded from here by their own id', async () => {
  const id = await charge(6_000);
  const events = await practice.sdk.events.list({ type: 'charge.succeeded', limit: 1 });
  const told = eventIn(Buffer.from(JSON.stringify({ ...events.data[0], account: practice.accountId })));
  const subject = told && eventMessage(told)?.subject;
  expect(subject).toEqual({ kind: 'intent', id });
  await practice.tell(id);
  const { desk, clientId } = practice;
  const paymentId = idFrom('pay', desk.practiceId, id);
  const { billId } = await desk.bill(6_000, { clientId });
  await desk.done(attachPaymentRow, attachPayment, { path: { paymentId }, body: { billId } });
  expect((await desk.see(billId)).status).toBe('paid');
  const refund = await desk.refund(paymentId, { amountCents: 2_500 });
  expect([refund.status, refund.body.refund.status]).toEqual([201, 'succeeded']);
  expect((await practice.sdk.charges.retrieve(id)).amount_refunded).toBe(2_500);
  wait(1);
  expect((await practice.reconcile()).differences).toEqual([]);
});
