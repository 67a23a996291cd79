import { issueBill } from '../../shared/domain/bill';
import type { Book } from '../../shared/domain/book';
import { billOf } from '../../shared/domain/draft';
import { assertSound, assertWhole } from '../../shared/domain/invariants';
import type { Entry, Posting } from '../../shared/domain/ledger';
import { cents } from '../../shared/domain/money';
import { prepay, receivePayment, receivePaymentOverBills } from '../../shared/domain/payment';
import { clientId, Life, paid, sessionLines } from './life';

function sound(): Book {
  const life = new Life();
  life.do(issueBill, { billId: 'B1', clientId, responsibility: 'self_pay', lines: sessionLines('S', [5000]) });
  life.do(receivePayment, { billId: 'B1', payment: paid('P1', 6000), overpayment: 'credit' });
  return life.book;
}

/** The book with the amount of one posting of one entry changed, and another to balance it or not. */
function bent(entryIndex: number, changes: readonly (readonly [index: number, by: number])[]): Book {
  const book = sound();
  const entries = book.entries.map((entry, index): Entry => {
    if (index !== entryIndex) return entry;
    const postings = entry.postings.map((posting, place): Posting => {
      const by = changes.find(([at]) => at === place)?.[1] ?? 0;
      return { ...posting, amountCents: cents(posting.amountCents + by) };
    });
    return { ...entry, postings };
  });
  return { ...book, entries };
}

const withBill = (change: object): Book => {
  const book = sound();
  return { ...book, bills: new Map([['B1', { ...billOf(book, 'B1'), ...change }]]) };
};

test('a sound book passes', () => {
  expect(() => assertWhole(sound())).not.toThrow();
});

test.each<[string, Book, string]>([
  ['an entry that does not balance', bent(0, [[0, 1]]), 'does not balance'],
  [
    'a client balance below 0',
    bent(1, [
      [0, 1],
      [1, -1],
    ]),
    "client's balance is below 0",
  ],
  [
    'a price that is not its portions',
    bent(0, [
      [0, 1],
      [1, -1],
    ]),
    'do not add up',
  ],
  ['a cancelled bill with balances', withBill({ cancelled: true }), 'is cancelled and its'],
  ['lines that are not the bill', withBill({ lines: sessionLines('S', [4000]) }), 'do not add up'],
  [
    'a line that is not its parts',
    withBill({ lines: sessionLines('S', [5000]).map(l => ({ ...l, amountCents: cents(5001) })) }),
    'portions are not the price',
  ],
  [
    'a lot below 0',
    { ...sound(), lots: sound().lots.map(lot => ({ ...lot, remainingCents: cents(-1) })) },
    'is below 0',
  ],
])('%s is our bug', (_, book, message) => {
  expect(() => assertSound(book)).toThrow(message);
});

test('a stored lot that is not what its entries say is found by the whole check', () => {
  const book = sound();
  const lots = book.lots.map(lot => ({ ...lot, remainingCents: cents(999) }));
  expect(() => assertWhole({ ...book, lots })).toThrow('is not what its entries say');
  expect(() => assertWhole({ ...book, lots: [] })).toThrow('different lots');
});

test('a payment that is not accounted for is found', () => {
  const book = sound();
  const entries = book.entries.map(
    (entry): Entry => (entry.payment ? { ...entry, payment: { ...entry.payment, amountCents: cents(6001) } } : entry),
  );
  expect(() => assertSound({ ...book, entries })).toThrow('6001 received, 6000 accounted for');
});

test('a book that holds one of two bills of a payment is judged by what it can see', () => {
  const life = new Life();
  for (const billId of ['B1', 'B2']) {
    life.do(issueBill, { billId, clientId, responsibility: 'self_pay', lines: sessionLines(billId, [500]) });
  }
  const parts = ['B1', 'B2'].map(billId => ({ billId, amountCents: 500 }));
  life.do(receivePaymentOverBills, { payment: paid('P1', 1000), parts });
  life.do(prepay, { payment: paid('P2', 100) });
  const entries = life.book.entries.filter(entry => entry.home.id === 'B1');
  expect(() =>
    assertSound({ entries, lots: life.book.lots, bills: new Map([['B1', billOf(life.book, 'B1')]]) }),
  ).not.toThrow();
});
