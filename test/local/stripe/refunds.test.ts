import type Stripe from 'stripe';
import { hour, refusalOf, type StandIn, startStandIn, submitForm } from './standIn';

let standIn: StandIn;
let stripe: Stripe;
beforeAll(async () => {
  standIn = await startStandIn();
  stripe = standIn.stripe;
});
afterAll(() => standIn.part.close());

const paid = (card = 'pm_card_visa', amount = 10_000) =>
  stripe.paymentIntents.create({ amount, currency: 'usd', payment_method: card, confirm: true });

describe('a refund', () => {
  test('can be partial, twice, and never exceeds the charge', async () => {
    const { id: payment_intent, latest_charge } = await paid();
    const first = await stripe.refunds.create({ payment_intent, amount: 3000, metadata: { refundId: 'ref_1' } });
    expect(first).toMatchObject({
      status: 'succeeded',
      amount: 3000,
      charge: latest_charge,
      metadata: { refundId: 'ref_1' },
    });
    expect(await refusalOf(stripe.refunds.create({ payment_intent, amount: 7001 }))).toMatchObject({
      param: 'amount',
      message: 'Refund amount ($70.01) is greater than unrefunded amount on charge ($70.00)',
    });
    await stripe.refunds.create({ charge: String(latest_charge) });
    expect(await refusalOf(stripe.refunds.create({ payment_intent }))).toMatchObject({
      statusCode: 400,
      code: 'charge_already_refunded',
    });
    const { data } = await stripe.refunds.list({ payment_intent });
    expect(data.map(({ amount }) => amount)).toEqual([7000, 3000]);
    const charge = await stripe.charges.retrieve(String(latest_charge), { expand: ['refunds'] });
    expect(charge).toMatchObject({ amount_refunded: 10_000, refunded: true });
    expect(charge.refunds?.data).toHaveLength(2);
  });

  test('of a payment that never succeeded is refused', async () => {
    const { id } = await stripe.paymentIntents.create({ amount: 1000, currency: 'usd' });
    expect(await refusalOf(stripe.refunds.create({ payment_intent: id }))).toMatchObject({ statusCode: 400 });
  });

  test('on the card 5126 succeeds first and fails later by the clock', async () => {
    const { id: payment_intent, latest_charge } = await paid('pm_card_refundFail');
    const refund = await stripe.refunds.create({ payment_intent });
    expect(refund.status).toBe('succeeded');
    standIn.clock.advance(hour);
    expect(await stripe.refunds.retrieve(refund.id)).toMatchObject({ status: 'failed' });
    expect(await stripe.charges.retrieve(String(latest_charge))).toMatchObject({ amount_refunded: 0, refunded: false });
  });

  test('that is pending can be cancelled or succeeds later; one that succeeded cannot be undone', async () => {
    const { id: payment_intent } = await paid('pm_card_pendingRefund');
    const first = await stripe.refunds.create({ payment_intent, amount: 1000 });
    expect((await stripe.refunds.cancel(first.id)).status).toBe('canceled');
    const second = await stripe.refunds.create({ payment_intent, amount: 1000 });
    expect(second.status).toBe('pending');
    standIn.clock.advance(hour);
    expect((await stripe.refunds.retrieve(second.id)).status).toBe('succeeded');
    expect(await refusalOf(stripe.refunds.cancel(second.id))).toMatchObject({ statusCode: 400 });
  });
});

describe('the dashboard', () => {
  test('refunds a part without our key or metadata, and shows it', async () => {
    const { id } = await paid();
    const page = `${standIn.part.url}/test/payments/${id}`;
    expect((await submitForm(page, { action: 'refund', amount: '40.50' })).status).toBe(303);
    expect((await stripe.refunds.list({ payment_intent: id })).data).toMatchObject([{ amount: 4050, metadata: {} }]);
    expect(await (await fetch(page)).text()).toContain('$59.50 is left');
    expect(await (await submitForm(page, { action: 'refund', amount: '60' })).text()).toContain(
      'greater than unrefunded',
    );
  });

  test('fails a refund and opens a dispute', async () => {
    const { id } = await paid();
    const page = `${standIn.part.url}/dashboard/test/payments/${id}`;
    const refund = await stripe.refunds.create({ payment_intent: id, amount: 1000 });
    await submitForm(page, { action: 'fail_refund', refund: refund.id });
    await submitForm(page, { action: 'dispute', status: 'needs_response' });
    expect((await stripe.refunds.retrieve(refund.id)).status).toBe('failed');
    expect((await stripe.disputes.list({ payment_intent: id })).data).toMatchObject([{ amount: 10_000 }]);
  });
});

describe('a dispute', () => {
  test('on the card 0259 takes the money and forbids refunds until it is won', async () => {
    const { id: payment_intent, latest_charge } = await paid('pm_card_createDispute');
    const { data } = await stripe.disputes.list({ payment_intent });
    expect(data).toMatchObject([{ status: 'needs_response', is_charge_refundable: false, charge: latest_charge }]);
    expect(data[0]?.balance_transactions).toMatchObject([{ amount: -10_000, fee: 1500 }]);
    expect(await refusalOf(stripe.refunds.create({ payment_intent }))).toMatchObject({ code: 'charge_disputed' });
    await standIn.post(`/_stand-in/disputes/${data[0]?.id}`, { status: 'won' });
    expect((await stripe.refunds.create({ payment_intent })).status).toBe('succeeded');
  });

  test('on the card 1976 is an inquiry: refunds stay possible and a full one closes it', async () => {
    const { id: payment_intent } = await paid('pm_card_createDisputeInquiry');
    expect((await stripe.disputes.list({ payment_intent })).data).toMatchObject([
      { status: 'warning_needs_response', balance_transactions: [], is_charge_refundable: true },
    ]);
    await stripe.refunds.create({ payment_intent });
    expect((await stripe.disputes.list({ payment_intent })).data).toMatchObject([{ status: 'warning_closed' }]);
  });
});

test('the stand-in’s own books say what was captured, refunded and disputed', async () => {
  const { id } = await paid();
  await standIn.post('/_stand-in/refunds', { payment_intent: id, amount: 2500 });
  const lost = await standIn.post('/_stand-in/disputes', { payment_intent: id });
  await standIn.post(`/_stand-in/disputes/${lost.body.id}`, { status: 'lost' });
  const books = (await (await fetch(`${standIn.part.url}/_stand-in/books`)).json()) as { payments: object[] };
  const row = { payment_intent: id, captured: 10_000, refunded: 2500, disputed: 7500 };
  expect(books.payments).toContainEqual(expect.objectContaining(row));
  expect(standIn.part.books()).toContainEqual(expect.objectContaining(row));
});
