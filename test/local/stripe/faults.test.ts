import { randomUUID } from 'node:crypto';
import type Stripe from 'stripe';
import type { Fault, FaultBook } from '../../../local/parts';
import { clientOf, refusalOf, type StandIn, startStandIn } from './standIn';

/** Suffers the faults it is given, in turn. */
class GivenFaults implements FaultBook {
  asked: string[] = [];
  given: Pick<Fault, 'when' | 'error'>[] = [];
  next(service: Fault['service'], operation: string): Fault | undefined {
    this.asked.push(operation);
    const fault = this.given.shift();
    return fault && { service, operation, ...fault };
  }
}

const faults = new GivenFaults();
const crashed: string[] = [];
let standIn: StandIn;
let stripe: Stripe;
beforeAll(async () => {
  standIn = await startStandIn({ faults, crashCaller: key => crashed.push(key) });
  stripe = standIn.stripe;
});
afterAll(() => standIn.part.close());

const charge = (client = stripe, idempotencyKey: string = randomUUID()) =>
  client.paymentIntents.create(
    { amount: 4000, currency: 'usd', payment_method: 'pm_card_visa', confirm: true },
    { idempotencyKey },
  );
const chargesMade = async (): Promise<number> => (await stripe.charges.list({ limit: 100 })).data.length;

test('calls are named by method and path, with :id for ids', async () => {
  faults.asked = [];
  const { id } = await charge();
  await stripe.refunds.create({ payment_intent: id });
  await refusalOf(stripe.paymentIntents.cancel(id));
  expect(faults.asked).toEqual(['POST /v1/payment_intents', 'POST /v1/refunds', 'POST /v1/payment_intents/:id/cancel']);
});

test('throttled before: nothing happened, and the same key may try again', async () => {
  const before = await chargesMade();
  faults.given = [{ when: 'before', error: 'throttle' }];
  expect(await refusalOf(charge(stripe, 'throttled'))).toMatchObject({ type: 'StripeRateLimitError', statusCode: 429 });
  expect(await chargesMade()).toBe(before);
  expect((await charge(stripe, 'throttled')).status).toBe('succeeded');
});

test.each([
  ['before', 0],
  ['after', 1],
] as const)('a 500 %s made %i charges and is sticky for its key', async (when, made) => {
  const before = await chargesMade();
  faults.given = [{ when, error: '500' }];
  const key = `sticky ${when}`;
  expect(await refusalOf(charge(stripe, key))).toMatchObject({ type: 'StripeAPIError', statusCode: 500 });
  const again = await refusalOf(charge(stripe, key));
  expect(again).toMatchObject({ statusCode: 500 });
  expect(again.headers?.['idempotent-replayed']).toBe('true');
  expect(await chargesMade()).toBe(before + made);
});

test.each([
  ['before', 0],
  ['after', 1],
] as const)('a time-out %s made %i charges, and the key then finds one', async (when, made) => {
  const impatient = clientOf(standIn.part.url, { timeout: 100 });
  const before = await chargesMade();
  faults.given = [{ when, error: 'timeout' }];
  const key = `slow ${when}`;
  expect(await refusalOf(charge(impatient, key))).toMatchObject({ type: 'StripeConnectionError' });
  expect(await chargesMade()).toBe(before + made);
  await charge(stripe, key);
  expect(await chargesMade()).toBe(before + 1);
});

test('a crash ends the caller and the connection', async () => {
  const before = await chargesMade();
  faults.given = [{ when: 'after', error: 'crash' }];
  const call = fetch(`${standIn.part.url}/v1/payment_intents`, {
    method: 'POST',
    headers: { authorization: 'Bearer sk_test_x', 'x-caller-access-key': 'AKIAPAY' },
    body: 'amount=4000&currency=usd&payment_method=pm_card_visa&confirm=true',
  });
  await expect(call).rejects.toThrow();
  expect(crashed).toEqual(['AKIAPAY']);
  expect(await chargesMade()).toBe(before + 1);
});

test('what callers sent is kept, head and body', async () => {
  await stripe.customers.create({ name: 'Rosa Diaz', description: 'contact con_1' });
  const last = standIn.part.sent().at(-1) ?? '';
  expect(last).toMatch(/^POST \/v1\/customers HTTP\/1\.1\r\n/);
  expect(last).toContain('description=contact%20con_1');
});
