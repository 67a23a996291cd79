import { dashboardUrl } from '../../../shared/views/billView';
import type { Asked } from '../../fixtures/apiEvent';
import { amountsOf, FrontDesk, openedAt, standAt, wait } from '../../fixtures/frontDesk';
import { type OpenStripe, openStripe } from '../../fixtures/openStripe';
import { saveCard } from '../../fixtures/savedCard';

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

const charge = 'POST /v1/payment_intents';
const byCard = (billId: string, amountCents: number, more: object = {}, asked: Asked = {}) =>
  oak.pay(billId, { type: 'card', collect: 'stripe', amountCents, ...more }, asked);

/** A bill of 100.00 of a client who has this card on file. */
async function billWithCard(method = 'pm_card_visa') {
  const { billId, clientId } = await oak.bill();
  const { cardId } = await saveCard({ practiceId: oak.practiceId, clientId, sdk: stripe.sdk(), method });
  stripe.newCalls();
  return { billId, clientId, cardId };
}

describe('201', () => {
  it('(R49, R50, R53) the card on file is charged exactly once, and the bill is paid with it', async () => {
    const { billId, clientId } = await billWithCard();
    const { status, body, headers } = await byCard(billId, 6000, { notes: 'Paid at the desk' });
    expect([status, headers.etag]).toEqual([201, '"2"']);
    expect(stripe.newCalls()).toEqual([charge]);
    const { paymentIntentId } = body.payment.stripe;
    expect(body.payment).toEqual({
      paymentId: expect.stringMatching(/^pay_/),
      billId,
      clientId,
      payer: 'client',
      type: 'card',
      collect: 'stripe',
      amountCents: 6000,
      appliedCents: 6000,
      refundedCents: 0,
      creditedCents: 0,
      chargedBackCents: 0,
      refundableCents: 6000,
      paidAt: openedAt,
      createdAt: openedAt,
      notes: 'Paid at the desk',
      recordedBy: { kind: 'staff', id: oak.practice.admin.memberId },
      status: 'succeeded',
      card: { brand: 'visa', last4: '4242', expMonth: expect.any(Number), expYear: expect.any(Number) },
      stripe: {
        paymentIntentId: expect.stringMatching(/^pi_/),
        dashboardUrl: `https://dashboard.stripe.com/test/payments/${paymentIntentId}`,
      },
      refunds: [],
    });
    expect(amountsOf(body.bill)).toBe('T 10000, C 10000/6000/4000, partially_paid');
    expect(body.bill.reservedCents).toBe(0);
    expect(stripe.bookOf(paymentIntentId)).toMatchObject({ captured: 6000, refunded: 0, currency: 'usd' });
  });

  it('(R47, R50) whatever is not collected by Stripe is a record only: not one request to Stripe', async () => {
    const { billId, clientId } = await billWithCard();
    await oak.prepay(clientId, 100);
    const bodies = [
      { type: 'card', collect: 'elsewhere', amountCents: 100 },
      { type: 'cash_check', amountCents: 200, overpayment: 'credit' },
      { type: 'credit_discount', source: 'credit', amountCents: 100 },
      { type: 'credit_discount', source: 'discount', amountCents: 100 },
      { type: 'other', description: 'Gift card', amountCents: 100 },
    ];
    for (const body of bodies) expect((await oak.pay(billId, body)).status).toBe(201);
    const { payments } = await oak.see(billId);
    await oak.refund(payments[0].paymentId);
    expect(stripe.newCalls()).toEqual([]);
  });

  it('(R54, R55) View in Stripe leads to that very payment in the account and mode in which it was taken', async () => {
    const accountId = 'acct_1Elm';
    await stripe.connect(accountId);
    const elm = await oak.neighbour({ stripe: { status: 'ready', mode: 'test', accountId } });
    const { billId, clientId } = await elm.bill();
    await saveCard({ practiceId: elm.practiceId, clientId, sdk: stripe.sdk(accountId) });
    const { body } = await elm.pay(billId, { type: 'card', collect: 'stripe', amountCents: 10_000 });
    const { paymentIntentId, dashboardUrl: url } = body.payment.stripe;
    expect(body.payment.stripe.accountId).toBe(accountId);
    expect(url).toBe(`https://dashboard.stripe.com/acct_1Elm/test/payments/${paymentIntentId}`);
    expect(stripe.bookOf(paymentIntentId)).toMatchObject({ account: accountId, captured: 10_000 });
    const live = { paymentIntentId: 'pi_1', livemode: true };
    expect(dashboardUrl(live)).toBe('https://dashboard.stripe.com/payments/pi_1');
    expect(dashboardUrl({ ...live, accountId })).toBe('https://dashboard.stripe.com/acct_1Elm/payments/pi_1');
  });

  it('charges the default card of whoever the bill goes to, or the card that was named', async () => {
    const clientId = await oak.client();
    const contactId = await oak.contact(clientId);
    const card = { practiceId: oak.practiceId, clientId, sdk: stripe.sdk() };
    const own = await saveCard({ ...card, method: 'pm_card_amex' });
    await saveCard({ ...card, method: 'pm_card_mastercard', owner: { kind: 'contact', id: contactId } });
    const { billId } = await oak.bill(10_000, { clientId });
    const usual = await byCard(billId, 1000);
    expect(usual.body.payment.card).toMatchObject({ brand: 'mastercard', last4: '4444' });
    const named = await byCard(billId, 1000, { cardId: own.cardId });
    expect(named.body.payment.card).toMatchObject({ brand: 'amex', last4: '0005' });
  });

  it('nothing private goes to Stripe: opaque ids, an amount, a currency (rule 67)', async () => {
    const { billId } = await billWithCard();
    const before = stripe.part.sent().length;
    await byCard(billId, 1000, { notes: 'Session on grief' });
    const sent = decodeURIComponent(stripe.part.sent().slice(before).join('\n'));
    const { number } = await oak.see(billId);
    for (const secret of ['Maya', 'Okafor', 'example.com', 'grief', '90837', 'therapy', number]) {
      expect(sent).not.toContain(secret);
    }
  });

  it('a repeat under the same key charges once and answers the same', async () => {
    const { billId } = await billWithCard();
    const asked = { key: 'charge it once' };
    const [first, second] = [await byCard(billId, 10_000, {}, asked), await byCard(billId, 10_000, {}, asked)];
    expect(second).toMatchObject({ status: 201, body: first.body, headers: { 'idempotent-replayed': 'true' } });
    expect(stripe.newCalls()).toEqual([charge]);
    wait(60 * 24);
    expect((await byCard(billId, 10_000, {}, asked)).body.payment.paymentId).toBe(first.body.payment.paymentId);
    expect(stripe.newCalls()).toEqual([]);
  });
});

describe('404', () => {
  it('a card of neither client nor contact is not there, and Stripe is not asked', async () => {
    const [{ billId }, other] = [await billWithCard(), await billWithCard()];
    const answer = await byCard(billId, 1000, { cardId: other.cardId });
    expect(answer).toMatchObject({ status: 404, body: { code: 'not_found', detail: 'There is no such card.' } });
    const colleague = await byCard(billId, 1000, {}, { caller: oak.practice.colleague });
    expect([colleague.status, stripe.newCalls()]).toEqual([404, []]);
  });
});

describe('409', () => {
  const refused = async (billId: string, amountCents: number) => {
    const { status, body } = await byCard(billId, amountCents);
    expect([status, stripe.newCalls()]).toEqual([409, []]);
    return body;
  };

  it('(R48) no_card: a card must be added first, on Stripe’s own page', async () => {
    const { billId } = await oak.bill();
    expect(await refused(billId, 1000)).toMatchObject({ code: 'no_card' });
  });

  it('amount_exceeds_balance tells the balance; a card never pays more than is owed', async () => {
    const { billId } = await billWithCard();
    await oak.cash(billId, 9000);
    const facts = { code: 'amount_exceeds_balance', clientBalanceCents: 1000 };
    expect(await refused(billId, 1001)).toMatchObject(facts);
  });

  it('external_payer: what a platform pays takes no card', async () => {
    const { payerId } = oak.practice.platform;
    const { billId } = await oak.bill(10_000, { responsibility: 'external', payerId });
    expect(await refused(billId, 1000)).toMatchObject({ code: 'external_payer' });
  });

  it('(R47) stripe_not_connected, before the amount is judged', async () => {
    const elm = await oak.neighbour({ stripe: { status: 'not_connected', mode: 'test' } });
    const { billId } = await elm.bill();
    const answer = await elm.pay(billId, { type: 'card', collect: 'stripe', amountCents: 10_001 });
    expect(answer).toMatchObject({ status: 409, body: { code: 'stripe_not_connected' } });
    const elsewhere = await elm.pay(billId, { type: 'card', collect: 'elsewhere', amountCents: 10_000 });
    expect(elsewhere.status).toBe(201);
  });
});

describe('412', () => {
  it('version_conflict before anything is asked of Stripe', async () => {
    const { billId } = await billWithCard();
    await oak.cash(billId, 100);
    const stale = await byCard(billId, 1000, {}, { headers: { 'if-match': '"1"' } });
    expect([stale.status, stale.body.version, stripe.newCalls()]).toEqual([412, 2, []]);
  });
});

describe('422', () => {
  it('(R51) paid_at_not_allowed: the time of a charge is Stripe’s', async () => {
    const { billId } = await billWithCard();
    const answer = await byCard(billId, 1000, { paidAt: openedAt });
    expect(answer).toMatchObject({ status: 422, body: { code: 'paid_at_not_allowed' } });
  });

  it('amount_below_minimum tells Stripe’s least amount, which is taken', async () => {
    const { billId } = await billWithCard();
    const answer = await byCard(billId, 49);
    expect(answer).toMatchObject({ status: 422, body: { code: 'amount_below_minimum', minimumCents: 50 } });
    expect((await byCard(billId, 50)).status).toBe(201);
  });

  it('a surplus never goes by card: that is a prepayment', async () => {
    const { billId } = await billWithCard();
    const answer = await byCard(billId, 1000, { overpayment: 'credit' });
    expect(answer.body).toMatchObject({ status: 422, errors: [{ pointer: '/overpayment' }] });
  });
});
