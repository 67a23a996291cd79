import { issueBill } from '../../shared/domain/bill';
import { type Act, type Book, type Movement, noMovement } from '../../shared/domain/book';
import { grantCredit } from '../../shared/domain/credit';
import { type StripeDispute, takeOverDispute } from '../../shared/domain/dispute';
import { cents } from '../../shared/domain/money';
import { moreToTake, mostReopened } from '../../shared/domain/outflow';
import { payWithCredit, prepay, receivePaymentOverBills } from '../../shared/domain/payment';
import { paymentState } from '../../shared/domain/paymentState';
import { type StripeRefund, takeOverRefund } from '../../shared/domain/refund';
import { byCard, clientId, Life, paid, sessionLines } from './life';

/** OUT over more bills than one transaction holds (`ledger.md` section 3); `Life` checks the book after each part. */
const bills = Array.from({ length: 45 }, (_, index) => `B${index + 1}`);

function issueAll(life: Life): void {
  for (const billId of bills)
    life.do(issueBill, { billId, clientId, responsibility: 'self_pay', lines: sessionLines(billId, [100]) });
}

/** A prepayment of 50.00: 45.00 of it paid 45 bills, of the rest 2.00 were taken away by hand. */
function spentOnMany(): Life {
  const life = new Life();
  life.do(prepay, { payment: paid('P1', 5000, byCard), sourceId: 'att_1' });
  issueAll(life);
  for (const billId of bills) life.do(payWithCredit, { billId, paymentId: `A.${billId}`, amountCents: 100 });
  life.do(grantCredit, { clientId, amountCents: -200, reason: 'by mistake' });
  return life;
}

const refund: StripeRefund = { paymentId: 'P1', stripeRefundId: 're_1', amountCents: 5000, status: 'succeeded' };
const out = { transactionId: 'txn_1', amountCents: 5000, direction: 'withdrawn' } as const;
const lost: StripeDispute = {
  dispute: { disputeId: 'dp_1', paymentId: 'P1', status: 'lost', amountCents: cents(5000) },
  transactions: [out],
};

type Rule<R> = (book: Book, request: R, act: Act) => Movement;

/** Takes it over part by part; how many bills each part reopened, and what it asked staff to look at. */
function takeOver<R>(life: Life, rule: Rule<R>, news: R) {
  const parts: { bills: number; kinds: string[] }[] = [];
  do {
    const { holds, attention } = life.do(rule, news);
    parts.push({ bills: holds.length, kinds: [...new Set(attention.map(({ kind }) => kind))] });
  } while (moreToTake(life.book, 'P1'));
  return parts;
}

const uncovered = (life: Life): number => paymentState(life.book, 'P1').uncoveredCents;
const reopened = (life: Life): number => bills.filter(id => life.bill(id) === 'T 100, C 100/0/100, open').length;

test('a refund of money that paid very many bills as credit reopens them in parts, each whole in itself', () => {
  const life = spentOnMany();
  expect(takeOver(life, takeOverRefund, refund)).toEqual([
    { bills: mostReopened, kinds: ['credit_spent_refunded'] },
    { bills: mostReopened, kinds: ['credit_spent_refunded'] },
    { bills: 5, kinds: ['credit_spent_refunded', 'refund_without_cover'] },
  ]);
  expect(life.last.attention.at(-1)).toMatchObject({ kind: 'refund_without_cover', facts: { amountCents: 200 } });
  expect([life.payment('P1'), life.credit, reopened(life), uncovered(life)]).toEqual([
    '0/200/5000/0, refundable 0',
    0,
    45,
    200,
  ]);
  expect(paymentState(life.book, 'P1').refunds).toHaveLength(1);
  expect(life.do(takeOverRefund, refund)).toEqual(noMovement);
});

test('each part is keyed by Stripe’s id, so that no repeat doubles it', () => {
  const life = spentOnMany();
  takeOver(life, takeOverRefund, refund);
  const atClient = life.book.entries.filter(({ home, refund: of }) => home.kind === 'client' && of);
  expect(atClient.map(({ sourceId }) => sourceId)).toEqual(['re_1#counted', 're_1#counted#2', 're_1#counted#3']);
});

test('one that fails between its parts pays what it had reopened by nothing: the money is the client’s credit', () => {
  const life = spentOnMany();
  life.do(takeOverRefund, refund);
  expect([reopened(life), uncovered(life)]).toEqual([20, 2700]);
  life.do(takeOverRefund, { ...refund, status: 'failed' });
  expect([life.payment('P1'), uncovered(life), life.credit]).toEqual(['0/5000/0/0, refundable 2300', 0, 2300]);
  expect(life.do(takeOverRefund, { ...refund, status: 'failed' })).toEqual(noMovement);
});

test('a second refund goes on only after the first is whole', () => {
  const life = spentOnMany();
  takeOver(life, takeOverRefund, { ...refund, amountCents: 3000 });
  expect([reopened(life), uncovered(life)]).toEqual([27, 0]);
  takeOver(life, takeOverRefund, { ...refund, amountCents: 2000, stripeRefundId: 're_2' });
  expect([life.payment('P1'), reopened(life), uncovered(life)]).toEqual(['0/200/5000/0, refundable 0', 45, 200]);
});

test('a lost dispute goes the same way, and is told once', () => {
  const life = spentOnMany();
  const parts = takeOver(life, takeOverDispute, lost);
  expect(parts.map(part => part.bills)).toEqual([mostReopened, mostReopened, 5]);
  expect(parts.flatMap(part => part.kinds).filter(kind => kind === 'dispute_lost')).toEqual(['dispute_lost']);
  expect([life.payment('P1'), reopened(life), uncovered(life)]).toEqual(['0/200/0/5000, refundable 0', 45, 200]);
  expect(life.do(takeOverDispute, lost).entries).toEqual([]);
});

test('a payment over very many bills reopens its own in parts, the oldest first', () => {
  const life = new Life();
  issueAll(life);
  const parts = bills.map(billId => ({ billId, amountCents: 100 }));
  life.do(receivePaymentOverBills, { payment: paid('P1', 4500, byCard), parts, sourceId: 'att_1', moved: true });
  life.do(takeOverRefund, { ...refund, amountCents: 4400 });
  expect([life.bill('B20'), life.bill('B21')]).toEqual(['T 100, C 100/0/100, open', 'T 100, C 100/100/0, paid']);
  expect(takeOver(life, takeOverRefund, { ...refund, amountCents: 4400 }).map(part => part.bills)).toEqual([20, 4]);
  expect([life.payment('P1'), life.bill('B45')]).toEqual(['100/0/4400/0, refundable 100', 'T 100, C 100/100/0, paid']);
});
