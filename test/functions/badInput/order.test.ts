import type { Answered, Asked } from '../../fixtures/apiEvent';
import { askRow, rowOf } from '../../fixtures/everyOperation';
import { type Ids, Stocked } from '../../fixtures/oneOfEach';
import { type OpenStripe, openStripe } from '../../fixtures/openStripe';
import { type OpenStore, openStore } from '../../fixtures/store';

let store: OpenStore;
let stripe: OpenStripe;
let mine: Stocked;
let own: Ids;
let foreign: Ids;
beforeAll(async () => {
  process.env.PUBLIC_URL = 'https://bills.example.com';
  store = await openStore();
  stripe = await openStripe();
  mine = await Stocked.open(stripe, 'Ours');
  own = await mine.chart();
  foreign = await (await Stocked.open(stripe, 'Theirs')).chart();
  await mine.make('cancelBill', { path: { billId: own.freshBillId ?? '' }, body: {} });
  await mine.make('addPayment', { ...good(), key: usedKey });
}, 60_000);
afterAll(async () => {
  await stripe.close();
  await store.close();
});

const row = rowOf('addPayment');
const usedKey = 'key of an earlier payment';
const good = (): Asked => ({
  caller: mine.practice.admin,
  path: { billId: own.billId ?? '' },
  body: { type: 'cash_check', amountCents: 100 },
  key: 'key of this payment',
});
const ask = (asked: Asked): Promise<Answered> => askRow(row, asked);
const rawOf = ({ raw, body }: Asked): string => raw ?? JSON.stringify(body);

/** One fault each, in the order in which they are told (clarification 2). */
const faults: readonly (readonly [string, (asked: Asked) => Asked])[] = [
  ['unauthenticated', asked => ({ ...asked, caller: undefined })],
  ['body_too_large', asked => ({ ...asked, raw: rawOf(asked).padEnd(1_000_001) })],
  ['unsupported_media_type', asked => ({ ...asked, headers: { ...asked.headers, 'content-type': 'text/plain' } })],
  ['malformed_json', asked => ({ ...asked, raw: '{' })],
  ['idempotency_key_required', asked => ({ ...asked, key: 'short' })],
  ['forbidden', asked => ({ ...asked, caller: mine.practice.scheduler })],
  ['invalid_input', asked => ({ ...asked, body: { type: 'cash_check', amountCents: 0 } })],
  ['idempotency_key_reused', asked => ({ ...asked, key: usedKey, body: Object.assign({ notes: 'x' }, asked.body) })],
  ['not_found', asked => ({ ...asked, path: { billId: foreign.billId ?? '' } })],
  ['version_conflict', asked => ({ ...asked, headers: { ...asked.headers, 'if-match': '"99"' } })],
  ['bill_cancelled', asked => ({ ...asked, path: { billId: own.freshBillId ?? '' } })],
  ['amount_exceeds_balance', asked => ({ ...asked, body: { type: 'cash_check', amountCents: 99_999_999 } })],
];

describe('the order of refusals', () => {
  test.each(faults)('%s alone is told', async (code, broken) => {
    expect((await ask(broken(good()))).body.code).toBe(code);
  });

  const pairs = faults.flatMap(([first, before], index) =>
    faults.slice(index + 1).map(([second, after]) => [first, second, before, after] as const),
  );
  test.each(pairs)('%s is told before %s', async (first, _, before, after) => {
    expect((await ask(before(after(good())))).body.code).toBe(first);
  });

  test('a repeat is answered before everything that may have changed meanwhile: the first answer again', async () => {
    const chart = await mine.chart();
    const asked = { ...good(), path: { billId: chart.freshBillId ?? '' }, key: 'key of a repeated payment' };
    const first = await ask(asked);
    await mine.make('cancelBill', { path: asked.path, body: { payments: 'convert_to_credit' } });
    const again = await ask({ ...asked, headers: { 'if-match': '"1"' } });
    expect([first.status, again.status, again.headers['idempotent-replayed']]).toEqual([201, 201, 'true']);
    expect(again.body.payment.paymentId).toBe(first.body.payment.paymentId);
    const anew = await ask({ ...asked, key: 'key of another payment' });
    expect(anew.body.code).toBe('bill_cancelled');
  });
});
