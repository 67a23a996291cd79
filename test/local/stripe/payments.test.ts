import type Stripe from 'stripe';
import { refusalOf, type StandIn, startStandIn, submitForm } from './standIn';

let standIn: StandIn;
let stripe: Stripe;
beforeAll(async () => {
  standIn = await startStandIn();
  stripe = standIn.stripe;
});
afterAll(() => standIn.part.close());

const pay = (card: string, more: Partial<Stripe.PaymentIntentCreateParams> = {}) =>
  stripe.paymentIntents.create({ amount: 9500, currency: 'usd', payment_method: card, confirm: true, ...more });

async function savedCard(token: string): Promise<{ customer: string; card: string }> {
  const { id: customer } = await stripe.customers.create({ name: 'Rosa Diaz' });
  const { id: card } = await stripe.paymentMethods.attach(token, { customer });
  return { customer, card };
}

describe('a charge', () => {
  test('takes the amount, keeps metadata and pays Stripe 2.9 % + 30 ¢', async () => {
    const intent = await pay('pm_card_visa', {
      metadata: { paymentId: 'pay_1' },
      expand: ['latest_charge.balance_transaction'],
    });
    const charge = intent.latest_charge as Stripe.Charge;
    expect(intent).toMatchObject({ status: 'succeeded', amount_received: 9500, metadata: { paymentId: 'pay_1' } });
    expect(charge).toMatchObject({
      amount_captured: 9500,
      paid: true,
      payment_method_details: { card: { last4: '4242' } },
    });
    expect(charge.balance_transaction).toMatchObject({ amount: 9500, fee: 306, net: 9194 });
  });

  test('uses the clock for created', async () => {
    const intent = await pay('pm_card_mastercard');
    expect(intent.created).toBe(Math.floor(standIn.clock.now() / 1000));
  });

  test.each([
    ['pm_card_chargeDeclined', 'card_declined', 'generic_decline'],
    ['pm_card_chargeDeclinedInsufficientFunds', 'card_declined', 'insufficient_funds'],
    ['pm_card_chargeDeclinedLostCard', 'card_declined', 'lost_card'],
    ['pm_card_chargeDeclinedStolenCard', 'card_declined', 'stolen_card'],
    ['pm_card_chargeDeclinedExpiredCard', 'expired_card', undefined],
    ['pm_card_chargeDeclinedIncorrectCvc', 'incorrect_cvc', undefined],
    ['pm_card_chargeDeclinedProcessingError', 'processing_error', undefined],
  ])('with %s is declined as %s', async (card, code, decline) => {
    const refusal = await refusalOf(pay(card));
    expect(refusal).toMatchObject({ type: 'StripeCardError', statusCode: 402, code });
    // The SDK gives an empty word where Stripe sends none.
    expect(refusal.decline_code || undefined).toBe(decline);
    const intent = await stripe.paymentIntents.retrieve(refusal.payment_intent?.id ?? '');
    expect(intent).toMatchObject({
      status: 'requires_payment_method',
      amount_received: 0,
      last_payment_error: { code },
    });
    expect(await stripe.charges.list({ payment_intent: intent.id })).toMatchObject({ data: [{ status: 'failed' }] });
  });

  test('of a saved card that its bank refuses later is declined', async () => {
    const { customer, card } = await savedCard('pm_card_chargeCustomerFail');
    expect(await refusalOf(pay(card, { customer, off_session: true }))).toMatchObject({ code: 'card_declined' });
  });

  test('of a saved card that has expired since is declined', async () => {
    const { customer, card } = await savedCard('pm_card_visa');
    await stripe.paymentMethods.update(card, { card: { exp_month: 10, exp_year: 2026 } });
    expect(await refusalOf(pay(card, { customer }))).toMatchObject({ code: 'expired_card' });
  });

  test('of a customer’s card needs the customer', async () => {
    const { card } = await savedCard('pm_card_visa');
    expect(await refusalOf(pay(card))).toMatchObject({ statusCode: 400, param: 'payment_method' });
  });

  test('cannot use a card twice that no customer holds', async () => {
    const intent = await pay('pm_card_visa');
    expect(await refusalOf(pay(String(intent.payment_method)))).toMatchObject({ param: 'payment_method' });
  });

  test('can be confirmed later, or cancelled, and then neither', async () => {
    const later = await stripe.paymentIntents.create({ amount: 5000, currency: 'usd' });
    expect(await stripe.paymentIntents.confirm(later.id, { payment_method: 'pm_card_visa' })).toMatchObject({
      status: 'succeeded',
    });
    expect(await refusalOf(stripe.paymentIntents.cancel(later.id))).toMatchObject({
      code: 'payment_intent_unexpected_state',
    });
    const never = await stripe.paymentIntents.create({ amount: 5000, currency: 'usd' });
    expect(await stripe.paymentIntents.cancel(never.id)).toMatchObject({ status: 'canceled' });
    expect(await refusalOf(stripe.paymentIntents.confirm(never.id, { payment_method: 'pm_card_visa' }))).toMatchObject({
      code: 'payment_intent_unexpected_state',
    });
  });
});

describe('a card that demands 3-D Secure', () => {
  test('is refused off-session, and the intent waits for another card', async () => {
    const { customer, card } = await savedCard('pm_card_authenticationRequired');
    const refusal = await refusalOf(pay(card, { customer, off_session: true }));
    expect(refusal).toMatchObject({
      statusCode: 402,
      code: 'authentication_required',
      decline_code: 'authentication_required',
    });
    expect(refusal.payment_intent).toMatchObject({ status: 'requires_payment_method' });
  });

  test.each([
    ['complete', 'succeeded', 'succeeded'],
    ['fail', 'requires_payment_method', 'failed'],
  ])('on-session leads to the bank’s page: %s gives %s', async (decision, status, redirect) => {
    const intent = await pay('pm_card_authenticationRequired', { return_url: 'http://127.0.0.1:9/back' });
    expect(intent.status).toBe('requires_action');
    const url = intent.next_action?.redirect_to_url?.url ?? '';
    expect(await (await fetch(url)).text()).toContain('Do you want to pay $95.00?');
    const back = await submitForm(url, { decision });
    expect(back.status).toBe(303);
    expect(back.headers.get('location')).toContain(`redirect_status=${redirect}`);
    expect((await stripe.paymentIntents.retrieve(intent.id)).status).toBe(status);
    expect((await submitForm(url, { decision: 'complete' })).status).toBe(200);
    expect((await stripe.paymentIntents.retrieve(intent.id)).status).toBe(status);
  });
});

describe('customers and their cards', () => {
  test('are kept, listed and let go', async () => {
    const { customer, card } = await savedCard('pm_card_visa');
    await stripe.customers.update(customer, {
      invoice_settings: { default_payment_method: card },
      metadata: { a: '1', b: '2' },
    });
    const updated = await stripe.customers.update(customer, { metadata: { a: '' } });
    expect(updated).toMatchObject({ metadata: { b: '2' }, invoice_settings: { default_payment_method: card } });
    expect((await stripe.customers.listPaymentMethods(customer)).data.map(({ id }) => id)).toEqual([card]);
    await stripe.paymentMethods.detach(card);
    expect(await stripe.customers.retrieve(customer)).toMatchObject({
      invoice_settings: { default_payment_method: null },
    });
    expect(await refusalOf(stripe.paymentMethods.attach(card, { customer }))).toMatchObject({ statusCode: 400 });
    await stripe.customers.del(customer);
    expect(await stripe.customers.retrieve(customer)).toEqual(expect.objectContaining({ deleted: true }));
    expect(await refusalOf(stripe.customers.update(customer, { name: 'x' }))).toMatchObject({
      code: 'resource_missing',
    });
  });

  test('refuse a card that the bank declines', async () => {
    const { id: customer } = await stripe.customers.create({});
    const refusal = await refusalOf(stripe.paymentMethods.attach('pm_card_chargeDeclined', { customer }));
    expect(refusal).toMatchObject({ code: 'card_declined' });
  });

  test('save a card by a set-up intent', async () => {
    const { id: customer } = await stripe.customers.create({});
    const intent = await stripe.setupIntents.create({ customer, payment_method: 'pm_card_visa', confirm: true });
    expect(intent.status).toBe('succeeded');
    expect(await stripe.paymentMethods.retrieve(String(intent.payment_method))).toMatchObject({ customer });
  });
});

describe('what Stripe refuses', () => {
  test.each([
    ['an unknown parameter', { amount: 500, currency: 'usd', colour: 'red' }, 'parameter_unknown', 'colour'],
    [
      'a renamed parameter',
      { amount: 500, currency: 'usd', payment_method_types: ['card'] },
      'parameter_unknown',
      'payment_method_types',
    ],
    ['a missing amount', { currency: 'usd' }, 'parameter_missing', 'amount'],
    ['half a cent', { amount: 50.5, currency: 'usd' }, 'parameter_invalid_integer', 'amount'],
    ['49 cents', { amount: 49, currency: 'usd' }, 'amount_too_small', 'amount'],
    ['a million dollars', { amount: 100_000_000, currency: 'usd' }, 'amount_too_large', 'amount'],
    [
      'a customer that is not there',
      { amount: 500, currency: 'usd', customer: 'cus_none' },
      'resource_missing',
      'customer',
    ],
  ])('%s', async (_what, params, code, param) => {
    const call = stripe.paymentIntents.create(params as Stripe.PaymentIntentCreateParams);
    expect(await refusalOf(call)).toMatchObject({ type: 'StripeInvalidRequestError', statusCode: 400, code, param });
  });

  test('an object that is not there, with 404', async () => {
    const refusal = await refusalOf(stripe.paymentIntents.retrieve('pi_none'));
    expect(refusal).toMatchObject({
      statusCode: 404,
      code: 'resource_missing',
      message: "No such payment_intent: 'pi_none'",
    });
    expect(refusal.requestId).toMatch(/^req_/);
  });

  test('a call that this stand-in lacks, with 404', async () => {
    expect(await refusalOf(stripe.products.list())).toMatchObject({
      statusCode: 404,
      message: expect.stringContaining('Unrecognized request URL (GET: /v1/products)'),
    });
  });

  test('a property that cannot be expanded', async () => {
    const { id } = await pay('pm_card_visa');
    expect(await refusalOf(stripe.paymentIntents.retrieve(id, { expand: ['amount'] }))).toMatchObject({
      param: 'expand',
    });
  });

  test('a foreign key and a foreign host', async () => {
    const foreign = await fetch(`${standIn.part.url}/v1/customers`, { headers: { authorization: 'Bearer sk_live_x' } });
    expect(foreign.status).toBe(401);
    const evil = await fetch(`${standIn.part.url}/_stand-in/refunds`, {
      method: 'POST',
      headers: { origin: 'https://evil.example' },
    });
    expect(evil.status).toBe(403);
  });
});
