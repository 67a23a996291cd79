import { adjustBill, cancelBill, issueBill } from '../../shared/domain/bill';
import { attachMoney, creditEntries, grantCredit, lotsOf, recordUnmatched } from '../../shared/domain/credit';
import { payWithCredit, prepay, receivePayment } from '../../shared/domain/payment';
import { homeOfPayment, paymentState } from '../../shared/domain/paymentState';
import { requestRefund, takeOverRefund } from '../../shared/domain/refund';
import { byCard, clientId, Life, notation, paid, postingsText, sessionLines } from './life';

const issue = (life: Life, billId: string, price: number) =>
  life.do(issueBill, { billId, clientId, responsibility: 'self_pay', lines: sessionLines(billId, [price]) });

describe('credit by hand', () => {
  test('goes up as a new lot, down from the oldest', () => {
    const life = new Life();
    life.do(grantCredit, { clientId, amountCents: 1000, reason: 'goodwill' });
    life.do(grantCredit, { clientId, amountCents: 500, reason: 'goodwill' });
    life.do(grantCredit, { clientId, amountCents: -1200, reason: 'mistake' });
    expect(postingsText(life.last)).toEqual(notation('CG −1200, CC.K1 +1000, CC.K2 +200'));
    expect(life.last.entries[0]).toMatchObject({ home: { kind: 'client', id: clientId }, reason: 'mistake' });
  });

  test.each([
    [0, 'reason', 'invalid_input'],
    [100, ' ', 'invalid_input'],
    [-101, 'reason', 'insufficient_credit'],
  ])('of %i for "%s" is refused: %s', (amountCents, reason, code) => {
    const life = new Life();
    life.do(grantCredit, { clientId, amountCents: 100, reason: 'goodwill' });
    expect(life.refused(grantCredit, { clientId, amountCents, reason }).code).toBe(code);
  });

  test('brought in from another system counts as opening balance', () => {
    const life = new Life();
    life.do(grantCredit, { clientId, amountCents: 700, reason: 'import', opening: true });
    expect(postingsText(life.last)).toEqual(notation('OB +700, CC.K1 −700'));
  });
});

describe('lots', () => {
  test('are what the entries say, spends and all', () => {
    const life = new Life();
    life.do(prepay, { payment: paid('P1', 3000) });
    life.do(grantCredit, { clientId, amountCents: 500, reason: 'goodwill' });
    issue(life, 'B1', 4000);
    life.do(payWithCredit, { billId: 'B1', paymentId: 'A1', amountCents: 3200 });
    life.do(requestRefund, { paymentId: 'A1', refundId: 'R', amountCents: 300 });
    expect(lotsOf(life.book.entries)).toEqual(life.book.lots);
    expect(life.book.lots.map(lot => [lot.sourcePaymentId, lot.remainingCents, lot.spends])).toEqual([
      ['P1', 100, [{ billId: 'B1', paymentId: 'A1', amountCents: 2900 }]],
      [undefined, 500, []],
    ]);
  });

  test('a payment has one, which grows', () => {
    const life = new Life();
    issue(life, 'B1', 5000);
    life.do(receivePayment, { billId: 'B1', payment: paid('P1', 6000), overpayment: 'credit' });
    life.do(adjustBill, { billId: 'B1', amountCents: -2000, description: 'Correction', reason: 'price' });
    expect(life.book.lots).toMatchObject([{ lotId: 'K1', sourcePaymentId: 'P1', remainingCents: 3000 }]);
  });
});

test('the credit history tells where each cent came from and went (R46, ledger section 5)', () => {
  const life = new Life();
  life.do(prepay, { payment: paid('P1', 1000) });
  life.do(prepay, { payment: paid('P2', 200), creditReason: 'reimbursement' });
  life.do(grantCredit, { clientId, amountCents: 300, reason: 'goodwill' });
  issue(life, 'B1', 2000);
  life.do(payWithCredit, { billId: 'B1', paymentId: 'A1', amountCents: 1500 });
  life.do(receivePayment, { billId: 'B1', payment: paid('P3', 600), overpayment: 'credit' });
  life.do(requestRefund, { paymentId: 'A1', refundId: 'R1', amountCents: 100 });
  life.do(requestRefund, { paymentId: 'P3', refundId: 'R2', amountCents: 50 });
  life.do(cancelBill, { billId: 'B1', payments: 'convert_to_credit' });
  const told = creditEntries(life.book.entries);
  expect(
    told.map(({ amountCents, reason, sourcePaymentId, billId }) => [amountCents, reason, sourcePaymentId, billId]),
  ).toEqual([
    [1000, 'prepayment', 'P1', undefined],
    [200, 'reimbursement', 'P2', undefined],
    [300, 'adjustment', undefined, undefined],
    [-1500, 'applied', 'A1', 'B1'],
    [100, 'overpayment', 'P3', 'B1'],
    [100, 'applied', 'A1', 'B1'],
    [-50, 'refunded', 'P3', 'B1'],
    [1400, 'applied', 'A1', 'B1'],
    [500, 'reimbursement', 'P3', 'B1'],
  ]);
  expect(told.reduce((sum, entry) => sum + entry.amountCents, 0)).toBe(life.credit);
  expect(new Set(told.map(entry => entry.creditId)).size).toBe(told.length);
});

describe('money nobody knows (domain rule 35)', () => {
  const { clientId: _, ...unknown } = paid('P1', 9000, byCard);
  const unmatched = (): Life => {
    const life = new Life();
    life.do(recordUnmatched, { payment: unknown, sourceId: 'txn_1' });
    return life;
  };

  test('is recorded once, with the practice, and cannot be refunded here', () => {
    const life = unmatched();
    life.do(recordUnmatched, { payment: unknown, sourceId: 'txn_1' });
    expect(life.last.entries).toEqual([]);
    expect(homeOfPayment(life.book, 'P1')).toEqual({ kind: 'practice', id: 'P1' });
    expect(paymentState(life.book, 'P1')).toMatchObject({ unmatchedCents: 9000, refundableCents: 0 });
    expect(life.refused(requestRefund, { paymentId: 'P1', refundId: 'R' }).code).toBe('refund_exceeds_payment');
  });

  test('refunded before it is attached, only the rest arrives', () => {
    const life = unmatched();
    life.do(takeOverRefund, { paymentId: 'P1', stripeRefundId: 're_1', amountCents: 4000, status: 'succeeded' });
    expect(postingsText(life.last)).toEqual(notation('UM·P1 +4000, ST·P1 −4000'));
    expect(life.last.attention).toEqual([]);
    life.do(attachMoney, { paymentId: 'P1', clientId });
    expect(postingsText(life.last)).toEqual(notation('UM·P1 +5000, CC.K1·P1 −5000'));
    expect([life.payment('P1'), life.credit]).toEqual(['0/5000/4000/0, refundable 5000', 5000]);
  });

  test('a refund that fails before it is attached leaves it nobody’s', () => {
    const life = unmatched();
    const refund = { paymentId: 'P1', stripeRefundId: 're_1', amountCents: 4000 };
    life.do(takeOverRefund, { ...refund, status: 'pending' });
    life.do(takeOverRefund, { ...refund, status: 'failed' });
    expect(postingsText(life.last)).toEqual(notation('ST·P1 +4000, UM·P1 −4000'));
    expect(paymentState(life.book, 'P1')).toMatchObject({ unmatchedCents: 9000, refundedCents: 0 });
  });

  test('refunded after it was attached, it comes off the bill', () => {
    const life = unmatched();
    issue(life, 'B1', 9000);
    life.do(attachMoney, { paymentId: 'P1', clientId, billId: 'B1' });
    life.do(takeOverRefund, { paymentId: 'P1', stripeRefundId: 're_1', amountCents: 4000, status: 'succeeded' });
    expect([life.bill('B1'), life.payment('P1')]).toEqual([
      'T 9000, C 9000/5000/4000, partially_paid',
      '5000/0/4000/0, refundable 5000',
    ]);
  });

  test('is seen the same on the bill alone, without the practice’s entries', () => {
    const life = unmatched();
    issue(life, 'B1', 8000);
    life.do(attachMoney, { paymentId: 'P1', clientId, billId: 'B1' });
    const onBill = { ...life.book, entries: life.book.entries.filter(entry => entry.home.kind === 'bill') };
    const { createdAt, ...whole } = paymentState(life.book, 'P1');
    expect(paymentState(onBill, 'P1')).toMatchObject(whole);
  });

  test('is attached once, and not to a cancelled bill', () => {
    const life = unmatched();
    issue(life, 'B1', 8000);
    life.do(cancelBill, { billId: 'B1', payments: 'refuse' });
    expect(life.refused(attachMoney, { paymentId: 'P1', clientId, billId: 'B1' }).code).toBe('bill_cancelled');
    life.do(attachMoney, { paymentId: 'P1', clientId });
    expect(life.refused(attachMoney, { paymentId: 'P1', clientId }).code).toBe('not_found');
    expect(life.refused(attachMoney, { paymentId: 'P9', clientId }).code).toBe('not_found');
  });
});
