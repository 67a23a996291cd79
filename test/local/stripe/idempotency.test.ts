import type Stripe from 'stripe';
import { day, refusalOf, type StandIn, startStandIn } from './standIn';

let standIn: StandIn;
let stripe: Stripe;
beforeAll(async () => {
  standIn = await startStandIn();
  stripe = standIn.stripe;
});
afterAll(() => standIn.part.close());

const charge = (idempotencyKey: string, more: Partial<Stripe.PaymentIntentCreateParams> = {}) =>
  stripe.paymentIntents.create(
    { amount: 4000, currency: 'usd', payment_method: 'pm_card_visa', confirm: true, ...more },
    { idempotencyKey },
  );

describe('an idempotency key', () => {
  test('charges once and replays the first answer', async () => {
    const first = await charge('once');
    const second = await charge('once');
    expect(second.id).toBe(first.id);
    expect(first.lastResponse.headers['idempotent-replayed']).toBeUndefined();
    expect(second.lastResponse.headers).toMatchObject({
      'idempotent-replayed': 'true',
      'original-request': first.lastResponse.requestId,
    });
    expect(second.lastResponse.requestId).not.toBe(first.lastResponse.requestId);
  });

  test('is refused for other parameters and for another call', async () => {
    await charge('same');
    const other = await refusalOf(charge('same', { amount: 4001 }));
    expect(other).toMatchObject({ type: 'StripeIdempotencyError', statusCode: 400 });
    const elsewhere = stripe.customers.create({ name: 'Rosa' }, { idempotencyKey: 'same' });
    expect(await refusalOf(elsewhere)).toMatchObject({ type: 'StripeIdempotencyError' });
  });

  test('replays a decline', async () => {
    const first = await refusalOf(charge('decline', { payment_method: 'pm_card_chargeDeclined' }));
    const second = await refusalOf(charge('decline', { payment_method: 'pm_card_chargeDeclined' }));
    expect(second.payment_intent?.id).toBe(first.payment_intent?.id);
    expect(second.headers?.['idempotent-replayed']).toBe('true');
  });

  test('is free again after parameters that were refused', async () => {
    await refusalOf(charge('typo', { currency: 'dollars' }));
    expect((await charge('typo')).status).toBe('succeeded');
  });

  test('is forgotten after 24 hours: it then protects from nothing', async () => {
    const first = await charge('yesterday');
    standIn.clock.advance(day - 1000);
    expect((await charge('yesterday')).id).toBe(first.id);
    standIn.clock.advance(1000);
    expect((await charge('yesterday')).id).not.toBe(first.id);
  });

  test('is in use while its call runs', async () => {
    await standIn.post('/_stand-in/latency', { milliseconds: 60 });
    const running = charge('twice');
    const refusal = await refusalOf(new Promise<void>(resolve => setTimeout(resolve, 20)).then(() => charge('twice')));
    expect(refusal).toMatchObject({ statusCode: 409, code: 'idempotency_key_in_use' });
    const { id } = await running;
    await standIn.post('/_stand-in/latency', { milliseconds: 0 });
    expect((await charge('twice')).id).toBe(id);
  });
});
