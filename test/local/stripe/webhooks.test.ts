import type Stripe from 'stripe';
import { day, hour, type Listener, listen, minute, type StandIn, startStandIn } from './standIn';

const secret = 'whsec_test';
let standIn: StandIn;
let stripe: Stripe;
let listener: Listener;
beforeEach(async () => {
  listener = await listen();
  standIn = await startStandIn({ webhook: { url: listener.url, secret } });
  stripe = standIn.stripe;
});
afterEach(async () => {
  await standIn.part.close();
  await listener.close();
});

const pay = (card = 'pm_card_visa') =>
  stripe.paymentIntents.create({
    amount: 4000,
    currency: 'usd',
    payment_method: card,
    confirm: true,
    metadata: { a: 'b' },
  });

test('every event is signed as Stripe signs, at the moved time', async () => {
  const intent = await pay();
  await standIn.part.idle();
  expect(listener.types()).toEqual(['payment_intent.created', 'charge.succeeded', 'payment_intent.succeeded']);
  const last = listener.heard[2];
  const at = standIn.clock.now();
  const event = stripe.webhooks.constructEvent(last?.body ?? '', last?.signature ?? '', secret, 300, undefined, at);
  expect(event).toMatchObject({
    type: 'payment_intent.succeeded',
    data: { object: { id: intent.id, metadata: { a: 'b' } } },
  });
  expect(() =>
    stripe.webhooks.constructEvent(`${last?.body} `, last?.signature ?? '', secret, 300, undefined, at),
  ).toThrow();
  expect(await stripe.events.retrieve(event.id)).toMatchObject({ id: event.id, type: event.type, pending_webhooks: 0 });
});

test.each([
  ['pm_card_chargeDeclined', ['payment_intent.created', 'charge.failed', 'payment_intent.payment_failed']],
  ['pm_card_authenticationRequired', ['payment_intent.created', 'payment_intent.requires_action']],
  [
    'pm_card_createDispute',
    [
      'payment_intent.created',
      'charge.succeeded',
      'payment_intent.succeeded',
      'charge.dispute.created',
      'charge.dispute.funds_withdrawn',
    ],
  ],
])('with %s, Stripe’s events come in its order', async (card, types) => {
  await pay(card).catch(() => undefined);
  await standIn.part.idle();
  expect(listener.types()).toEqual(types);
});

test('a refund made in the dashboard is told, and its failure', async () => {
  const { id: payment_intent } = await pay();
  const { body } = await standIn.post('/_stand-in/refunds', { payment_intent, amount: 1500 });
  await standIn.post(`/_stand-in/refunds/${body.id}/fail`, {});
  await standIn.part.idle();
  expect(listener.types().slice(3)).toEqual([
    'refund.created',
    'charge.refunded',
    'refund.updated',
    'refund.failed',
    'charge.refund.updated',
  ]);
});

test('what is not heard is sent again with growing waits, by the clock, for days', async () => {
  listener.answers.push(500, 503);
  await stripe.customers.create({});
  await standIn.part.idle();
  expect([listener.heard.length, standIn.part.pendingWebhooks()]).toEqual([1, 1]);
  expect(standIn.part.nextWebhookAt()).toBe(standIn.clock.now() + 5000);
  standIn.clock.advance(5000);
  await standIn.part.deliverDue();
  standIn.clock.advance(59_000);
  await standIn.part.deliverDue();
  expect(listener.heard).toHaveLength(2);
  standIn.clock.advance(minute);
  await standIn.part.deliverDue();
  expect(new Set(listener.heard.map(({ id }) => id)).size).toBe(1);
  expect([listener.heard.length, standIn.part.pendingWebhooks()]).toEqual([3, 0]);
});

test('what is never heard is given up after about three days', async () => {
  listener.answers.push(...Array.from({ length: 50 }, () => 500));
  await stripe.customers.create({});
  const start = standIn.clock.now();
  for (let next = standIn.part.nextWebhookAt(); next !== undefined; next = standIn.part.nextWebhookAt()) {
    standIn.clock.advance(next - standIn.clock.now());
    await standIn.part.deliverDue();
  }
  expect(standIn.clock.now() - start).toBeGreaterThan(2.5 * day);
  expect(standIn.clock.now() - start).toBeLessThan(3 * day);
});

test('tests can hold, turn round, repeat and lose events', async () => {
  await standIn.post('/_stand-in/webhooks', { hold: true });
  await pay();
  await standIn.part.idle();
  expect(listener.heard).toHaveLength(0);
  await standIn.post('/_stand-in/webhooks', { release: true, order: 'reversed', repeat: 2 });
  expect(listener.types()).toEqual(
    ['payment_intent.succeeded', 'charge.succeeded', 'payment_intent.created'].flatMap(type => [type, type]),
  );
  await standIn.post('/_stand-in/webhooks', { drop: true });
  await pay();
  const state = await standIn.post('/_stand-in/webhooks', { drop: false, order: 'in_order', repeat: 1 });
  expect(state.body).toMatchObject({ pending: 0, drop: false });
  expect(listener.heard).toHaveLength(6);
});

test('an expired page is told when the clock passes its end', async () => {
  await stripe.checkout.sessions.create({
    mode: 'setup',
    currency: 'usd',
    success_url: 'http://127.0.0.1:9/saved',
  });
  standIn.clock.advance(24 * hour);
  await standIn.part.deliverDue();
  expect(listener.types()).toEqual(['checkout.session.expired']);
});

test('what connected accounts do is signed with the secret of the endpoint that hears them, if there is one', async () => {
  const connectSecret = 'whsec_connect';
  const sign = (key: string) => {
    const { body = '', signature = '' } = listener.heard.at(-1) ?? {};
    return stripe.webhooks.constructEvent(body, signature, key, 300, undefined, standIn.clock.now()).account;
  };
  await standIn.post('/_stand-in/accounts', { id: 'acct_1Elm' });
  const make = async () => {
    await stripe.customers.create({}, { stripeAccount: 'acct_1Elm' });
    await standIn.part.idle();
  };
  await make();
  expect(sign(secret)).toBe('acct_1Elm');
  standIn.part.deliverTo({ url: listener.url, secret, connectSecret });
  await make();
  expect(sign(connectSecret)).toBe('acct_1Elm');
  expect(() => sign(secret)).toThrow();
  await stripe.customers.create({});
  await standIn.part.idle();
  expect(sign(secret)).toBeUndefined();
});

test('endpoints made by the API hear the types they asked for, with a secret of their own', async () => {
  const second = await listen();
  const endpoint = await stripe.webhookEndpoints.create({ url: second.url, enabled_events: ['customer.created'] });
  const { id } = await stripe.customers.create({});
  await stripe.customers.update(id, { name: 'Rosa' });
  await standIn.part.idle();
  expect(second.types()).toEqual(['customer.created']);
  const [heard] = second.heard;
  const verify = (key: string) =>
    stripe.webhooks.constructEvent(heard?.body ?? '', heard?.signature ?? '', key, 300, undefined, standIn.clock.now());
  expect(verify(endpoint.secret ?? '').type).toBe('customer.created');
  expect(() => verify(secret)).toThrow();
  expect((await stripe.webhookEndpoints.list()).data[0]?.secret).toBeUndefined();
  await second.close();
});
