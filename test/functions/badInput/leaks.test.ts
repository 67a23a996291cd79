import { rows } from '../../../shared/operations';
import { exampleBodies } from '../../../shared/operations/examples';
import type { Row } from '../../../shared/operations/row';
import { useDocumentClient } from '../../../shared/store/kernel';
import type { Answered, Asked } from '../../fixtures/apiEvent';
import { askRow, callerFor } from '../../fixtures/everyOperation';
import { leakIn } from '../../fixtures/leaks';
import { type Ids, pathIn, Stocked } from '../../fixtures/oneOfEach';
import { type OpenStripe, openStripe } from '../../fixtures/openStripe';
import { ownBodies } from '../../fixtures/ownBodies';
import { type OpenStore, openStore } from '../../fixtures/store';

let store: OpenStore;
let stripe: OpenStripe;
let mine: Stocked;
let own: Ids;
beforeAll(async () => {
  process.env.PUBLIC_URL = 'https://bills.example.com';
  store = await openStore();
  stripe = await openStripe();
  mine = await Stocked.open(stripe, 'Canary');
  own = await mine.chart();
}, 60_000);
afterAll(async () => {
  await stripe.close();
  await store.close();
});
afterEach(() => useDocumentClient(store.documents));

let intents = 0;
function ask(row: Row, more: Asked = {}): Promise<Answered> {
  intents += 1;
  const caller = callerFor(row, mine.practice, own);
  const path = pathIn(row, own);
  const body = ownBodies(own)[row.operation]?.[0] ?? exampleBodies[row.operation];
  return askRow(row, { path, body, key: `key of intent ${intents}`, ...(caller ? { caller } : {}), ...more });
}
const named = (list: readonly Row[]) => list.map(row => [row.operation, row] as const);

const words = 'Canary of 14 Larch Lane';

/** Requests that carry a person's words where they do not belong. */
function* misplaced(row: Row): Generator<Asked> {
  const example = exampleBodies[row.operation] ?? {};
  yield { body: { ...example, petName: words } };
  yield { raw: `{"petName":"${words}"` };
  yield { raw: `"${words}\n"`, headers: { 'content-type': 'text/csv' }, query: { kind: 'clients' } };
  yield { body: words };
  yield { body: Object.fromEntries(Object.keys(example).map(name => [name, [words]])) };
  yield { query: { cursor: words, limit: words, kind: words, clientId: words } };
  yield { headers: { 'if-match': words } };
  yield { key: `${words} \u00e9` };
  yield { path: Object.fromEntries(Object.keys(row.pathParams?.shape ?? {}).map(name => [name, words])) };
}

describe('a refusal quotes nobody, and does not tell how we are built', () => {
  test.each(named(rows))('%s: a person’s words in the wrong place are refused without being quoted', async (_, row) => {
    let refused = 0;
    for (const asked of misplaced(row)) {
      const answer = await ask(row, asked);
      if (answer.status < 400) continue;
      refused += 1;
      expect([asked, leakIn(answer, /canary|larch/i)]).toEqual([asked, undefined]);
    }
    expect(refused).toBeGreaterThan(0);
  });

  /** Judged before anything is read. */
  const unread = ['receiveStripeEvent', 'createImport', 'putPracticeLogo', 'getOpenApi', 'getDocsPage'];
  const reading = named(
    rows.filter(({ uses, operation }) => uses.includes('table:read') && !unread.includes(operation)),
  );

  test.each(reading)('%s: what breaks on our side is told as that, without its words', async (_, row) => {
    const broken = new Error('Canary: ValidationException for P#prac in node_modules/table.ts');
    useDocumentClient({ send: () => Promise.reject(broken) } as never);
    const answer = await ask(row);
    expect([answer.status, answer.body.code, leakIn(answer, /canary/i)]).toEqual([500, 'internal_error', undefined]);
  });
});
