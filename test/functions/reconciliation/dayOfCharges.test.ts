import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import Stripe from 'stripe';
import { stripeBalance } from '../../../shared/stripe/stripeBalance';
import { useStripe } from '../../../shared/stripe/stripeClient';

const charges = 4_000;
/** What Stripe tells of a charge is some kilobytes; its id is a hundred bytes. */
const kilobytesEach = 5;

beforeAll(() => {
  process.env.STRIPE_API = 'http://127.0.0.1:9';
});
afterAll(() => useStripe(undefined));

/** What is held once all garbage is gone. */
function heldMegabytes(): number {
  setFlagsFromString('--expose-gc');
  runInNewContext('gc')();
  return process.memoryUsage().heapUsed / 2 ** 20;
}

const charge = (n: number) => ({
  ...{ id: `ch_${n}`, object: 'charge', payment_intent: `pi_${n}` },
  metadata: { words: `${n} `.repeat((kilobytesEach * 1024) / `${n} `.length) },
});

test('a day’s charges are not held: only their ids, and a page of them at a time', async () => {
  const held: number[] = [];
  const asked: string[] = [];
  const page = async (url: RequestInfo | URL): Promise<Response> => {
    const after = new URL(String(url)).searchParams.get('starting_after');
    asked.push(after ?? '');
    const first = after === null ? 0 : Number(after.slice('ch_'.length)) + 1;
    const last = first + 100 >= charges;
    if (first === 0 || last) held.push(heldMegabytes());
    const data = Array.from({ length: 100 }, (_, n) => charge(first + n));
    return new Response(JSON.stringify({ object: 'list', data, has_more: !last, url: '/v1/charges' }));
  };
  const secret = { secretKey: 'sk_test_of_a_day', webhookSecret: 'whsec_of_a_day' };
  useStripe({ secret, httpClient: Stripe.createFetchHttpClient(page) });
  const names = await stripeBalance.intentsOn(undefined, '2026-03-10');
  expect([names.size, asked.length, names.has('pi_0'), names.has(`pi_${charges - 1}`)]).toEqual([
    ...[charges, charges / 100, true, true],
  ]);
  const [before = 0, atTheLast = 0] = held;
  // Held whole, they would be 20 MB.
  expect(atTheLast - before).toBeLessThan((charges * kilobytesEach) / 1024 / 3);
});
