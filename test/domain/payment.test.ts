import { cancelBill, issueBill } from '../../shared/domain/bill';
import { grantCredit } from '../../shared/domain/credit';
import { cents } from '../../shared/domain/money';
import { checkPayable } from '../../shared/domain/payable';
import {
  applicableCredit,
  giveDiscount,
  payWithCredit,
  prepay,
  receivePayment,
  receivePaymentOverBills,
} from '../../shared/domain/payment';
import { billsBehind, paymentState } from '../../shared/domain/paymentState';
import { Problem } from '../../shared/domain/problem';
import { requestRefund } from '../../shared/domain/refund';
import { byCard, clientId, Life, notation, paid, postingsText, sessionLines } from './life';

function withBills(...prices: number[]): Life {
  const life = new Life();
  prices.forEach((price, index) => {
    const billId = `B${index + 1}`;
    life.do(issueBill, { billId, clientId, responsibility: 'self_pay', lines: sessionLines(billId, [price]) });
  });
  return life;
}

const cancelled = (): Life => {
  const life = withBills(10000);
  life.do(cancelBill, { billId: 'B1', payments: 'refuse' });
  return life;
};

describe('what a request may pay (RESERVE)', () => {
  const answer = (amount: number, reserved: number, isCancelled = false): unknown => {
    try {
      checkPayable({ cancelled: isCancelled, clientBalanceCents: cents(1000) }, reserved, amount);
      return 'paid';
    } catch (error) {
      return error instanceof Problem ? [error.code, error.facts] : error;
    }
  };

  test.each([
    [600, 400, 'paid'],
    [601, 400, ['payment_in_progress', { reservedCents: 400, clientBalanceCents: 1000 }]],
    [1000, 1, ['payment_in_progress', { reservedCents: 1, clientBalanceCents: 1000 }]],
    [1001, 400, ['amount_exceeds_balance', { clientBalanceCents: 1000 }]],
  ])('%i of 1000 while %i is reserved', (amount, reserved, expected) => {
    expect(answer(amount, reserved)).toEqual(expected);
  });

  test('nothing of a cancelled bill, whatever else holds', () => {
    expect(answer(1001, 400, true)).toEqual(['bill_cancelled', {}]);
  });
});

describe('money that is asked to be recorded', () => {
  test('an overpayment to credit does not pay what a card attempt has reserved', () => {
    const life = withBills(10000);
    life.reserve('B1', 3000);
    const request = { billId: 'B1', payment: paid('P1', 12000), overpayment: 'credit' } as const;
    expect(life.refused(receivePayment, request).code).toBe('payment_in_progress');
  });

  test('an overpayment that staff meant is nothing to look at', () => {
    const life = withBills(500);
    life.do(receivePayment, { billId: 'B1', payment: paid('P1', 700), overpayment: 'credit' });
    expect([life.credit, life.last.attention]).toEqual([200, []]);
  });

  test.each(['refuse', 'credit'] as const)('a cancelled bill takes none, overpayment: %s', overpayment => {
    const problem = cancelled().refused(receivePayment, { billId: 'B1', payment: paid('P1', 1), overpayment });
    expect(problem.code).toBe('bill_cancelled');
  });

  test.each([
    [{ type: 'cash_check' }, { account: 'offline_money', method: 'cash_check' }],
    [
      { type: 'other', description: 'Transfer' },
      { account: 'offline_money', method: 'other' },
    ],
    [
      { type: 'card', collect: 'elsewhere' },
      { account: 'offline_money', method: 'card' },
    ],
    [{ type: 'card', collect: 'stripe' }, { account: 'stripe_balance' }],
  ] as const)('%o arrives on its own account (R45)', (how, account) => {
    const life = withBills(500);
    life.do(receivePayment, { billId: 'B1', payment: paid('P1', 500, how) });
    expect(life.last.entries[0]?.postings).toContainEqual({ ...account, amountCents: 500, paymentId: 'P1' });
  });

  test('an entry says when it counts, why and from what it came', () => {
    const life = withBills(500);
    const postedOn = life.act.today;
    const request = { billId: 'B1', payment: paid('P1', 500), sourceId: 'key', reason: 'counter', postedOn };
    const [entry] = life.do(receivePayment, request).entries;
    expect(entry).toMatchObject({
      sourceId: 'key',
      reason: 'counter',
      postedOn,
      home: { kind: 'bill', id: 'B1' },
      clientId,
    });
  });
});

describe('money that has moved already', () => {
  test('is counted once however often it is told', () => {
    const life = withBills(10000);
    const settled = { billId: 'B1', payment: paid('P1', 10000, byCard), sourceId: 'att_1', moved: true };
    life.do(receivePayment, settled);
    expect(life.do(receivePayment, settled).entries).toEqual([]);
    expect(life.bill('B1')).toBe('T 10000, C 10000/10000/0, paid');
  });

  test('is not stopped by its own reservation', () => {
    const life = withBills(10000);
    life.reserve('B1', 10000);
    life.do(receivePayment, { billId: 'B1', payment: paid('P1', 10000, byCard), sourceId: 'att_1', moved: true });
    expect(life.last.attention).toEqual([]);
    expect(life.bill('B1')).toBe('T 10000, C 10000/10000/0, paid');
  });
});

describe('one payment over several bills', () => {
  const parts = [
    { billId: 'B1', amountCents: 6000 },
    { billId: 'B2', amountCents: 4000 },
  ];

  test('names all its bills with each, and the whole amount (clarification 11)', () => {
    const life = withBills(6000, 4000);
    life.do(receivePaymentOverBills, { payment: paid('P1', 10000), parts });
    expect(life.last.entries.map(entry => entry.payment)).toEqual([
      { ...paid('P1', 10000), billIds: ['B1', 'B2'] },
      { ...paid('P1', 10000), billIds: ['B1', 'B2'] },
    ]);
    expect(billsBehind(life.book, 'P1')).toEqual(['B1', 'B2']);
  });

  test('is refused whole when one bill cannot take its part', () => {
    const life = withBills(6000, 3999);
    const problem = life.refused(receivePaymentOverBills, { payment: paid('P1', 10000), parts });
    expect(problem.facts).toEqual({ clientBalanceCents: 3999 });
  });

  test('has parts that add up', () => {
    const problem = withBills(6000, 4000).refused(receivePaymentOverBills, { payment: paid('P1', 10001), parts });
    expect(problem.code).toBe('lines_do_not_add_up');
  });

  test('can be refunded from one bill only, and never beyond that part', () => {
    const life = withBills(6000, 4000);
    life.do(receivePaymentOverBills, { payment: paid('P1', 10000), parts });
    const back = { paymentId: 'P1', refundId: 'R', billId: 'B2' };
    expect(life.refused(requestRefund, { ...back, amountCents: 4001 }).facts).toEqual({ refundableCents: 4000 });
    expect(life.do(requestRefund, back).entries.map(entry => entry.home.id)).toEqual(['B2']);
    expect([life.bill('B1'), life.bill('B2')]).toEqual(['T 6000, C 6000/6000/0, paid', 'T 4000, C 4000/0/4000, open']);
  });
});

describe('credit and discounts as payments', () => {
  test('credit is taken from the oldest lots first', () => {
    const life = withBills(5000);
    for (const amountCents of [1000, 3000, 2000]) life.do(grantCredit, { clientId, amountCents, reason: 'goodwill' });
    life.do(payWithCredit, { billId: 'B1', paymentId: 'A1', amountCents: 4500 });
    expect(postingsText(life.last)).toEqual(notation('CR.B1·A1 −4500, CC.K1·A1 +1000, CC.K2·A1 +3000, CC.K3·A1 +500'));
    life.do(requestRefund, { paymentId: 'A1', refundId: 'R', amountCents: 1000 });
    expect(postingsText(life.last)).toEqual(notation('CR.B1·A1 +1000, CC.K3·A1 −500, CC.K2·A1 −500'));
  });

  test.each([
    [5001, 'amount_exceeds_balance'],
    [3000, 'insufficient_credit'],
  ])('%i of credit is refused: %s', (amountCents, code) => {
    const life = withBills(5000);
    life.do(grantCredit, { clientId, amountCents: 2999, reason: 'goodwill' });
    expect(life.refused(payWithCredit, { billId: 'B1', paymentId: 'A1', amountCents }).code).toBe(code);
  });

  test('what can be applied is what is not refused', () => {
    const life = withBills(5000, 1000);
    life.do(grantCredit, { clientId, amountCents: 2000, reason: 'goodwill' });
    life.reserve('B1', 4000);
    expect([applicableCredit(life.book, 'B1'), applicableCredit(life.book, 'B2')]).toEqual([1000, 1000]);
    expect(applicableCredit(cancelled().book, 'B1')).toBe(0);
  });

  test('a discount is paper: no money, refundable as a discount only', () => {
    const life = withBills(5000);
    life.do(giveDiscount, { billId: 'B1', paymentId: 'D1', amountCents: 500, notes: 'kind' });
    expect(paymentState(life.book, 'D1')).toMatchObject({
      payment: { type: 'credit_discount', source: 'discount', notes: 'kind' },
      refundableCents: 500,
    });
    expect(life.refused(giveDiscount, { billId: 'B1', paymentId: 'D2', amountCents: 4501 }).code).toBe(
      'amount_exceeds_balance',
    );
  });
});

test('a prepayment settled twice is counted once', () => {
  const life = new Life();
  const request = { payment: paid('P1', 700, byCard), sourceId: 'att_1' };
  life.do(prepay, request);
  life.do(prepay, request);
  expect(life.credit).toBe(700);
  expect(life.last.entries).toEqual([]);
});
