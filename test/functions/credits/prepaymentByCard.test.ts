import { handler as followStripe } from '../../../functions/automation/followStripe';
import { handler as listCredits } from '../../../functions/credits/listCredits';
import { handler as getPayment } from '../../../functions/payments/getPayment';
import { listCreditsRow } from '../../../shared/operations/credits';
import { getPaymentRow } from '../../../shared/operations/payments';
import { loadClientMoney } from '../../../shared/store/billStore';
import { queryAll } from '../../../shared/store/kernel';
import { duePartition } from '../../../shared/store/table';
import { FrontDesk, stateOf, wait } from '../../fixtures/frontDesk';
import { type OpenStripe, openStripe } from '../../fixtures/openStripe';
import { saveCard } from '../../fixtures/savedCard';

let desk: FrontDesk;
let stripe: OpenStripe;
beforeAll(async () => {
  desk = await FrontDesk.open();
  stripe = await openStripe();
});
afterAll(async () => {
  await stripe.close();
  await desk.close();
});

const byCard = (amountCents: number, more: object = {}) => ({
  amountCents,
  reason: 'prepayment',
  type: 'card',
  collect: 'stripe',
  ...more,
});

async function clientWithCard(method = 'pm_card_visa') {
  const clientId = await desk.client();
  const card = await saveCard({ practiceId: desk.practiceId, clientId, sdk: stripe.sdk(), method });
  stripe.newCalls();
  return { clientId, cardId: card.cardId };
}

const creditsOf = (clientId: string) => desk.done(listCreditsRow, listCredits, { path: { clientId } });

/** Recovery of whatever is due, as the queue's worker does it. */
async function recover(): Promise<void> {
  const due = (
    await Promise.all([0, 1, 2, 3].map(shard => queryAll({ index: 'pointers', partition: duePartition(shard) })))
  ).flat();
  const Records = due
    .filter(({ sk }) => sk.startsWith('ATTEMPT#'))
    .map(({ pk, sk }, index) => ({ messageId: String(index), body: JSON.stringify({ pk, sk }) }));
  expect(await followStripe({ Records } as never)).toEqual({ batchItemFailures: [] });
}

describe('201', () => {
  test('a prepayment by card is one charge at Stripe, and becomes the client’s credit (R46, R50)', async () => {
    const { clientId } = await clientWithCard();
    const { status, body } = await desk.credit(clientId, byCard(20_000, { notes: 'For March' }));
    expect([status, body.credit.amountCents, body.credit.reason, body.client.creditCents]).toEqual([
      201,
      20_000,
      'prepayment',
      20_000,
    ]);
    expect(stateOf(body.payment)).toBe('0/20000/0/0, refundable 20000');
    expect(body.payment).toMatchObject({
      status: 'succeeded',
      collect: 'stripe',
      notes: 'For March',
      card: { last4: '4242' },
    });
    expect(stripe.newCalls()).toEqual(['POST /v1/payment_intents']);
    expect(stripe.bookOf(body.payment.stripe.paymentIntentId)).toMatchObject({ captured: 20_000 });
    const seen = await desk.done(getPaymentRow, getPayment, { path: { paymentId: body.payment.paymentId } });
    expect(seen).toEqual(body.payment);
  });

  test('nothing of the client goes to Stripe but opaque ids', async () => {
    const { clientId } = await clientWithCard();
    const before = stripe.part.sent().length;
    await desk.credit(clientId, byCard(5_000, { notes: 'Maya asked for it' }));
    expect(stripe.part.sent().slice(before).join()).not.toMatch(/Maya|Okafor|asked/);
  });

  test('the same key charges once and is answered alike', async () => {
    const { clientId } = await clientWithCard();
    const key = { key: 'prepaid once only' };
    const first = await desk.credit(clientId, byCard(7_000), key);
    const second = await desk.credit(clientId, byCard(7_000), key);
    expect([second.status, second.headers['idempotent-replayed'], second.body]).toEqual([201, 'true', first.body]);
    expect(stripe.newCalls()).toEqual(['POST /v1/payment_intents']);
  });

  test('W17: what is left of it goes back to the card, never more', async () => {
    const { clientId } = await clientWithCard();
    const { payment } = (await desk.credit(clientId, byCard(20_000))).body;
    const bill = await desk.bill(15_000, { clientId });
    expect(bill.clientBalanceCents).toBe(0);
    const tooMuch = await desk.refund(payment.paymentId, { amountCents: 20_000 });
    expect([tooMuch.status, tooMuch.body.code, tooMuch.body.refundableCents]).toEqual([
      409,
      'refund_exceeds_payment',
      5_000,
    ]);
    const rest = await desk.refund(payment.paymentId, { amountCents: 5_000 });
    expect([rest.status, stateOf(rest.body.payment), rest.body.bill]).toEqual([
      201,
      '0/15000/5000/0, refundable 0',
      null,
    ]);
    expect(stripe.bookOf(payment.stripe.paymentIntentId)).toMatchObject({ captured: 20_000, refunded: 5_000 });
  });
});

describe('202', () => {
  test('while Stripe’s answer is unknown it is listed as processing, and recovery makes it credit', async () => {
    const { clientId } = await clientWithCard();
    stripe.fails({ operation: 'POST /v1/payment_intents', when: 'after', error: '500' });
    const key = { key: 'prepaid, answer lost' };
    const { status, body } = await desk.credit(clientId, byCard(3_000), key);
    expect([status, body.payment.status, body.client.creditCents]).toEqual([202, 'processing', 0]);
    expect((await creditsOf(clientId)).attempts).toEqual([
      expect.objectContaining({ status: 'processing', amountCents: 3_000 }),
    ]);
    const early = await desk.credit(clientId, byCard(3_000), key);
    expect([early.status, early.body.code]).toEqual([409, 'request_in_progress']);
    wait(2);
    await recover();
    const later = await desk.credit(clientId, byCard(3_000), key);
    expect([later.status, later.body.client.creditCents, later.body.payment.paymentId]).toEqual([
      201,
      3_000,
      body.payment.paymentId,
    ]);
    const { balanceCents, attempts } = await creditsOf(clientId);
    expect([balanceCents, attempts]).toEqual([3_000, []]);
  });

  test('a charge that never reached Stripe comes to nothing', async () => {
    const { clientId } = await clientWithCard();
    stripe.fails({ operation: 'POST /v1/payment_intents', when: 'before', error: '500' });
    expect((await desk.credit(clientId, byCard(3_000))).status).toBe(202);
    wait(2);
    await recover();
    const { balanceCents, attempts } = await creditsOf(clientId);
    expect([balanceCents, attempts.map(({ status }: { status: string }) => status)]).toEqual([0, ['failed']]);
  });
});

describe('402', () => {
  test('a refused card leaves no credit, and the same key tells the same', async () => {
    const { clientId } = await clientWithCard('pm_card_chargeCustomerFail');
    const key = { key: 'prepaid and refused' };
    const first = await desk.credit(clientId, byCard(4_000), key);
    const second = await desk.credit(clientId, byCard(4_000), key);
    expect([first.status, first.body.code, second.status, second.body.paymentId]).toEqual([
      402,
      'card_declined',
      402,
      first.body.paymentId,
    ]);
    expect((await loadClientMoney(desk.practiceId, clientId)).book.lots).toEqual([]);
    expect(stripe.newCalls()).toEqual(['POST /v1/payment_intents']);
  });
});

describe('404', () => {
  test('a practitioner finds neither another one’s client nor that client’s prepayment', async () => {
    const { clientId } = await clientWithCard();
    const { payment } = (await desk.credit(clientId, byCard(2_000))).body;
    const caller = desk.practice.colleague;
    const denied = [
      await desk.credit(clientId, byCard(2_000), { caller }),
      await desk.ask(getPaymentRow, getPayment, { caller, path: { paymentId: payment.paymentId } }),
      await desk.refund(payment.paymentId, {}, { caller }),
    ];
    expect(denied.map(({ status }) => status)).toEqual([404, 404, 404]);
  });

  test('a card of another client is not there', async () => {
    const [one, other] = [await clientWithCard(), await clientWithCard()];
    const answer = await desk.credit(one.clientId, byCard(2_000, { cardId: other.cardId }));
    expect([answer.status, answer.body.code, stripe.newCalls()]).toEqual([404, 'not_found', []]);
  });
});

describe('409', () => {
  test('without a card on file it says so, and asks nothing of Stripe', async () => {
    const answer = await desk.credit(await desk.client(), byCard(2_000));
    expect([answer.status, answer.body.code, stripe.newCalls()]).toEqual([409, 'no_card', []]);
  });

  test('a practice without Stripe records it as processed elsewhere instead', async () => {
    const other = await desk.neighbour();
    const answer = await other.credit(await other.client(), byCard(2_000));
    expect([answer.status, answer.body.code]).toEqual([409, 'stripe_not_connected']);
  });
});

describe('422', () => {
  test('below Stripe’s minimum the least amount is named', async () => {
    const { clientId } = await clientWithCard();
    const answer = await desk.credit(clientId, byCard(49));
    expect([answer.status, answer.body.code, answer.body.minimumCents]).toEqual([422, 'amount_below_minimum', 50]);
  });
});
