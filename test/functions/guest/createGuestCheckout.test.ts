import { handler as cancelBill } from '../../../functions/bills/cancelBill';
import { handler as deleteBill } from '../../../functions/bills/deleteBill';
import { handler as createGuestCheckout } from '../../../functions/guest/createGuestCheckout';
import { cancelBillRow, deleteBillRow } from '../../../shared/operations/bills';
import { createGuestCheckoutRow } from '../../../shared/operations/guest';
import { type ChargeOutcome, stripeGateway } from '../../../shared/stripe/stripeGateway';
import type { Asked } from '../../fixtures/apiEvent';
import { FrontDesk, openedAt, standAt, wait } from '../../fixtures/frontDesk';
import { guestOf } from '../../fixtures/guest';
import { type OpenStripe, openStripe } from '../../fixtures/openStripe';
import { saveCard } from '../../fixtures/savedCard';
import { sweptTo, workOffStripe } from '../../fixtures/stripeWork';

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
beforeEach(() => {
  standAt(openedAt);
  stripe.newCalls();
});

const open = 'POST /v1/checkout/sessions';
const expire = expect.stringMatching(/^POST \/v1\/checkout\/sessions\/cs_\w+\/expire$/);
const checkout = (billId: string, body: object = {}, asked: Asked = {}, desk = oak) =>
  desk.ask(createGuestCheckoutRow, createGuestCheckout, { caller: guestOf(desk, billId), body, ...asked });
const opened = async (billId: string, body: object = {}): Promise<string> => (await checkout(billId, body)).body.url;
const sessionOf = async (url: string) => {
  const id = new URL(url).pathname.split('/').at(-1) ?? '';
  return stripe.sdk().checkout.sessions.retrieve(id, { expand: ['line_items'] });
};
const statusOf = async (url: string) => (await sessionOf(url)).status;

describe('201', () => {
  it('opens Stripe’s own page for all that is due, with the number and nothing private; it reserves nothing', async () => {
    const { billId, number, version } = await oak.bill();
    const { status, body } = await checkout(billId);
    expect([status, stripe.newCalls()]).toEqual([201, [open]]);
    const session = await sessionOf(body.url);
    expect(session).toMatchObject({ mode: 'payment', amount_total: 10_000, currency: 'usd', customer_email: null });
    // Of what an account offers beside, a bank debit is known to have failed only days later.
    expect(session.allowed_payment_method_types).toEqual(['card']);
    expect(session.line_items?.data.map(({ description }) => description)).toEqual([`Bill ${number}`]);
    expect(JSON.stringify(session)).not.toMatch(/Maya|Okafor|90837|therapy/i);
    // Stripe's shortest: half an hour.
    expect(session.expires_at - session.created).toBeLessThanOrEqual(31 * 60);
    expect(await oak.see(billId)).toMatchObject({ reservedCents: 0, version, status: 'open' });
  });

  it('a part may be paid; another amount closes the page before and opens its own', async () => {
    const { billId } = await oak.bill();
    const whole = await opened(billId);
    stripe.newCalls();
    const part = await checkout(billId, { amountCents: 2500 });
    expect([part.status, stripe.newCalls()]).toEqual([201, [expire, open]]);
    expect((await sessionOf(part.body.url)).amount_total).toBe(2500);
    expect(await statusOf(whole)).toBe('expired');
  });

  it('a page that has ended is followed by a new one', async () => {
    const { billId } = await oak.bill();
    const first = await opened(billId);
    wait(31);
    const again = await checkout(billId);
    expect([again.status, again.body.url === first]).toEqual([201, false]);
  });

  it('a repeat under the same key is told the same page; another guest’s same key opens another bill’s', async () => {
    const [one, other] = [await oak.bill(), await oak.bill()];
    const asked = { key: 'every guest says this' };
    const first = await checkout(one.billId, {}, asked);
    const again = await checkout(one.billId, {}, asked);
    const theirs = await checkout(other.billId, {}, asked);
    expect(again).toMatchObject({ status: 201, body: first.body, headers: { 'idempotent-replayed': 'true' } });
    expect([theirs.status, theirs.body.url === first.body.url]).toEqual([201, false]);
    expect((await sessionOf(theirs.body.url)).metadata?.billId).toBe(other.billId);
  });
});

describe('200', () => {
  it('asked again for the same amount, the same page, and Stripe is not asked', async () => {
    const { billId } = await oak.bill();
    const url = await opened(billId);
    stripe.newCalls();
    expect(await checkout(billId)).toMatchObject({ status: 200, body: { url } });
    expect(await checkout(billId, { amountCents: 10_000 })).toMatchObject({ status: 200, body: { url } });
    expect(stripe.newCalls()).toEqual([]);
  });
});

describe('a page that is open while the bill is paid otherwise (clarification 7)', () => {
  it('(R50) cash asks nothing of Stripe; due work closes the page there afterwards', async () => {
    const { billId } = await oak.bill();
    const url = await opened(billId);
    stripe.newCalls();
    await oak.cash(billId, 4000);
    expect(stripe.newCalls()).toEqual([]);
    expect(await workOffStripe()).toEqual([]);
    expect(await statusOf(url)).toBe('expired');
  });

  it('a card on file closes it first, so that nobody pays twice', async () => {
    const { billId, clientId } = await oak.bill();
    await saveCard({ practiceId: oak.practiceId, clientId, sdk: stripe.sdk() });
    const url = await opened(billId);
    stripe.newCalls();
    const paid = await oak.pay(billId, { type: 'card', collect: 'stripe', amountCents: 10_000 });
    expect([paid.status, stripe.newCalls()]).toEqual([201, [expire, 'POST /v1/payment_intents']]);
    expect(await statusOf(url)).toBe('expired');
  });

  it('one that was paid a moment ago is settled first: the card is not charged', async () => {
    const { billId, clientId } = await oak.bill();
    await saveCard({ practiceId: oak.practiceId, clientId, sdk: stripe.sdk() });
    await stripe.payOn(await opened(billId));
    stripe.newCalls();
    const answer = await oak.pay(billId, { type: 'card', collect: 'stripe', amountCents: 10_000 });
    expect(answer).toMatchObject({ status: 409, body: { code: 'amount_exceeds_balance', clientBalanceCents: 0 } });
    expect(stripe.newCalls()).not.toContain('POST /v1/payment_intents');
    expect(await oak.see(billId)).toMatchObject({ status: 'paid', payments: [{ amountCents: 10_000 }] });
  });
});

describe('a page that was finished, but whose money Stripe has not taken yet', () => {
  /** A bill of 100.00 with a card on file, and its page, of whose payment Stripe says this. */
  async function finished(said: ChargeOutcome) {
    const { billId, clientId } = await oak.bill();
    await saveCard({ practiceId: oak.practiceId, clientId, sdk: stripe.sdk() });
    await stripe.payOn(await opened(billId));
    const { readIntent } = stripeGateway;
    const spy = jest.spyOn(stripeGateway, 'readIntent').mockImplementation(async (account, id) => ({
      ...(await readIntent.call(stripeGateway, account, id)),
      outcome: said,
    }));
    stripe.newCalls();
    return { billId, saidAtLast: () => spy.mockRestore() };
  }
  const byCard = { type: 'card', collect: 'stripe', amountCents: 10_000 };

  it('is not paid a second time: neither by a card on file nor by a page of its own; then it pays the bill', async () => {
    const { billId, saidAtLast } = await finished({ kind: 'unknown' });
    wait(32);
    const refusal = { code: 'payment_in_progress', reservedCents: 10_000, clientBalanceCents: 10_000 };
    expect(await oak.pay(billId, byCard)).toMatchObject({ status: 409, body: refusal });
    expect(await checkout(billId, { amountCents: 6000 })).toMatchObject({ status: 409, body: refusal });
    expect(await checkout(billId)).toMatchObject({ status: 409, body: refusal });
    const calls = stripe.newCalls();
    expect(calls).not.toContain('POST /v1/payment_intents');
    expect(calls).not.toContain(open);
    saidAtLast();
    wait(6);
    expect(await workOffStripe()).toEqual([]);
    expect(await oak.see(billId)).toMatchObject({ status: 'paid', payments: [{ amountCents: 10_000 }] });
  });

  it('ends where the money does not come: nothing is due any more, and the bill can be paid otherwise', async () => {
    const code = 'insufficient_funds';
    const { billId, saidAtLast } = await finished({ kind: 'declined', code, message: 'The bank refused.' });
    wait(32);
    expect(await workOffStripe()).toEqual([]);
    wait(60);
    expect(JSON.stringify(await sweptTo('stripe'))).not.toContain(billId);
    saidAtLast();
    expect((await oak.pay(billId, byCard)).status).toBe(201);
    expect(await oak.see(billId)).toMatchObject({ status: 'paid', payments: [{ amountCents: 10_000 }] });
  });
});

describe('404', () => {
  it('bill_not_found: a deleted bill is gone', async () => {
    const { billId } = await oak.bill();
    await oak.ask(deleteBillRow, deleteBill, { path: { billId } });
    expect(await checkout(billId)).toMatchObject({ status: 404, body: { code: 'bill_not_found' } });
  });
});

describe('409', () => {
  const refused = async (billId: string, body: object = {}, desk = oak) => {
    const { status, body: problem } = await checkout(billId, body, {}, desk);
    expect([status, stripe.newCalls()]).toEqual([409, []]);
    return problem;
  };

  it('bill_already_paid, bill_cancelled, external_payer: there is nothing to pay here', async () => {
    const paid = await oak.bill();
    await oak.cash(paid.billId, 10_000);
    expect(await refused(paid.billId)).toMatchObject({ code: 'bill_already_paid' });
    const { billId } = await oak.bill();
    await oak.done(cancelBillRow, cancelBill, { path: { billId }, body: {} });
    expect(await refused(billId)).toMatchObject({ code: 'bill_cancelled' });
    const { payerId } = oak.practice.platform;
    const external = await oak.bill(10_000, { responsibility: 'external', payerId });
    expect(await refused(external.billId)).toMatchObject({ code: 'external_payer' });
  });

  it('a bill that credit covers, and one that is all the insurer’s, take no payment from the start (rule 54)', async () => {
    const clientId = await oak.client();
    await oak.policy(clientId);
    await oak.prepay(clientId, 10_000);
    const covered = await oak.bill(10_000, { clientId });
    expect(await refused(covered.billId)).toMatchObject({ code: 'bill_already_paid' });
    const insured = await oak.bill(10_000, { clientId, responsibility: 'insurance' });
    expect(await refused(insured.billId)).toMatchObject({ code: 'bill_already_paid' });
  });

  it('amount_exceeds_balance tells what is due', async () => {
    const { billId } = await oak.bill();
    const facts = { code: 'amount_exceeds_balance', clientBalanceCents: 10_000 };
    expect(await refused(billId, { amountCents: 10_001 })).toMatchObject(facts);
  });

  it('payment_in_progress: what a charge under way has reserved is not asked for again', async () => {
    const { billId, clientId } = await oak.bill();
    await saveCard({ practiceId: oak.practiceId, clientId, sdk: stripe.sdk() });
    stripe.fails({ operation: 'POST /v1/payment_intents', when: 'after', error: '500' });
    await oak.pay(billId, { type: 'card', collect: 'stripe', amountCents: 10_000 });
    stripe.newCalls();
    expect(await refused(billId)).toMatchObject({ code: 'payment_in_progress', reservedCents: 10_000 });
    wait(2);
    await workOffStripe();
  });

  it('stripe_not_connected: no card can be taken, or the practice takes none online', async () => {
    const elm = await oak.neighbour({ stripe: { status: 'not_connected', mode: 'test' } });
    expect(await refused((await elm.bill()).billId, {}, elm)).toMatchObject({ code: 'stripe_not_connected' });
    const ash = await oak.neighbour({ stripe: { status: 'ready', mode: 'test' }, onlinePayments: false });
    expect(await refused((await ash.bill()).billId, {}, ash)).toMatchObject({ code: 'stripe_not_connected' });
  });
});

describe('422', () => {
  it('amount_below_minimum tells Stripe’s least amount', async () => {
    const { billId } = await oak.bill();
    const answer = await checkout(billId, { amountCents: 49 });
    expect(answer).toMatchObject({ status: 422, body: { code: 'amount_below_minimum', minimumCents: 50 } });
    expect((await checkout(billId, { amountCents: 50 })).status).toBe(201);
  });

  it('where no part is taken online all that is due must be paid (clarification 39)', async () => {
    const elm = await oak.neighbour({ stripe: { status: 'ready', mode: 'test' } });
    await elm.changeSettings({ allowPartialOnline: false });
    const { billId } = await elm.bill();
    const part = await checkout(billId, { amountCents: 9999 }, {}, elm);
    expect(part.body).toMatchObject({ status: 422, errors: [{ pointer: '/amountCents' }] });
    await elm.cash(billId, 4000);
    expect((await checkout(billId, { amountCents: 6000 }, {}, elm)).status).toBe(201);
  });
});

describe('503', () => {
  it('dependency_down: no page, and the next try opens one', async () => {
    const { billId } = await oak.bill();
    stripe.fails({ operation: open, when: 'before', error: 'throttle' });
    expect(await checkout(billId)).toMatchObject({ status: 503, body: { code: 'dependency_down' } });
    expect((await checkout(billId)).status).toBe(201);
  });
});
