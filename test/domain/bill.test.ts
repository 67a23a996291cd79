import { adjustBill, cancelBill, changeBill, issueBill, writeOffClient } from '../../shared/domain/bill';
import { billAmounts, billStatus, isOverdue, linesNow } from '../../shared/domain/billAmounts';
import { calendarDate } from '../../shared/domain/calendar';
import { withdrawFunds } from '../../shared/domain/dispute';
import { billOf } from '../../shared/domain/draft';
import { payInsurer } from '../../shared/domain/insurer';
import { cents } from '../../shared/domain/money';
import { giveDiscount, receivePayment } from '../../shared/domain/payment';
import { byCard, clientId, Life, notation, paid, postingsText, sessionLines } from './life';

const selfPay = (billId: string, ...prices: number[]): Life => {
  const life = new Life();
  life.do(issueBill, { billId, clientId, responsibility: 'self_pay', lines: sessionLines('S', prices) });
  return life;
};

const adjust = (amountCents: number) => ({ billId: 'B1', amountCents, description: 'Correction', reason: 'price' });

describe('issuing', () => {
  test('a bill of nothing has no postings and is paid (domain rule 54)', () => {
    const life = selfPay('B1', 0);
    expect(life.last.entries.map(entry => [entry.kind, entry.postings])).toEqual([['bill_issued', []]]);
    expect(life.bill('B1')).toBe('T 0, C 0/0/0, paid');
  });

  test('a balance brought in counts as opening balance, not as income', () => {
    const life = new Life();
    const lines = sessionLines('S', [4000]);
    life.do(issueBill, { billId: 'B1', clientId, responsibility: 'self_pay', lines, opening: true });
    expect(postingsText(life.last)).toEqual(notation('CR.B1 +4000, OB.B1 −4000'));
    life.do(cancelBill, { billId: 'B1', payments: 'refuse' });
    expect(postingsText(life.last)).toEqual(notation('CR.B1 −4000, OB.B1 +4000'));
  });

  test('what the payer owes is posted by payer', () => {
    const life = new Life();
    const lines = sessionLines('S', [4000], { responsibility: 'external' });
    life.do(issueBill, { billId: 'B1', clientId, responsibility: 'external', payerId: 'payer', lines });
    expect(life.last.entries[0]?.postings).toContainEqual({
      account: 'payer_receivable',
      amountCents: 4000,
      clientId,
      billId: 'B1',
      payerId: 'payer',
    });
  });
});

describe('changing', () => {
  test('before any payment the differences are posted and lines keep their ids', () => {
    const life = selfPay('B1', 10000, 5000);
    const lines = sessionLines('S', [12000], { responsibility: 'insurance', copayCents: 2000 });
    life.do(changeBill, { billId: 'B1', lines, responsibility: 'insurance', payerId: 'payer' });
    expect(postingsText(life.last)).toEqual(notation('CR.B1 −13000, PR.B1 +10000, IN.B1 +3000'));
    expect(life.bill('B1')).toBe('T 12000, C 2000/0/2000, I 10000/0/10000, open');
    expect(billOf(life.book, 'B1')).toMatchObject({ payerId: 'payer', responsibility: 'insurance', lines });
  });

  test('another payer takes the old one’s receivable over', () => {
    const life = new Life();
    const lines = sessionLines('S', [4000], { responsibility: 'insurance' });
    life.do(issueBill, { billId: 'B1', clientId, responsibility: 'insurance', payerId: 'one', lines });
    life.do(changeBill, { billId: 'B1', lines, payerId: 'two' });
    const moved = life.last.entries[0]?.postings.map(({ payerId, amountCents }) => [payerId, amountCents]);
    expect(moved).toEqual([
      ['one', -4000],
      ['two', 4000],
    ]);
  });

  test('adjustments stay; lines they would outweigh are refused', () => {
    const life = selfPay('B1', 10000);
    life.do(adjustBill, adjust(-3000));
    life.do(changeBill, { billId: 'B1', lines: sessionLines('S', [5000]) });
    expect(life.bill('B1')).toBe('T 2000, C 2000/0/2000, open');
    const problem = life.refused(changeBill, { billId: 'B1', lines: sessionLines('S', [2999]) });
    expect([problem.code, problem.facts]).toEqual(['adjustment_below_zero', { clientPortionCents: 2999 }]);
  });

  test('an earlier write-off ends with the change', () => {
    const life = selfPay('B1', 10000);
    life.do(writeOffClient, { billId: 'B1', amountCents: 4000, reason: 'hardship' });
    life.do(changeBill, { billId: 'B1', lines: sessionLines('S', [9000]) });
    expect(life.bill('B1')).toBe('T 9000, C 9000/0/9000, open');
  });

  test('an insurer’s payment that was taken back whole does not stand in the way', () => {
    const life = new Life();
    const lines = sessionLines('S', [4000], { responsibility: 'insurance' });
    life.do(issueBill, { billId: 'B1', clientId, responsibility: 'insurance', lines });
    const by = { payer: 'insurer', type: 'other' } as const;
    life.do(payInsurer, { billId: 'B1', payment: paid('I1', 1000, by) });
    expect(life.refused(changeBill, { billId: 'B1', lines }).code).toBe('bill_has_payments');
    life.do(payInsurer, { billId: 'B1', payment: paid('I2', -1000, by) });
    life.do(changeBill, { billId: 'B1', lines: sessionLines('S', [3000], { responsibility: 'insurance' }) });
    expect(life.bill('B1')).toBe('T 3000, C 0/0/0, I 3000/0/3000, awaiting_insurance');
  });

  test('is refused when paid, reserved or cancelled', () => {
    const life = selfPay('B1', 10000);
    const same = { billId: 'B1', lines: sessionLines('S', [1]) };
    life.do(receivePayment, { billId: 'B1', payment: paid('P1', 100) });
    const paidProblem = life.refused(changeBill, same);
    expect(paidProblem.facts).toEqual({ payments: [{ paymentId: 'P1', appliedCents: 100 }] });
    life.reserve('B1', 50);
    expect(life.refused(changeBill, same).facts).toEqual({ reservedCents: 50, clientBalanceCents: 9900 });
    life.reserve('B1', 0);
    life.do(cancelBill, { billId: 'B1', payments: 'convert_to_credit' });
    expect(life.refused(changeBill, same).code).toBe('bill_cancelled');
  });
});

describe('adjusting', () => {
  test('raises a paid bill and opens it again by a line of its own', () => {
    const life = selfPay('B1', 10000);
    life.do(receivePayment, { billId: 'B1', payment: paid('P1', 10000) });
    life.do(adjustBill, adjust(500));
    expect(life.bill('B1')).toBe('T 10500, C 10500/10000/500, partially_paid');
    expect(linesNow(billOf(life.book, 'B1'), life.book.entries).at(-1)).toMatchObject({
      kind: 'adjustment',
      amountCents: 500,
      clientPortionCents: 500,
    });
  });

  test('frees discounts before money, newest first', () => {
    const life = selfPay('B1', 10000);
    life.do(receivePayment, { billId: 'B1', payment: paid('P1', 4000) });
    life.do(giveDiscount, { billId: 'B1', paymentId: 'D1', amountCents: 1000 });
    life.do(receivePayment, { billId: 'B1', payment: paid('P2', 5000) });
    life.do(adjustBill, adjust(-7000));
    expect([life.payment('D1'), life.payment('P1'), life.payment('P2')]).toEqual([
      '0/0/1000/0, refundable 0',
      '3000/1000/0/0, refundable 4000',
      '0/5000/0/0, refundable 5000',
    ]);
  });

  test.each([
    [0, 'invalid_input'],
    [-10001, 'adjustment_below_zero'],
  ])('by %i is refused: %s', (amount, code) => {
    expect(selfPay('B1', 10000).refused(adjustBill, adjust(amount)).code).toBe(code);
  });

  test('a cancelled bill is not adjusted', () => {
    const life = selfPay('B1', 10000);
    life.do(cancelBill, { billId: 'B1', payments: 'refuse' });
    expect(life.refused(adjustBill, adjust(1)).code).toBe('bill_cancelled');
  });
});

describe('cancelling', () => {
  const by = { payer: 'insurer', type: 'other' } as const;

  test('is refused with an insurer’s money on the bill, also with convert_to_credit (clarification 29)', () => {
    const life = new Life();
    const lines = sessionLines('S', [4000], { responsibility: 'insurance' });
    life.do(issueBill, { billId: 'B1', clientId, responsibility: 'insurance', lines });
    life.do(payInsurer, { billId: 'B1', payment: paid('I1', 1000, by) });
    for (const payments of ['refuse', 'convert_to_credit'] as const) {
      const problem = life.refused(cancelBill, { billId: 'B1', payments });
      expect(problem.facts).toEqual({ payments: [{ paymentId: 'I1', appliedCents: 1000 }] });
    }
  });

  test('is refused while reserved or disputed', () => {
    const life = selfPay('B1', 10000);
    const cancel = { billId: 'B1', payments: 'convert_to_credit' } as const;
    life.reserve('B1', 10000);
    expect(life.refused(cancelBill, cancel).code).toBe('payment_in_progress');
    life.reserve('B1', 0);
    life.do(receivePayment, { billId: 'B1', payment: paid('P1', 10000, byCard), moved: true });
    const dispute = { disputeId: 'dp', paymentId: 'P1', status: 'needs_response', amountCents: cents(10000) };
    life.do(withdrawFunds, { dispute, transactionId: 'txn_1', amountCents: 10000 });
    expect(life.refused(cancelBill, cancel).facts).toEqual({ paymentId: 'P1' });
  });
});

describe('writing off', () => {
  test('is split over the lines by client portion; adjustments below 0 take nothing', () => {
    const life = selfPay('B1', 3000, 1000);
    life.do(adjustBill, adjust(-500));
    life.do(writeOffClient, { billId: 'B1', amountCents: 2000, reason: 'hardship' });
    const lines = linesNow(billOf(life.book, 'B1'), life.book.entries);
    expect(lines.map(line => [line.clientPortionCents, line.writeOffCents])).toEqual([
      [1500, 1500],
      [500, 500],
      [-500, 0],
    ]);
  });

  test('is refused above the balance and within what is reserved', () => {
    const life = selfPay('B1', 3000);
    const off = { billId: 'B1', amountCents: 3001, reason: 'hardship' };
    expect(life.refused(writeOffClient, off).facts).toEqual({ clientBalanceCents: 3000 });
    life.reserve('B1', 1);
    expect(life.refused(writeOffClient, { ...off, amountCents: 3000 }).code).toBe('payment_in_progress');
  });
});

test.each([
  ['2026-03-31', 100, false],
  ['2026-04-01', 100, true],
  ['2026-04-01', 0, false],
])('on %s a client balance of %i due 2026-03-31 is overdue: %s (domain rule 42)', (today, balance, overdue) => {
  const dates = { dueOn: calendarDate('2026-03-31'), today: calendarDate(today) };
  expect(isOverdue({ clientBalanceCents: cents(balance) }, dates)).toBe(overdue);
});

test('the status is the first that fits', () => {
  const blank = billAmounts(selfPay('B1', 0).book, 'B1');
  const status = (more: Partial<Record<keyof typeof blank, unknown>>) =>
    billStatus({ ...blank, ...more } as typeof blank);
  expect([
    status({ cancelled: true }),
    status({}),
    status({ insurerBalanceCents: 1 }),
    status({ clientBalanceCents: 1 }),
    status({ clientBalanceCents: 1, clientPaidCents: 1 }),
    status({ clientBalanceCents: 1, insurerPaidCents: 1 }),
  ]).toEqual(['cancelled', 'paid', 'awaiting_insurance', 'open', 'partially_paid', 'partially_paid']);
});
