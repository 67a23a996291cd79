import type Stripe from 'stripe';
import { pacer } from '../../shared/pacing';
import { endpointOf, pacedClient } from '../../shared/stripe/pacing';

/** A clock that only waiting moves. */
function standingTime() {
  let now = 0;
  return {
    now: () => now,
    pause: async (milliseconds: number) => {
      now += milliseconds;
    },
  };
}

test('a burst of one second’s worth goes at once, then so many a second', async () => {
  const time = standingTime();
  const turn = pacer(5, time);
  const at: number[] = [];
  for (let call = 0; call < 15; call += 1) {
    await turn('one endpoint');
    at.push(Math.round(time.now()));
  }
  expect(at.slice(0, 6)).toEqual([0, 0, 0, 0, 0, 200]);
  expect(at.at(-1)).toBe(2000);
});

test('another endpoint and another account have turns of their own', async () => {
  const time = standingTime();
  const turn = pacer(1, time);
  await turn('a');
  await turn('b');
  expect(time.now()).toBe(0);
  await turn('a');
  expect(time.now()).toBe(1000);
});

test('an endpoint is the path without its ids and its query', () => {
  const one = endpointOf('GET', '/v1/payment_intents/pi_3abcdefghij?expand[0]=latest_charge', 'acct_1');
  expect(one).toBe('acct_1 GET /v1/payment_intents/:id');
  expect(endpointOf('POST', '/v1/checkout/sessions/cs_test_a1b2c3d4e5/expire', 'own')).toBe(
    'own POST /v1/checkout/sessions/:id/expire',
  );
});

test('what Stripe’s client asks goes out as it was, in its turn, by account', async () => {
  const time = standingTime();
  const asked: unknown[][] = [];
  const inner = {
    getClientName: () => 'node',
    makeRequest: async (...request: unknown[]) => {
      asked.push([...request, time.now()]);
      return 'answer';
    },
  } as unknown as Stripe.HttpClient;
  const client = pacedClient(inner, 1, time);
  const request = (headers: object) => ['api.stripe.com', 443, '/v1/refunds', 'POST', headers, 'a=1', 'https', 20_000];
  const send = (headers: object) => client.makeRequest(...(request(headers) as Parameters<typeof client.makeRequest>));
  expect(await send({ 'Stripe-Account': 'acct_1' })).toBe('answer');
  await send({ 'Stripe-Account': 'acct_2' });
  await send({ 'Stripe-Account': 'acct_1' });
  expect(asked.map(call => call.at(-1))).toEqual([0, 0, 1000]);
  expect(asked[0]?.slice(0, 8)).toEqual(request({ 'Stripe-Account': 'acct_1' }));
  expect(client.getClientName()).toBe('node');
});
