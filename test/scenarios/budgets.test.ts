import { type Cost, measureCosts } from '../../bench/costs';
import { startCloud } from '../../local/cloud/startCloud';

/** What each operation asks of DynamoDB, metered by the engine on real items over HTTP: exact, so every change shows here. */
let costs: Readonly<Record<string, Cost>>;

beforeAll(async () => {
  const cloud = await startCloud({ port: 0, clock: '2026-11-20T15:00:00Z' });
  try {
    costs = await measureCosts(cloud);
  } finally {
    await cloud.close();
  }
}, 180_000);

const create = 'BatchGetItem 1, GetItem 1, Query 1, TransactWriteItems 1, UpdateItem 1';
const pay = 'GetItem 1, Query 1, TransactWriteItems 1';
const refund = 'GetItem 1, Query 2, TransactWriteItems 1';
const cancel = 'BatchGetItem 1, GetItem 1, Query 1, TransactWriteItems 1';
const listed = 'Query 1';
const pointed = 'BatchGetItem 1, Query 1';

/** Write units and requests. */
const expected: Readonly<Record<string, readonly [number, string]>> = {
  'create, 1 session': [19, create],
  'create, 2 sessions': [24, create],
  'create, 4 sessions': [34, create],
  'create, 1 session, 4 lines': [19, create],
  'create, insured': [19, create],
  'create, with credit applied': [27, create],

  'read a bill': [0, 'Query 1'],
  'read a bill that credit touched': [0, 'Query 2'],
  'history of a bill': [0, 'Query 1'],
  'section open': [0, listed],
  'section overdue': [0, listed],
  'section paid': [0, listed],
  'section cancelled': [0, listed],
  'section partially_paid': [0, pointed],
  'section awaiting_insurance': [0, pointed],
  // Nothing to read in a batch: no bill is there.
  'section needs_attention': [0, listed],
  pending: [0, 'Query 1'],
  'Documents tab': [0, 'GetItem 1, Query 1'],
  'sessions by date': [0, pointed],
  'summary of the sections': [0, 'Query 4'],

  'payment, open to partly paid': [12, pay],
  'payment, partly paid to partly paid': [11, pay],
  'payment, partly paid to paid': [13, pay],
  'payment, open to paid': [12, pay],
  'payment, open to awaiting insurance': [13, pay],
  'payment, the surplus to credit': [14, pay],
  'payment, with credit': [14, refund],
  'payment, discount': [12, refund],
  'insurer’s payment with write-off': [13, pay],
  'replay of a payment': [0, 'GetItem 1, Query 2'],
  prepayment: [9, pay],

  'refund offline, paid to open': [12, refund],
  'refund offline, partly paid to partly paid': [11, refund],
  'refund offline, paid to partly paid': [13, refund],
  'credit given back': [14, 'GetItem 1, Query 3, TransactWriteItems 1'],

  'cancel, 1 session': [16, cancel],
  'cancel, 2 sessions': [21, cancel],
  'cancel, 4 sessions': [31, cancel],
  'cancel, the payment to credit': [19, cancel],

  'card payment': [25, 'GetItem 2, Query 2, TransactWriteItems 2'],
  'an event of it, taken': [1, 'GetItem 1, PutItem 1'],
  'an event of it, followed': [0, 'Query 3'],
  'Stripe refund': [26, 'GetItem 1, Query 2, TransactWriteItems 2'],
  'an event of a refund made here, taken': [1, 'GetItem 1, PutItem 1'],
  'an event of a refund made here, followed': [0, 'Query 3'],
  'a refund found in Stripe, taken': [1, 'GetItem 1, PutItem 1'],
  'a refund found in Stripe, followed': [12, 'Query 5, TransactWriteItems 1'],
  'the same event again': [0, 'GetItem 1'],

  share: [9, 'BatchGetItem 1, GetItem 3, Query 1, TransactWriteItems 1'],
  // One query a shard of the due work, of which one machine has four.
  'sending, the lease': [3, 'Query 4, UpdateItem 1'],
  'sending, the mail': [10, 'BatchGetItem 1, GetItem 4, Query 2, TransactWriteItems 2'],
  'sending, its delivery': [6, 'GetItem 1, Query 2, TransactWriteItems 1'],
};

test('each operation asks of DynamoDB exactly these requests and write units', () => {
  const measured = Object.entries(costs).map(([name, { requests, writeUnits }]) => [name, [writeUnits, requests]]);
  expect(Object.fromEntries(measured)).toEqual(expected);
});

/** The budgets of `design.md` section 4 in write units, indexes included. */
const budgets: readonly (readonly [budget: string, most: number, operations: readonly string[]])[] = [
  ['create', 20, ['create, 1 session', 'create, insured']],
  ['create, 5 more for a further session', 25, ['create, 2 sessions']],
  ['create, 15 more for three further sessions', 35, ['create, 4 sessions']],
  ['create, 2 more for a further KB of lines', 22, ['create, 1 session, 4 lines']],
  ['create, 7 more with credit', 27, ['create, with credit applied']],
  [
    'payment',
    14,
    [
      'payment, open to partly paid',
      'payment, partly paid to partly paid',
      'payment, partly paid to paid',
      'payment, open to paid',
      'payment, open to awaiting insurance',
      'payment, discount',
      'insurer’s payment with write-off',
      'prepayment',
    ],
  ],
  ['payment, 2 more with credit', 16, ['payment, the surplus to credit', 'payment, with credit', 'credit given back']],
  ['refund offline', 12, ['refund offline, paid to open', 'refund offline, partly paid to partly paid']],
  ['refund offline, 1 more for a paid bill that is partly paid again', 13, ['refund offline, paid to partly paid']],
  ['cancel, 12 and 5 a session', 17, ['cancel, 1 session']],
  ['cancel, 12 and 5 a session', 22, ['cancel, 2 sessions']],
  ['cancel, 12 and 5 a session', 32, ['cancel, 4 sessions']],
  ['card payment and Stripe refund', 26, ['card payment', 'Stripe refund']],
  ['an event', 1, ['an event of it, taken', 'an event of a refund made here, taken', 'the same event again']],
  ['share', 10, ['share']],
  ['sending, without the sweep’s lease', 10, ['sending, the mail']],
];

test.each(budgets)('%s stays within %i write units', (_, most, operations) => {
  const over = operations.filter(name => (costs[name]?.writeUnits ?? Number.POSITIVE_INFINITY) > most);
  expect(over).toEqual([]);
});
