import { rows } from '../../../shared/operations';
import type { Row } from '../../../shared/operations/row';
import type { Answered } from '../../fixtures/apiEvent';
import { known } from '../../fixtures/bodyFields';
import { askRow, callerFor } from '../../fixtures/everyOperation';
import { type Ids, pathIn, Stocked } from '../../fixtures/oneOfEach';
import { type OpenStripe, openStripe } from '../../fixtures/openStripe';
import { type OpenStore, openStore } from '../../fixtures/store';

let store: OpenStore;
let stripe: OpenStripe;
let practice: Stocked;
let own: Ids;
let writes = 0;
beforeAll(async () => {
  process.env.PUBLIC_URL = 'https://bills.example.com';
  store = await openStore();
  stripe = await openStripe();
  practice = await Stocked.open(stripe, 'Ours');
  own = await practice.chart();
  store.engine.onRequest(operation => {
    if (/Put|Update|Delete|Write/.test(operation)) writes += 1;
  });
}, 60_000);
afterAll(async () => {
  await stripe.close();
  await store.close();
});
beforeEach(() => {
  writes = 0;
});
afterEach(() => expect(writes).toBe(0));

const asking = rows.filter(row => row.query).map(row => [row.operation, row] as const);
const listing = asking.filter(([, row]) => 'cursor' in (row.query?.shape ?? {}));

function ask(row: Row, query: Record<string, string>): Promise<Answered> {
  const path = pathIn(row, own);
  // What a raw body holds is judged after the query.
  const raw = row.bodyFormat === 'raw' ? { raw: '{}', headers: { 'content-type': 'application/json' } } : {};
  return askRow(row, { caller: callerFor(row, practice.practice, own), path, query, ...raw });
}

const pointers = ({ status, body }: Answered) => [
  status,
  body.code,
  (body.errors ?? []).map((error: { pointer: string }) => error.pointer),
];

const candidates = [
  '',
  '0',
  '-1',
  '1.5',
  '101',
  '1e15',
  'NaN',
  'nonsense',
  'OPEN',
  'null',
  'x'.repeat(2001),
  'a\u0000b',
  '2026-02-31',
  '2026-2-3',
  '1026-01-01',
  'cli_01KAB3N5R8W2E7T4Y9V6M1C0X',
  'true,false',
];

describe('queries', () => {
  test.each(asking)('%s: each parameter wrong in turn is 422 at its name', async (_, row) => {
    for (const [name, member] of Object.entries(row.query?.shape ?? {})) {
      const wrong = candidates.filter(value => !known(member).safeParse(value).success);
      expect([name, wrong.length > 0]).toEqual([name, true]);
      for (const value of wrong) {
        const answer = await ask(row, { [name]: value });
        expect([name, value, ...pointers(answer)]).toEqual([name, value, 422, 'invalid_input', [`/${name}`]]);
        expect(answer.body.errors[0].message).not.toMatch(/invalid/i);
      }
    }
  });

  test.each(asking)('%s: a parameter that it does not know is 422, not forgotten', async (_, row) => {
    for (const name of ['petName', 'Limit', '__proto__']) {
      const answer = await ask(row, Object.fromEntries([[name, '1']]));
      expect([name, ...pointers(answer)]).toEqual([name, 422, 'invalid_input', [`/${name}`]]);
    }
  });

  test.each(listing)('%s: a cursor that it did not give is 422, whatever it holds', async (_, row) => {
    for (const cursor of await strangeCursors()) {
      const answer = await ask(row, { cursor });
      // A place in a list that nothing is at is a place all the same.
      const wanted = answer.status === 200 ? pointers(answer) : [422, 'invalid_input', ['/cursor']];
      expect([cursor, ...pointers(answer)]).toEqual([cursor, ...wanted]);
    }
    expect(pointers(await ask(row, { cursor: 'nonsense' }))).toEqual([422, 'invalid_input', ['/cursor']]);
  });

  test('a range that ends before it begins is 422', async () => {
    for (const [operation, more] of [
      ['listSessions', {}],
      ['listSessions', { clientId: own.clientId ?? '' }],
      ['listBills', { section: 'paid' }],
    ] as const) {
      const row = asking.find(([name]) => name === operation)?.[1];
      if (!row) throw new Error(`no ${operation}`);
      const answer = await ask(row, { from: '2026-02-01', to: '2026-01-01', ...more });
      expect([operation, ...pointers(answer)]).toEqual([operation, 422, 'invalid_input', ['/to']]);
    }
  });
});

const encoded = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** Cursors of other lists, of keys that are half there, of keys of another kind, and of nothing. */
async function strangeCursors(): Promise<string[]> {
  const practiceId = practice.practice.practiceId;
  const partition = `P#${practiceId}`;
  const keys = { pk: partition, sk: 'X', lpk: partition, lsk: 'X', cpk: partition, csk: 'X' };
  const given = await Promise.all(
    listing.map(async ([, row]) => (await ask(row, { limit: '1' })).body?.nextCursor as unknown),
  );
  return [
    ...given.filter(cursor => typeof cursor === 'string'),
    ...[{}, [], null, 7, 'text', keys, { pk: partition }, { ...keys, sk: 7 }, { ...keys, extra: 'x' }].map(encoded),
    '@',
    Buffer.from('@').toString('base64url'),
    Buffer.from(`@${'x'.repeat(1400)}`).toString('base64url'),
    Buffer.from('@\u0000').toString('base64url'),
    'open.',
    `open.${encoded(keys)}`,
    `resolved.${encoded({})}`,
    '%%%',
  ];
}
