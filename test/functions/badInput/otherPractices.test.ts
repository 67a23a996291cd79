import { rows } from '../../../shared/operations';
import { exampleBodies } from '../../../shared/operations/examples';
import type { Row } from '../../../shared/operations/row';
import type { Answered, Asked } from '../../fixtures/apiEvent';
import { fieldsOf, type Path, withValue } from '../../fixtures/bodyFields';
import { askRow, callerFor } from '../../fixtures/everyOperation';
import { type Ids, pathIn, Stocked } from '../../fixtures/oneOfEach';
import { type OpenStripe, openStripe } from '../../fixtures/openStripe';
import { ownBodies } from '../../fixtures/ownBodies';
import { type OpenStore, openStore } from '../../fixtures/store';

let store: OpenStore;
let stripe: OpenStripe;
let mine: Stocked;
let own: Ids;
let foreign: Ids;
const writes: string[] = [];

beforeAll(async () => {
  process.env.PUBLIC_URL = 'https://bills.example.com';
  store = await openStore();
  stripe = await openStripe();
  mine = await Stocked.open(stripe, 'Ours');
  const theirs = await Stocked.open(stripe, 'Theirs');
  own = await mine.chart();
  foreign = await theirs.chart();
  store.engine.onRequest(operation => {
    if (/Put|Update|Delete|Write/.test(operation)) writes.push(operation);
  });
}, 60_000);
afterAll(async () => {
  await stripe.close();
  await store.close();
});
beforeEach(() => {
  writes.length = 0;
  stripe.newCalls();
});

const named = (list: readonly Row[]) => list.map(row => [row.operation, row] as const);
const params = (row: Row): string[] => Object.keys(row.pathParams?.shape ?? {});

let intents = 0;
function ask(row: Row, more: Asked = {}): Promise<Answered> {
  intents += 1;
  const caller = callerFor(row, mine.practice, own);
  const path = pathIn(row, own);
  const body = ownBodies(own)[row.operation]?.[0] ?? exampleBodies[row.operation];
  return askRow(row, { path, body, key: `key of intent ${intents}`, ...(caller ? { caller } : {}), ...more });
}
const refusal = ({ status, body }: Answered): unknown[] => (status < 400 ? ['taken'] : [status, body.code]);
/** A bill's number is drawn beside the reads: one that is not used is a gap, nothing more. */
const written = (row: Row): string[] =>
  writes.filter(name => !(row.operation === 'createBill' && name === 'UpdateItem'));

describe('another practice’s records are not there', () => {
  const withPath = named(rows.filter(row => params(row).length > 0));

  test.each(withPath)('%s: another practice’s id in the path is 404, one of no such form likewise', async (_, row) => {
    for (const name of params(row)) {
      const wrong = [
        foreign[name] ?? '',
        `${own[name]}0`,
        String(own[name]).toLowerCase(),
        'x',
        '',
        '%2e%2e',
        `${own[name]}#`,
      ];
      for (const id of wrong) {
        const answer = await ask(row, { path: { ...pathIn(row, own), [name]: id } });
        expect([name, id, ...refusal(answer)]).toEqual([name, id, 404, 'not_found']);
      }
    }
    expect([written(row), stripe.newCalls()]).toEqual([[], []]);
  });

  /** Fields that name a record: by their name, and because they take nothing but an id. */
  const idsIn = (row: Row): string[] => [
    ...new Set(
      fieldsOf(row)
        .filter(({ path, schema }) => /Id$/.test(String(path.at(-1))) && !schema.safeParse('Words').success)
        .map(({ path }) => String(path.at(-1))),
    ),
  ];
  const withIds = named(rows.filter(row => idsIn(row).length > 0));

  test('every operation whose body names records is tried with a body of its own', () => {
    expect(withIds.map(([name]) => name).sort()).toEqual(Object.keys(ownBodies(own)).sort());
  });

  test.each(withIds)(
    '%s: another practice’s id in the body is refused at its place, and nothing is done',
    async (operation, row) => {
      const ids = idsIn(row);
      const tried = new Set<string>();
      for (const body of ownBodies(own)[operation] ?? []) {
        for (const [path, name] of leavesOf(body, [])) {
          if (!ids.includes(name)) continue;
          tried.add(name);
          const answer = await ask(row, { body: withValue(body, path, foreign[name]) });
          const wanted = answer.status === 404 ? ['not_found'] : ['invalid_input', `/${path.join('/')}`];
          expect([path, ...toldBy(answer)]).toEqual([path, ...wanted]);
        }
      }
      expect([...tried].sort()).toEqual(ids.sort());
      expect([written(row), stripe.newCalls()]).toEqual([[], []]);
    },
  );
});

test('a list asked for another practice’s client or practitioner is empty, or says that there is none', async () => {
  let asked = 0;
  for (const row of rows) {
    for (const name of Object.keys(row.query?.shape ?? {}).filter(name => /Id$/.test(name))) {
      asked += 1;
      const answer = await ask(row, { query: { [name]: foreign[name] ?? '' } });
      const nothing = answer.status === 404 || (answer.status === 200 && answer.body.items.length === 0);
      expect([row.operation, name, nothing]).toEqual([row.operation, name, true]);
    }
  }
  expect(asked).toBeGreaterThan(4);
});

const toldBy = ({ body }: Answered): string[] => [
  body.code,
  ...(body.errors ?? []).map((error: { pointer: string }) => error.pointer),
];

function* leavesOf(value: unknown, path: Path): Generator<readonly [Path, string]> {
  if (typeof value === 'string') yield [path, String(path.at(-1))];
  else if (Array.isArray(value))
    for (const [index, member] of value.entries()) yield* leavesOf(member, [...path, index]);
  else if (typeof value === 'object' && value !== null) {
    for (const [name, member] of Object.entries(value)) yield* leavesOf(member, [...path, name]);
  }
}

describe('the same requests about the practice’s own records', () => {
  /** What ends a record comes last. */
  const order = ['GET', 'PATCH', 'PUT', 'POST', 'DELETE'];
  const endings = [
    'completeSession',
    'waiveSession',
    'unwaiveSession',
    'removeCard',
    'removeContact',
    'removePolicy',
    'deactivateMember',
    'cancelBill',
    'deleteBill',
  ];
  const rank = ({ method, operation }: Row): number =>
    endings.includes(operation) ? order.length + endings.indexOf(operation) : order.indexOf(method);
  const about = rows.filter(row => params(row).length > 0 || row.operation in ownBodies({}));
  // Paper and sign-ins live outside the table; their own tests bring what they need.
  const alone = about.filter(({ uses }) => !uses.includes('documents:write') && !uses.includes('identity'));
  const inOrder = named([...alone].sort((a, b) => rank(a) - rank(b)));

  test.each(inOrder)('%s is taken: what was refused above was so for the id alone', async (operation, row) => {
    const answer = await ask(row, operation in others ? { body: others[operation] } : {});
    expect(refusal(answer)).toEqual(standing[operation] ?? ['taken']);
  });

  const standing: Readonly<Record<string, readonly [number, string]>> = {
    // What an offline refund does to its bill was decided with it.
    decideRefundEffect: [409, 'effect_already_decided'],
    // The requests before it moved the money of the superbill's bill.
    shareSuperbill: [409, 'document_out_of_date'],
    // The requests before it made the contact the one who gets the bills.
    putOwnAutopay: [403, 'forbidden'],
  };
  /** Where the example would meet what another operation has left. */
  const others: Readonly<Record<string, object>> = {
    createContact: { name: 'Walter Walker', roles: ['emergency'] },
    writeOffBill: { amountCents: 100, reason: 'Hardship' },
    createOwnCheckout: { amountCents: 600 },
  };
});
