import { issueBill } from '../../shared/domain/bill';
import {
  loseDispute,
  noteDispute,
  type StripeDispute,
  takeOverDispute,
  withdrawFunds,
} from '../../shared/domain/dispute';
import { cents } from '../../shared/domain/money';
import { payWithCredit, prepay, receivePayment } from '../../shared/domain/payment';
import { paymentState } from '../../shared/domain/paymentState';
import { requestRefund } from '../../shared/domain/refund';
import { byCard, clientId, Life, notation, paid, postingsText, sessionLines } from './life';

const issue = (life: Life, billId: string, price: number) =>
  life.do(issueBill, { billId, clientId, responsibility: 'self_pay', lines: sessionLines(billId, [price]) });

function paidByCard(): Life {
  const life = new Life();
  issue(life, 'B1', 10000);
  life.do(receivePayment, { billId: 'B1', payment: paid('P1', 10000, byCard), sourceId: 'att_1', moved: true });
  return life;
}

const dispute = (status: string, amount = 10000) => ({
  disputeId: 'dp_1',
  paymentId: 'P1',
  status,
  amountCents: cents(amount),
});
const out = { transactionId: 'txn_1', amountCents: 10000, feeCents: 1500, direction: 'withdrawn' } as const;
const back = { transactionId: 'txn_2', amountCents: 10000, direction: 'reinstated' } as const;
const now: Record<string, StripeDispute> = {
  inquiry: { dispute: dispute('warning_needs_response'), transactions: [] },
  disputed: { dispute: dispute('needs_response'), transactions: [out] },
  lost: { dispute: dispute('lost'), transactions: [out] },
  won: { dispute: dispute('won'), transactions: [out, back] },
};
const told = (life: Life, ...states: (keyof typeof now)[]): Life => {
  for (const state of states) {
    const news = now[state];
    if (news) life.do(takeOverDispute, news);
  }
  return life;
};

test('an inquiry moves nothing and forbids no refund (domain rule 33)', () => {
  const life = told(paidByCard(), 'inquiry');
  expect(life.last.entries.map(entry => [entry.kind, entry.postings])).toEqual([['dispute_opened', []]]);
  expect(life.last.attention).toMatchObject([{ kind: 'dispute_opened', billId: 'B1', paymentId: 'P1' }]);
  expect(paymentState(life.book, 'P1').status).toBe('succeeded');
  life.do(requestRefund, { paymentId: 'P1', refundId: 'R', amountCents: 1 });
});

test.each([['inquiry', 'disputed', 'lost'], ['disputed', 'disputed', 'lost', 'lost'], ['lost']])(
  'a lost dispute comes to the same sums, told as %s %s %s %s',
  (...states) => {
    const life = told(paidByCard(), ...states);
    expect([life.bill('B1'), life.payment('P1')]).toEqual([
      'T 10000, C 10000/0/10000, open',
      '0/0/0/10000, refundable 0',
    ]);
    expect(paymentState(life.book, 'P1').status).toBe('charged_back');
    const holds = told(paidByCard(), 'lost').last.holds;
    expect(holds).toEqual([{ billId: 'B1', reason: 'dispute_lost' }]);
  },
);

test.each([
  ['inquiry', 'disputed', 'won'],
  ['won', 'won'],
  ['disputed', 'lost', 'won', 'won'],
  ['lost', 'won', 'won'],
])('a dispute won, or won after all, comes to the same sums, told as %s %s %s %s', (...states) => {
  const life = told(paidByCard(), ...states);
  expect([life.bill('B1'), life.payment('P1')]).toEqual([
    'T 10000, C 10000/10000/0, paid',
    '10000/0/0/0, refundable 10000',
  ]);
  expect(paymentState(life.book, 'P1').status).toBe('succeeded');
});

test('a repeat of what is known is no movement at all', () => {
  const life = told(paidByCard(), 'lost');
  told(life, 'lost');
  expect([life.last.entries, life.last.attention, life.last.holds]).toEqual([[], [], []]);
});

test('a status that comes again is an entry of its own, and the same news twice still one', () => {
  const review: StripeDispute = { dispute: dispute('under_review'), transactions: [out] };
  const open: StripeDispute = { dispute: dispute('needs_response'), transactions: [out] };
  const life = paidByCard();
  for (const news of [open, review, open, open, review, review, open]) life.do(takeOverDispute, news);
  const told = life.book.entries.filter(entry => entry.dispute && entry.kind !== 'dispute_funds_withdrawn');
  expect(told.map(({ sourceId }) => sourceId)).toEqual([
    ...['dp_1#needs_response', 'dp_1#under_review', 'dp_1#needs_response#2'],
    ...['dp_1#under_review#2', 'dp_1#needs_response#3'],
  ]);
});

test('lost, won after all and lost again, the money has gone once and the bill is open once', () => {
  const outAgain = { ...out, transactionId: 'txn_3' };
  const life = told(paidByCard(), 'lost', 'won');
  const again: StripeDispute = { dispute: dispute('lost'), transactions: [out, back, outAgain] };
  life.do(takeOverDispute, again);
  life.do(takeOverDispute, again);
  expect([life.bill('B1'), life.payment('P1')]).toEqual([
    'T 10000, C 10000/0/10000, open',
    '0/0/0/10000, refundable 0',
  ]);
  const sources = life.book.entries.map(({ sourceId }) => sourceId);
  expect(new Set(sources).size).toBe(sources.length);
});

test('won but not yet paid back is still disputed', () => {
  const life = told(paidByCard(), 'disputed');
  life.do(noteDispute, { dispute: dispute('won') });
  expect(life.last.entries).toMatchObject([{ kind: 'dispute_status_changed' }]);
  expect(paymentState(life.book, 'P1').status).toBe('disputed');
});

test('the fee is the practice’s, and comes back when Stripe returns it', () => {
  const life = told(paidByCard(), 'disputed');
  life.do(takeOverDispute, { dispute: dispute('won'), transactions: [out, { ...back, feeCents: 1500 }] });
  const last = { ...life.last, entries: life.last.entries.slice(-1) };
  expect(postingsText(last)).toEqual(notation('ST·P1 +10000, DF·P1 −10000, FE −1500, ST +1500'));
});

test('lost without a withdrawal moves nothing', () => {
  const life = paidByCard();
  expect(life.do(loseDispute, { dispute: dispute('lost'), transactionId: 'txn_1' }).entries).toEqual([]);
});

test('a lost dispute over a prepayment gives back what its credit had paid', () => {
  const life = new Life();
  life.do(prepay, { payment: paid('P1', 10000, byCard), sourceId: 'att_1' });
  issue(life, 'B1', 7000);
  life.do(payWithCredit, { billId: 'B1', paymentId: 'A1', amountCents: 7000 });
  told(life, 'lost');
  expect([life.bill('B1'), life.payment('P1'), life.credit]).toEqual([
    'T 7000, C 7000/0/7000, open',
    '0/0/0/10000, refundable 0',
    0,
  ]);
  expect(life.last.holds).toEqual([{ billId: 'B1', reason: 'credit_returned' }]);
  expect(life.last.attention.map(a => a.kind)).toEqual(['dispute_opened', 'credit_spent_refunded', 'dispute_lost']);
});

test('a dispute over a part takes that part only', () => {
  const life = paidByCard();
  life.do(withdrawFunds, { dispute: dispute('needs_response', 4000), transactionId: 'txn_1', amountCents: 4000 });
  life.do(loseDispute, { dispute: dispute('lost', 4000), transactionId: 'txn_1' });
  expect([life.bill('B1'), life.payment('P1')]).toEqual([
    'T 10000, C 10000/6000/4000, partially_paid',
    '6000/0/0/4000, refundable 0',
  ]);
});
