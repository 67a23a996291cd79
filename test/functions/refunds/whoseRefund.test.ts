import { handler as getPayment } from '../../../functions/payments/getPayment';
import { attachPayment } from '../../../functions/unmatched/attachPayment';
import { serve } from '../../../shared/http/serve';
import { idFrom } from '../../../shared/ids';
import { getPaymentRow } from '../../../shared/operations/payments';
import { attachPaymentRow } from '../../../shared/operations/unmatched';
import { type DeafPractice, openDeafPractice } from '../../fixtures/deafPractice';
import { amountsOf, stateOf } from '../../fixtures/frontDesk';
import { type OpenStripe, openStripe } from '../../fixtures/openStripe';

let stripe: OpenStripe;
let practice: DeafPractice;
beforeEach(async () => {
  stripe = await openStripe();
  practice = await openDeafPractice(stripe);
});
afterEach(async () => {
  await practice.desk.close();
  await stripe.close();
});

const payment = (paymentId: string) => practice.desk.done(getPaymentRow, getPayment, { path: { paymentId } });

it('a refund that names its bill takes the money from that bill, not from the payment’s credit (clarification 11)', async () => {
  const { desk, clientId } = practice;
  const intentId = await practice.chargeByHand(9_000);
  await practice.tell(intentId);
  const { billId } = await desk.bill(8_000, { clientId });
  const paymentId = idFrom('pay', desk.practiceId, intentId);
  await desk.ask(attachPaymentRow, serve(attachPaymentRow, attachPayment()), { path: { paymentId }, body: { billId } });
  expect(amountsOf(await desk.see(billId))).toBe('T 8000, C 8000/8000/0, paid');
  expect((await desk.refund(paymentId, { billId, amountCents: 1_000 })).status).toBe(201);
  expect(amountsOf(await desk.see(billId))).toBe('T 8000, C 8000/7000/1000, partially_paid');
  expect(stateOf(await payment(paymentId))).toBe('7000/1000/1000/0, refundable 8000');
});

it('a refund whose metadata names one of ours that is counted already is counted as well: its id at Stripe decides', async () => {
  const { desk } = practice;
  const { paymentId, billId, stripe: taken } = await practice.pay(10_000);
  const intentId = taken.paymentIntentId;
  const { body } = await desk.refund(paymentId, { amountCents: 2_000 });
  const { refundId } = body.refund;
  const sdk = stripe.sdk(practice.accountId);
  await sdk.refunds.create({ payment_intent: intentId, amount: 3_000, metadata: { refundId, effect: 'reduce' } });
  await sdk.refunds.create({
    payment_intent: intentId,
    amount: 1_000,
    metadata: { refundId: 'ref_nobody', effect: 'reduce' },
  });
  await practice.tell(intentId);
  expect(stateOf(await payment(paymentId))).toBe('4000/0/6000/0, refundable 4000');
  // Nobody here decided to reduce the bill: the debt stands until staff say otherwise.
  expect(amountsOf(await desk.see(billId))).toBe('T 10000, C 10000/4000/6000, partially_paid');
});
