import { FrontDesk, openedAt, standAt, stateOf, wait } from '../../fixtures/frontDesk';
import { type OpenStripe, openStripe } from '../../fixtures/openStripe';
import { saveCard } from '../../fixtures/savedCard';
import { workOffStripe } from '../../fixtures/stripeWork';

/** A refund asked for while Stripe has not answered another one of the same payment. */
let oak: FrontDesk;
let stripe: OpenStripe;
beforeAll(async () => {
  oak = await FrontDesk.open();
  stripe = await openStripe();
});
afterAll(async () => {
  await stripe.close();
  await oak.close();
});
beforeEach(() => standAt(openedAt));

/** A card payment of 100.00; Stripe's answer to a refund of 60.00 of it was lost, before or after Stripe made it. */
async function answerLost(when: 'before' | 'after') {
  const { billId, clientId } = await oak.bill();
  await saveCard({ practiceId: oak.practiceId, clientId, sdk: stripe.sdk(), method: 'pm_card_visa' });
  const { body } = await oak.pay(billId, { type: 'card', collect: 'stripe', amountCents: 10_000 });
  const { paymentId, stripe: known } = body.payment;
  wait(1);
  stripe.fails({ operation: 'POST /v1/refunds', when, error: '500' });
  expect((await oak.refund(paymentId, { amountCents: 6000 })).status).toBe(202);
  return { paymentId, refunded: () => stripe.bookOf(known.paymentIntentId).refunded };
}

test('one that Stripe made and the ledger counts already is not deducted twice (R59, R60)', async () => {
  const { paymentId, refunded } = await answerLost('after');
  const { status, body } = await oak.refund(paymentId, { amountCents: 4000 });
  expect([status, stateOf(body.payment), refunded()]).toEqual([201, '0/0/10000/0, refundable 0', 10_000]);
  wait(2);
  expect(await workOffStripe()).toEqual([]);
  expect(refunded()).toBe(10_000);
});

test('what Stripe may still give back is neither handed out nor turned into credit meanwhile (R59)', async () => {
  const { paymentId, refunded } = await answerLost('before');
  for (const destination of ['original', 'offline', 'credit']) {
    const answer = await oak.refund(paymentId, { amountCents: 4001, destination, reason: 'Moved away' });
    expect(answer).toMatchObject({ status: 409, body: { code: 'refund_exceeds_payment', refundableCents: 4000 } });
  }
  const rest = await oak.refund(paymentId, { amountCents: 4000, destination: 'offline', reason: 'Moved away' });
  expect([rest.status, stateOf(rest.body.payment)]).toEqual([201, '6000/0/4000/0, refundable 6000']);
  // Stripe never made the other one: its share is free again.
  wait(2);
  expect(await workOffStripe()).toEqual([]);
  expect((await oak.refund(paymentId, { amountCents: 6000 })).status).toBe(201);
  expect(refunded()).toBe(6000);
});
