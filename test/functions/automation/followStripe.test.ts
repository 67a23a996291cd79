import { handler as cancelBill } from '../../../functions/bills/cancelBill';
import { handler as createGuestCheckout } from '../../../functions/guest/createGuestCheckout';
import { handler as getPayment } from '../../../functions/payments/getPayment';
import { newId } from '../../../shared/ids';
import { cancelBillRow } from '../../../shared/operations/bills';
import { createGuestCheckoutRow } from '../../../shared/operations/guest';
import { getPaymentRow } from '../../../shared/operations/payments';
import { amountsOf, FrontDesk, openedAt, standAt, stateOf, wait } from '../../fixtures/frontDesk';
import { guestOf } from '../../fixtures/guest';
import { type OpenStripe, openStripe } from '../../fixtures/openStripe';
import { saveCard } from '../../fixtures/savedCard';
import { follow, sweptTo, tellOf, workOffStripe } from '../../fixtures/stripeWork';
import { atStripe, wholeLedger } from '../../fixtures/wholeLedger';

/** What Stripe tells, what is due there, and what people did in its dashboard. */
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
const payment = (paymentId: string) => oak.done(getPaymentRow, getPayment, { path: { paymentId } });

/** A bill of 100.00, paid by card. */
async function paidByCard(method = 'pm_card_visa') {
  const { billId, clientId } = await oak.bill();
  await saveCard({ practiceId: oak.practiceId, clientId, sdk: stripe.sdk(), method });
  const { body } = await oak.pay(billId, { type: 'card', collect: 'stripe', amountCents: 10_000 });
  wait(1);
  return { billId, clientId, paymentId: body.payment.paymentId, intentId: body.payment.stripe.paymentIntentId };
}
/** What this payment has at Stripe: by our ledger, and by Stripe's own books. */
async function sameAtStripe({ paymentId, intentId }: { paymentId: string; intentId: string }) {
  const { captured, refunded } = stripe.bookOf(intentId);
  expect(atStripe(await wholeLedger(oak.store, oak.practiceId), paymentId)).toBe(captured - refunded);
}
async function openPage(billId: string): Promise<string> {
  const asked = { caller: guestOf(oak, billId), body: {} };
  return (await oak.done(createGuestCheckoutRow, createGuestCheckout, asked)).url;
}
const sessionIdOf = (url: string): string => new URL(url).pathname.split('/').at(-1) ?? '';

describe('a refund made in Stripe’s dashboard', () => {
  it('(R62) a part of it appears by itself: the bill reopens by so much, and AutoPay is held', async () => {
    const paid = await paidByCard();
    await stripe.refundInDashboard(paid.intentId, 3000);
    expect(await tellOf(paid.intentId)).toEqual([]);
    const bill = await oak.see(paid.billId);
    expect(amountsOf(bill)).toBe('T 10000, C 10000/7000/3000, partially_paid');
    expect(bill.autopay).toMatchObject({ held: true, holdReason: 'refund_reopened' });
    expect(bill.payments[0]).toMatchObject({ status: 'partially_refunded', refundableCents: 7000 });
    expect(bill.payments[0].refunds).toMatchObject([
      { amountCents: 3000, origin: 'stripe', effect: 'reopen', destination: 'original', status: 'succeeded' },
    ]);
    expect((await oak.history(paid.billId))[0]).toMatchObject({ action: 'refund_found', actor: { kind: 'stripe' } });
    await sameAtStripe(paid);
  });

  it('(R61, R62) several, told late, together, twice and at once, are each counted once (rule 23)', async () => {
    const paid = await paidByCard();
    for (const amount of [1000, 2000, 1000]) await stripe.refundInDashboard(paid.intentId, amount);
    await Promise.all([1, 2, 3].map(() => tellOf(paid.intentId)));
    await tellOf(paid.intentId);
    const [{ refunds, refundedCents }] = (await oak.see(paid.billId)).payments;
    expect([refunds.length, refundedCents]).toEqual([3, 4000]);
    await sameAtStripe(paid);
  });

  it('(W9) one that fails afterwards pays the bill again; what the client paid meanwhile becomes credit', async () => {
    const paid = await paidByCard('pm_card_pendingRefund');
    const made = await stripe.refundInDashboard(paid.intentId);
    await tellOf(paid.intentId);
    await oak.cash(paid.billId, 6000);
    wait(1);
    await stripe.failRefund(String(made.id));
    await tellOf(paid.intentId);
    await tellOf(paid.intentId);
    const bill = await oak.see(paid.billId);
    expect([amountsOf(bill), bill.needsAttention]).toEqual(['T 10000, C 10000/10000/0, paid', true]);
    expect(stateOf(await payment(paid.paymentId))).toBe('4000/6000/0/0, refundable 10000');
    expect(bill.payments[0].refunds[0].status).toBe('failed');
    await sameAtStripe(paid);
  });

  it('(W10) of money that was spent as credit elsewhere, the bill it paid there reopens', async () => {
    const paid = await paidByCard();
    await oak.done(cancelBillRow, cancelBill, {
      path: { billId: paid.billId },
      body: { payments: 'convert_to_credit' },
    });
    const other = await oak.bill(5000, { clientId: paid.clientId });
    expect(other.status).toBe('paid');
    await stripe.refundInDashboard(paid.intentId);
    await tellOf(paid.intentId);
    const bill = await oak.see(other.billId);
    expect([amountsOf(bill), bill.autopay.held, bill.needsAttention]).toEqual([
      'T 5000, C 5000/0/5000, open',
      true,
      true,
    ]);
    expect(stateOf(await payment(paid.paymentId))).toBe('0/0/10000/0, refundable 0');
    await sameAtStripe(paid);
  });
});

describe('a page at Stripe', () => {
  it('that was paid is brought in by Stripe’s word alone, should the payer never come back', async () => {
    const { billId } = await oak.bill();
    const url = await openPage(billId);
    await stripe.payOn(url);
    expect(await tellOf(sessionIdOf(url))).toEqual([]);
    expect(await oak.see(billId)).toMatchObject({ status: 'paid', payments: [{ recordedBy: { kind: 'client' } }] });
  });

  it('that was paid is found by due work, should every word be lost; one that was not just ends', async () => {
    const [paid, left] = [await oak.bill(), await oak.bill()];
    await openPage(left.billId);
    await stripe.payOn(await openPage(paid.billId));
    wait(32);
    expect(await workOffStripe()).toEqual([]);
    expect((await oak.see(paid.billId)).status).toBe('paid');
    expect(await oak.see(left.billId)).toMatchObject({ status: 'open', payments: [] });
    wait(60);
    expect(await sweptTo('stripe')).toEqual([]);
  });
});

describe('what does not agree with what is stored (clarification 10)', () => {
  it('an intent that names a bill but no attempt of ours pays nothing on it', async () => {
    const { billId, clientId } = await oak.bill();
    const { stripeCustomerId: customer, stripePaymentMethodId } = await saveCard({
      practiceId: oak.practiceId,
      clientId,
      sdk: stripe.sdk(),
    });
    const metadata = { practiceId: oak.practiceId, billId, paymentId: newId('pay'), attemptId: newId('att') };
    const { id } = await stripe.sdk().paymentIntents.create({
      ...{ amount: 10_000, currency: 'usd', customer, payment_method: stripePaymentMethodId, confirm: true },
      ...{ off_session: true, metadata },
    });
    expect(await tellOf(id)).toEqual([]);
    expect(await oak.see(billId)).toMatchObject({ status: 'open', payments: [] });
  });

  /** A charge of 60.00 that never reached Stripe, and another one there, of the same customer or not, that claims to be it. */
  async function claimed({ amount = 6000, currency = 'usd', account, desk = oak }: Claim) {
    const { billId, clientId } = await desk.bill();
    const { practiceId } = desk;
    const card = await saveCard({ practiceId, clientId, sdk: stripe.sdk() });
    stripe.fails({ operation: charge, when: 'before', error: '500' });
    const { body } = await desk.pay(billId, { type: 'card', collect: 'stripe', amountCents: 6000 });
    const { attemptId = '' } = (await wholeLedger(desk.store, practiceId)).records.get(billId)?.attempts[0] ?? {};
    const sdk = stripe.sdk(account);
    const customer = account ? (await sdk.customers.create({})).id : card.stripeCustomerId;
    const { id: payment_method } = await sdk.paymentMethods.attach('pm_card_visa', { customer });
    const { id } = await sdk.paymentIntents.create({
      ...{ amount, currency, customer, payment_method, confirm: true, off_session: true },
      metadata: { practiceId, billId, paymentId: body.payment.paymentId, attemptId },
    });
    await tellOf(id, account);
    expect(await desk.see(billId)).toMatchObject({ status: 'open', payments: [{ status: 'processing' }] });
    wait(2);
    expect(await workOffStripe()).toEqual([]);
    const failed = { status: 'failed', failure: { code: 'not_charged' } };
    expect(await desk.see(billId)).toMatchObject({ status: 'open', reservedCents: 0, payments: [failed] });
  }
  interface Claim {
    readonly amount?: number;
    readonly currency?: string;
    readonly account?: string;
    readonly desk?: FrontDesk;
  }

  it('an account that another practice connected settles nothing here, whatever its metadata says', async () => {
    const account = 'acct_1Forger';
    await stripe.connect(account);
    await claimed({ account });
  });

  it('another amount than was asked for settles nothing, by Stripe’s word or when we look', () =>
    claimed({ amount: 100 }));

  it('another currency settles nothing, by Stripe’s word or when we look', () => claimed({ currency: 'eur' }));

  it('money of Stripe’s test mode settles nothing in a practice that takes real money', async () => {
    await claimed({ desk: await oak.neighbour({ stripe: { status: 'ready', mode: 'live' } }) });
  });

  it('a page of Stripe’s test mode pays nothing in a practice that takes real money', async () => {
    const desk = await oak.neighbour({ stripe: { status: 'ready', mode: 'live' } });
    const { billId } = await desk.bill();
    const { url } = await desk.done(createGuestCheckoutRow, createGuestCheckout, { caller: guestOf(desk, billId) });
    await stripe.payOn(url);
    await tellOf(sessionIdOf(url));
    expect(await desk.see(billId)).toMatchObject({ status: 'open', payments: [] });
  });
});

describe('an account that lets us in no more', () => {
  it('has events that nobody can follow: they are done, and no dead letter', async () => {
    for (const id of ['pi_ofThatAccount', 'cs_ofThatAccount']) {
      expect(await stripe.shutOut(() => tellOf(id, 'acct_1Gone'))).toEqual([]);
    }
  });

  it('other than that, what Stripe refuses is somebody’s mistake: it comes again', async () => {
    expect(await stripe.shutOut(() => tellOf('pi_ofOurs'))).toHaveLength(1);
    await stripe.connect('acct_1There');
    expect(await tellOf('pi_thatIsNotThere', 'acct_1There')).toHaveLength(1);
  });
});

describe('a message that fails', () => {
  it('comes again, and the others of its batch are done', async () => {
    const [first, second] = [await paidByCard(), await paidByCard()];
    for (const { intentId } of [first, second]) await stripe.refundInDashboard(intentId, 1000);
    const message = (id: string) => ({
      ...{ kind: 'stripeEvent', eventId: 'evt_1', type: 'charge.refunded' },
      subject: { kind: 'intent', id },
    });
    stripe.fails({ operation: 'GET /v1/payment_intents/:id', when: 'before', error: '500' });
    const strange = { kind: 'nobody knows this' };
    const batch = [message(first.intentId), strange, message(second.intentId)];
    const again = await follow(batch);
    expect(again).toEqual([batch[0], strange]);
    expect((await oak.see(second.billId)).clientBalanceCents).toBe(1000);
    expect(await follow([batch[0] ?? {}])).toEqual([]);
    expect((await oak.see(first.billId)).clientBalanceCents).toBe(1000);
  });
});
