import { handler as cancelBill } from '../../../functions/bills/cancelBill';
import { handler as listCredits } from '../../../functions/credits/listCredits';
import { handler as confirmGuestCheckout } from '../../../functions/guest/confirmGuestCheckout';
import { handler as createGuestCheckout } from '../../../functions/guest/createGuestCheckout';
import { cancelBillRow } from '../../../shared/operations/bills';
import { listCreditsRow } from '../../../shared/operations/credits';
import { confirmGuestCheckoutRow, createGuestCheckoutRow } from '../../../shared/operations/guest';
import { amountsOf, FrontDesk, openedAt, standAt, wait } from '../../fixtures/frontDesk';
import { guestHeader, guestOf } from '../../fixtures/guest';
import { type OpenStripe, openStripe } from '../../fixtures/openStripe';
import { tellOf } from '../../fixtures/stripeWork';

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

/** A bill of 100.00 with its page at Stripe open for all or so much of it. */
async function openPage(amountCents?: number) {
  const { billId, clientId } = await oak.bill();
  const asked = { caller: guestOf(oak, billId), body: amountCents ? { amountCents } : {} };
  const { url } = await oak.done(createGuestCheckoutRow, createGuestCheckout, asked);
  return { billId, clientId, url: String(url) };
}
/** The payer pays there and is sent back with this id. */
const paid = async (url: string, card?: Record<string, string>): Promise<string> =>
  decodeURIComponent((await stripe.payOn(url, card)).split('#c=')[1] ?? '');
const confirm = (checkoutId: string, headers: Record<string, string> = {}) =>
  oak.ask(confirmGuestCheckoutRow, confirmGuestCheckout, { caller: undefined, body: { checkoutId }, headers });
/** What the page would be sent back with, had it been paid. */
async function idOf(billId: string): Promise<string> {
  const [session] = (await stripe.sdk().checkout.sessions.list({ limit: 1 })).data;
  if (session?.metadata?.billId !== billId) throw new Error('not the page of this bill');
  return decodeURIComponent(session.success_url?.split('#c=')[1] ?? '').replace('{CHECKOUT_SESSION_ID}', session.id);
}

describe('200', () => {
  it('the payment is on the bill at once, whether Stripe’s word has come or not (rule 37)', async () => {
    const { billId, url } = await openPage(4000);
    const checkoutId = await paid(url);
    const { status, body } = await confirm(checkoutId, await guestHeader(oak, billId));
    expect(status).toBe(200);
    expect(body.payment).toEqual({
      status: 'succeeded',
      amountCents: 4000,
      currency: 'USD',
      paidAt: openedAt,
      receiptNumber: expect.stringMatching(/^\w{8}$/),
      card: { brand: 'visa', last4: '4242' },
    });
    expect(body.bill).toMatchObject({ status: 'partially_paid', clientPaidCents: 4000, clientBalanceCents: 6000 });
    const bill = await oak.see(billId);
    expect(amountsOf(bill)).toBe('T 10000, C 10000/4000/6000, partially_paid');
    const { paymentIntentId } = bill.payments[0].stripe;
    expect(bill.payments).toMatchObject([
      { type: 'card', collect: 'stripe', payer: 'client', recordedBy: { kind: 'client' }, card: { last4: '4242' } },
    ]);
    expect(bill.payments[0].stripe.dashboardUrl).toBe(`https://dashboard.stripe.com/test/payments/${paymentIntentId}`);
    expect(stripe.bookOf(paymentIntentId).captured).toBe(4000);
  });

  it('asked again, told by Stripe, or both at once: one payment', async () => {
    const { billId, url } = await openPage();
    const checkoutId = await paid(url);
    const sessionId = checkoutId.split('.').at(-1) ?? '';
    await Promise.all([confirm(checkoutId), confirm(checkoutId), tellOf(sessionId), tellOf(sessionId)]);
    await confirm(checkoutId);
    const { payments, status } = await oak.see(billId);
    expect([status, payments.length]).toEqual(['paid', 1]);
  });

  it('without the guest’s token, or with that of another bill, it tells status and amount only', async () => {
    const [{ url }, other] = [await openPage(), await oak.bill()];
    const checkoutId = await paid(url);
    const bare = { payment: { status: 'succeeded', amountCents: 10_000, currency: 'USD' } };
    expect((await confirm(checkoutId)).body).toEqual(bare);
    expect((await confirm(checkoutId, await guestHeader(oak, other.billId))).body).toEqual(bare);
    const header = await guestHeader(oak, checkoutId.split('.')[1] ?? '');
    expect((await confirm(checkoutId, header)).body).toHaveProperty('bill');
    wait(30);
    expect((await confirm(checkoutId, header)).body).toEqual(bare);
  });

  it('a page that nobody has paid yet is under way; one that has ended says so, and nothing is paid', async () => {
    const { billId } = await openPage();
    const checkoutId = await idOf(billId);
    expect((await confirm(checkoutId)).body.payment).toMatchObject({ status: 'processing', amountCents: 10_000 });
    wait(31);
    expect((await confirm(checkoutId)).body.payment).toMatchObject({ status: 'expired' });
    expect(await oak.see(billId)).toMatchObject({ status: 'open', payments: [] });
  });

  it('a refused card pays nothing, and another one on the same page does', async () => {
    const { billId, url } = await openPage();
    const card = { expiry: '12 / 30', cvc: '123', name: 'Rosa Diaz' };
    expect(await paid(url, { ...card, number: '4000 0000 0000 0002' })).toBe('');
    expect(await oak.see(billId)).toMatchObject({ status: 'open', payments: [] });
    const checkoutId = await paid(url, { ...card, number: '5555 5555 5555 4444' });
    expect((await confirm(checkoutId)).body.payment.status).toBe('succeeded');
    expect((await oak.see(billId)).payments).toHaveLength(1);
  });

  it('(W19) paid nevertheless after cash came: the surplus becomes credit, and staff are told', async () => {
    const { billId, clientId, url } = await openPage();
    await oak.cash(billId, 7000);
    const { body } = await confirm(await paid(url));
    expect(body.payment).toMatchObject({ status: 'succeeded', amountCents: 10_000 });
    const bill = await oak.see(billId);
    expect([amountsOf(bill), bill.needsAttention]).toEqual(['T 10000, C 10000/10000/0, paid', true]);
    const { balanceCents } = await oak.done(listCreditsRow, listCredits, { path: { clientId } });
    expect(balanceCents).toBe(7000);
  });

  it('(W19) paid nevertheless after the bill was cancelled: all of it becomes credit', async () => {
    const { billId, clientId, url } = await openPage();
    await oak.done(cancelBillRow, cancelBill, { path: { billId }, body: {} });
    const { body } = await confirm(await paid(url), await guestHeader(oak, billId));
    expect(body).toMatchObject({ payment: { status: 'succeeded' }, bill: { status: 'cancelled' } });
    const { balanceCents, items } = await oak.done(listCreditsRow, listCredits, { path: { clientId } });
    expect([balanceCents, items[0].reason]).toEqual([10_000, 'overpayment']);
    expect((await oak.see(billId)).needsAttention).toBe(true);
  });
});

describe('404', () => {
  it('whoever does not know Stripe’s own id of the page is told of nothing', async () => {
    const { billId, url } = await openPage();
    const [practiceId, , checkoutId, session] = (await paid(url)).split('.');
    const wrong = [
      `${practiceId}.${billId}.${checkoutId}.cs_test_guessed`,
      `${practiceId}.${billId}.${checkoutId}`,
      `${practiceId}.bill_${'0'.repeat(26)}.${checkoutId}.${session}`,
      'nothing',
    ];
    for (const id of wrong) expect(await confirm(id)).toMatchObject({ status: 404, body: { code: 'not_found' } });
    expect((await oak.see(billId)).status).toBe('open');
  });
});

describe('503', () => {
  it('dependency_down: what is not known is not told, and asking again finds it', async () => {
    const { url } = await openPage();
    const checkoutId = await paid(url);
    stripe.fails({ operation: 'GET /v1/checkout/sessions/:id', when: 'before', error: '500' });
    expect(await confirm(checkoutId)).toMatchObject({ status: 503, body: { code: 'dependency_down' } });
    expect((await confirm(checkoutId)).body.payment.status).toBe('succeeded');
  });
});
