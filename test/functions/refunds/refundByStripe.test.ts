import { stripeRefunds } from '../../../shared/stripe/stripeRefunds';
import { amountsOf, FrontDesk, openedAt, standAt, stateOf, wait } from '../../fixtures/frontDesk';
import { type OpenStripe, openStripe } from '../../fixtures/openStripe';
import { saveCard } from '../../fixtures/savedCard';
import { tellOf, workOffStripe } from '../../fixtures/stripeWork';

/** `POST /payments/{paymentId}/refunds` of Stripe's money; disputed money is held by `disputes.test.ts`. */
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

const refund = 'POST /v1/refunds';
const sent = (): number => stripe.newCalls().filter(call => call === refund).length;

/** A bill of 100.00, paid by card. */
async function paidByCard(method = 'pm_card_visa') {
  const { billId, clientId } = await oak.bill();
  await saveCard({ practiceId: oak.practiceId, clientId, sdk: stripe.sdk(), method });
  const { body } = await oak.pay(billId, { type: 'card', collect: 'stripe', amountCents: 10_000 });
  const { paymentId, stripe: known } = body.payment;
  const intentId: string = known.paymentIntentId;
  wait(1);
  stripe.newCalls();
  return { billId, clientId, paymentId, intentId, refunded: () => stripe.bookOf(intentId).refunded };
}

describe('201', () => {
  it('(R59, R60) the card gets its money back by one refund at Stripe; the bill owes again', async () => {
    const { paymentId, refunded } = await paidByCard();
    const { status, body } = await oak.refund(paymentId, { reason: 'Cancelled by us' });
    expect([status, sent(), refunded()]).toEqual([201, 1, 10_000]);
    expect(body.refund).toMatchObject({
      amountCents: 10_000,
      destination: 'original',
      effect: 'reopen',
      origin: 'app',
      status: 'succeeded',
      reason: 'Cancelled by us',
      stripeRefundId: expect.stringMatching(/^re_/),
    });
    expect(body.payment).toMatchObject({ status: 'refunded', refunds: [body.refund] });
    expect(amountsOf(body.bill)).toBe('T 10000, C 10000/0/10000, open');
    expect(body.bill.autopay.held).toBe(true);
  });

  it('in parts and by price reduction, never more than was taken (W7, W8)', async () => {
    const { paymentId, refunded } = await paidByCard();
    const first = await oak.refund(paymentId, { amountCents: 3000, effect: 'reduce' });
    expect(amountsOf(first.body.bill)).toBe('T 7000, C 7000/7000/0, paid');
    const tooMuch = await oak.refund(paymentId, { amountCents: 7001 });
    expect(tooMuch).toMatchObject({ status: 409, body: { code: 'refund_exceeds_payment', refundableCents: 7000 } });
    const rest = await oak.refund(paymentId);
    expect([rest.body.refund.amountCents, sent(), refunded()]).toEqual([7000, 2, 10_000]);
    expect(stateOf(rest.body.payment)).toBe('0/0/10000/0, refundable 0');
  });

  it('counts from the moment Stripe says pending (W9)', async () => {
    const { paymentId } = await paidByCard('pm_card_pendingRefund');
    const { body } = await oak.refund(paymentId, { amountCents: 4000 });
    expect(body.refund.status).toBe('pending');
    expect(stateOf(body.payment)).toBe('6000/0/4000/0, refundable 6000');
  });

  it('a repeat under the same key refunds once', async () => {
    const { paymentId, refunded } = await paidByCard();
    const asked = { key: 'give it back once' };
    const body = { amountCents: 4000 };
    const [first, second] = [await oak.refund(paymentId, body, asked), await oak.refund(paymentId, body, asked)];
    expect(second).toMatchObject({ status: 201, body: first.body, headers: { 'idempotent-replayed': 'true' } });
    expect([sent(), refunded()]).toEqual([1, 4000]);
  });

  it('it may stay as credit, or be handed out otherwise by the office with a reason: nothing goes to the card', async () => {
    const { paymentId, refunded } = await paidByCard();
    const credit = await oak.refund(paymentId, { amountCents: 4000, destination: 'credit' });
    expect(stateOf(credit.body.payment)).toBe('6000/4000/0/0, refundable 10000');
    const reason = 'The card is closed';
    const offline = await oak.refund(paymentId, { amountCents: 6000, destination: 'offline', reason });
    expect(stateOf(offline.body.payment)).toBe('4000/0/6000/0, refundable 4000');
    expect([offline.body.refund.destination, sent(), refunded()]).toEqual(['offline', 0, 0]);
  });
});

describe('200 and 201 for what was given back in Stripe already', () => {
  it('(R61) a full refund made there is only marked: not one new refund at Stripe', async () => {
    const { billId, paymentId, intentId, refunded } = await paidByCard();
    await stripe.refundInDashboard(intentId);
    const { status, body } = await oak.refund(paymentId);
    expect([status, sent(), refunded()]).toEqual([200, 0, 10_000]);
    expect(body.refund).toMatchObject({ amountCents: 10_000, origin: 'stripe', status: 'succeeded' });
    expect(body.foundInStripe).toEqual({ amountCents: 10_000, refunds: [body.refund] });
    expect(body.payment.status).toBe('refunded');
    expect(amountsOf(await oak.see(billId))).toBe('T 10000, C 10000/0/10000, open');
    expect((await oak.see(billId)).autopay).toMatchObject({ held: true, holdReason: 'refund_reopened' });
    expect((await oak.history(billId))[0]).toMatchObject({ action: 'refund_found', actor: { kind: 'stripe' } });
  });

  it('(R61) a repeat under the same key is told the same, and sends nothing either', async () => {
    const { paymentId, intentId, refunded } = await paidByCard();
    await stripe.refundInDashboard(intentId);
    const asked = { key: 'mark it as refunded' };
    const [first, second] = [await oak.refund(paymentId, {}, asked), await oak.refund(paymentId, {}, asked)];
    expect(second).toMatchObject({ status: 200, headers: { 'idempotent-replayed': 'true' } });
    expect(second.body.refund).toEqual(first.body.refund);
    expect([sent(), refunded()]).toEqual([0, 10_000]);
  });

  it('(R61) a part of the same amount was meant: marked, and never sent, not by a repeat either', async () => {
    const { paymentId, intentId, refunded } = await paidByCard();
    await stripe.refundInDashboard(intentId, 3000);
    const asked = { key: 'the part that was meant' };
    const body = { amountCents: 3000 };
    const [first, second] = [await oak.refund(paymentId, body, asked), await oak.refund(paymentId, body, asked)];
    expect([first.status, first.body.foundInStripe.amountCents]).toEqual([201, 3000]);
    expect(second).toMatchObject({ status: 201, body: { refund: first.body.refund } });
    expect([sent(), refunded()]).toEqual([0, 3000]);
  });

  it('(R62) without an amount the found part is taken over, and what remains goes back here', async () => {
    const { paymentId, intentId, refunded } = await paidByCard();
    await stripe.refundInDashboard(intentId, 3000);
    const { status, body } = await oak.refund(paymentId);
    expect([status, body.refund.amountCents, body.foundInStripe.amountCents]).toEqual([201, 7000, 3000]);
    expect(body.payment.refunds.map(({ origin }: { origin: string }) => origin).sort()).toEqual(['app', 'stripe']);
    expect([sent(), refunded()]).toEqual([1, 10_000]);
  });

  it('looks there first wherever the money shall go, so that it is not given twice (rule 24)', async () => {
    const { paymentId, intentId } = await paidByCard();
    await stripe.refundInDashboard(intentId);
    const { status, body } = await oak.refund(paymentId, { destination: 'credit', amountCents: 10_000 });
    expect([status, body.refund.origin]).toEqual([201, 'stripe']);
    expect(stateOf(body.payment)).toBe('0/0/10000/0, refundable 0');
  });
});

describe('202', () => {
  it('while Stripe’s answer is unknown the refund is pending; a repeat is 409 for 25 s, then 202, then what it became', async () => {
    const { paymentId, refunded } = await paidByCard();
    stripe.fails({ operation: refund, when: 'after', error: '500' });
    const asked = { key: 'an answer that was lost' };
    const body = { amountCents: 6000 };
    const first = await oak.refund(paymentId, body, asked);
    expect([first.status, first.body.refund.status]).toEqual([202, 'pending']);
    expect(await oak.refund(paymentId, body, asked)).toMatchObject({
      status: 409,
      body: { code: 'request_in_progress' },
    });
    jest.setSystemTime(Date.now() + 25_000);
    expect(await oak.refund(paymentId, body, asked)).toMatchObject({
      status: 202,
      body: { refund: { status: 'pending' } },
    });
    wait(2);
    expect(await workOffStripe()).toEqual([]);
    const { refundId } = first.body.refund;
    const later = await oak.refund(paymentId, body, asked);
    expect(later).toMatchObject({ status: 201, body: { refund: { refundId, status: 'succeeded', origin: 'app' } } });
    expect([sent(), refunded()]).toEqual([1, 6000]);
    expect(stateOf(later.body.payment)).toBe('4000/0/6000/0, refundable 4000');
  });

  it('one that never reached Stripe comes to nothing, and is made by asking anew', async () => {
    const { billId, paymentId, refunded } = await paidByCard();
    stripe.fails({ operation: refund, when: 'before', error: '500' });
    expect((await oak.refund(paymentId)).status).toBe(202);
    expect((await oak.see(billId)).status).toBe('paid');
    wait(2);
    await workOffStripe();
    expect([refunded(), (await oak.see(billId)).status]).toEqual([0, 'paid']);
    expect((await oak.refund(paymentId)).status).toBe(201);
    expect(refunded()).toBe(10_000);
  });
});

describe('403', () => {
  it('a practitioner hands out no card’s money otherwise; the office gives a reason (clarification 5)', async () => {
    const { paymentId } = await paidByCard();
    const { practitioner, biller } = oak.practice;
    const offline = { destination: 'offline', reason: 'The card is closed' };
    const answer = await oak.refund(paymentId, offline, { caller: practitioner });
    expect(answer).toMatchObject({ status: 403, body: { code: 'forbidden', roles: ['admin', 'biller'] } });
    const silent = await oak.refund(paymentId, { destination: 'offline' }, { caller: biller });
    expect(silent.body).toMatchObject({ status: 422, errors: [{ pointer: '/reason' }] });
    expect((await oak.refund(paymentId, {}, { caller: practitioner })).status).toBe(201);
  });
});

describe('409', () => {
  it('(R62) refund_found_in_stripe: another amount was found, so it is recorded, nothing is sent, and staff ask again', async () => {
    const { billId, paymentId, intentId, refunded } = await paidByCard();
    await stripe.refundInDashboard(intentId, 3000);
    const answer = await oak.refund(paymentId, { amountCents: 5000 });
    const facts = { code: 'refund_found_in_stripe', foundCents: 3000, refundableCents: 7000 };
    expect(answer).toMatchObject({ status: 409, body: facts });
    expect([sent(), refunded()]).toEqual([0, 3000]);
    expect(amountsOf(await oak.see(billId))).toBe('T 10000, C 10000/7000/3000, partially_paid');
    const again = await oak.refund(paymentId, { amountCents: 5000 });
    expect([again.status, sent(), refunded()]).toEqual([201, 1, 8000]);
  });

  it('(R61) given back there in the very moment in which it is asked for here: Stripe refuses, and the key may ask again', async () => {
    const { billId, paymentId, intentId, refunded } = await paidByCard();
    const { send } = stripeRefunds;
    jest.spyOn(stripeRefunds, 'send').mockImplementationOnce(async request => {
      await stripe.refundInDashboard(intentId, 4000);
      return send(request);
    });
    const asked = { key: 'both at one moment' };
    const answer = await oak.refund(paymentId, {}, asked);
    const facts = { code: 'refund_found_in_stripe', foundCents: 4000, refundableCents: 6000 };
    expect(answer).toMatchObject({ status: 409, body: facts });
    expect([refunded(), (await oak.see(billId)).clientBalanceCents]).toEqual([4000, 4000]);
    const again = await oak.refund(paymentId, {}, asked);
    expect([again.status, again.body.refund.amountCents, refunded()]).toEqual([201, 6000, 10_000]);
  });

  it('once Stripe’s own word came first, a request is a request of its own (clarification 5)', async () => {
    const { paymentId, intentId, refunded } = await paidByCard();
    await stripe.refundInDashboard(intentId, 3000);
    await tellOf(intentId);
    const { status, body } = await oak.refund(paymentId, { amountCents: 3000 });
    expect([status, body.foundInStripe.amountCents, refunded()]).toEqual([201, 0, 6000]);
  });

  it('a refund under way takes its share: refund_exceeds_payment tells the rest', async () => {
    const { paymentId } = await paidByCard();
    stripe.fails({ operation: refund, when: 'before', error: '500' });
    await oak.refund(paymentId, { amountCents: 6000 });
    const answer = await oak.refund(paymentId, { amountCents: 4001 });
    expect(answer).toMatchObject({ status: 409, body: { code: 'refund_exceeds_payment', refundableCents: 4000 } });
    expect((await oak.refund(paymentId, { amountCents: 4000 })).status).toBe(201);
    wait(2);
    await workOffStripe();
  });
});

describe('503', () => {
  it('dependency_down: while Stripe cannot be looked at nothing is given back', async () => {
    const { billId, paymentId, refunded } = await paidByCard();
    stripe.fails({ operation: 'GET /v1/refunds', when: 'before', error: '500' });
    const asked = { key: 'asked while down' };
    const answer = await oak.refund(paymentId, {}, asked);
    expect(answer).toMatchObject({ status: 503, body: { code: 'dependency_down', dependency: 'Stripe' } });
    expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
    expect([refunded(), (await oak.see(billId)).status]).toEqual([0, 'paid']);
    expect((await oak.refund(paymentId, {}, asked)).status).toBe(201);
  });
});
