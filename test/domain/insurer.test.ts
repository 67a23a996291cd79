import { adjustBill, cancelBill, issueBill } from '../../shared/domain/bill';
import { linesNow } from '../../shared/domain/billAmounts';
import { billOf } from '../../shared/domain/draft';
import { type PayInsurer, payInsurer, type RemittanceLine } from '../../shared/domain/insurer';
import { receivePayment } from '../../shared/domain/payment';
import { paymentState } from '../../shared/domain/paymentState';
import { clientId, Life, notation, paid, postingsText, sessionLines } from './life';

/** B1: lines S.1 10000 and S.2 6000, co-pay 1600 (1000 and 600): the insurer's 9000 and 5400. */
function insured(): Life {
  const life = new Life();
  const lines = sessionLines('S', [10000, 6000], { responsibility: 'insurance', copayCents: 1600 });
  life.do(issueBill, { billId: 'B1', clientId, responsibility: 'insurance', payerId: 'payer', lines });
  return life;
}

const pays = (paymentId: string, amount: number, more: Partial<PayInsurer> = {}): PayInsurer => ({
  billId: 'B1',
  payment: paid(paymentId, amount, { payer: 'insurer', type: 'other', reference: 'EOB 1' }),
  ...more,
});
const line = (lineId: string, paidCents: number, more: Partial<RemittanceLine> = {}): RemittanceLine => ({
  lineId,
  paidCents,
  writeOffCents: 0,
  clientOwesCents: 1000,
  ...more,
});
/** Client, insurer, write-off, paid by insurers. */
const lines = (life: Life) =>
  linesNow(billOf(life.book, 'B1'), life.book.entries).map(l => [
    l.clientPortionCents,
    l.insurerPortionCents,
    l.writeOffCents,
    l.insurerPaidCents,
  ]);

describe('without lines', () => {
  test('a payment is split over the lines’ open insurer parts, a take-back over what was paid', () => {
    const life = insured();
    life.do(payInsurer, pays('I1', 7200));
    expect(lines(life).map(l => l[3])).toEqual([4500, 2700]);
    life.do(payInsurer, pays('I2', -720));
    expect(lines(life).map(l => l[3])).toEqual([4050, 2430]);
    expect(paymentState(life.book, 'I2')).toMatchObject({ amountCents: -720, appliedCents: -720, status: 'succeeded' });
  });

  test.each([
    ['write_off', [1000, 4500, 4500, 4500], 'PR.B1 −7200, WO.B1 +7200'],
    ['bill_client', [5500, 4500, 0, 4500], 'PR.B1 −7200, CR.B1 +7200'],
  ] as const)('the remainder to %s moves line by line', (remainder, first, moved) => {
    const life = insured();
    life.do(payInsurer, pays('I1', 7200, { remainder }));
    expect(lines(life)[0]).toEqual(first);
    expect(postingsText(life.last)).toEqual(notation(`OM·I1 +7200, PR.B1·I1 −7200, ${moved}`));
  });

  test('a denial is 0 with a remainder and leaves no payment', () => {
    const life = insured();
    const [entry] = life.do(payInsurer, pays('I1', 0, { remainder: 'bill_client' })).entries;
    expect([entry?.kind, entry?.payment]).toEqual(['insurer_paid', undefined]);
    expect(life.bill('B1')).toBe('T 16000, C 16000/0/16000, open');
  });

  test('what the client then owes does not hold AutoPay; the claim review does that (HOLD)', () => {
    expect(insured().do(payInsurer, pays('I1', 0, { remainder: 'bill_client' })).holds).toEqual([]);
  });

  test('after a denial the insurer may pay after all, by remittance', () => {
    const life = insured();
    life.do(payInsurer, pays('I1', 0, { remainder: 'bill_client' }));
    life.do(payInsurer, pays('I2', 9000, { lines: [line('S.1', 9000)] }));
    expect(life.bill('B1')).toBe('T 16000, C 7000/0/7000, I 9000/9000/0, partially_paid');
  });
});

describe('with lines', () => {
  test('portions are as told, lines not named stay (absolute, not relative)', () => {
    const life = insured();
    life.do(
      payInsurer,
      pays('I1', 7000, { lines: [line('S.1', 7000, { writeOffCents: 1500, clientOwesCents: 1500 })] }),
    );
    expect(lines(life)).toEqual([
      [1500, 7000, 1500, 7000],
      [600, 5400, 0, 0],
    ]);
  });

  test('the client’s surplus becomes credit, the insurer’s money stays the insurer’s (domain rule 17)', () => {
    const life = insured();
    life.do(receivePayment, { billId: 'B1', payment: paid('P1', 1600) });
    life.do(payInsurer, pays('I1', 10000, { lines: [line('S.1', 10000, { clientOwesCents: 0 })] }));
    expect([life.bill('B1'), life.payment('P1'), life.credit]).toEqual([
      'T 16000, C 600/600/0, I 15400/10000/5400, awaiting_insurance',
      '600/1000/0/0, refundable 1600',
      1000,
    ]);
  });

  test('an amount taken back may lower the line below what had been paid', () => {
    const life = insured();
    life.do(payInsurer, pays('I1', 9000, { lines: [line('S.1', 9000)] }));
    life.do(payInsurer, pays('I2', -4000, { lines: [line('S.1', -4000, { writeOffCents: 4000 })] }));
    expect(lines(life)[0]).toEqual([1000, 5000, 4000, 5000]);
  });

  test.each<[string, number, RemittanceLine[], string, unknown]>([
    ['parts that do not add up', 5, [line('S.1', 4)], 'lines_do_not_add_up', { expectedCents: 5, actualCents: 4 }],
    [
      'more than the price',
      0,
      [line('S.1', 0, { writeOffCents: 9001 })],
      'lines_do_not_add_up',
      { expectedCents: 10000, actualCents: 10001 },
    ],
    [
      'less than was paid already',
      0,
      [line('S.1', 0, { writeOffCents: 4501 })],
      'line_below_paid',
      { lineId: 'S.1', insurerPaidCents: 4500 },
    ],
    [
      'more than the insurer’s balance',
      4501,
      [line('S.1', 4501)],
      'amount_exceeds_balance',
      { insurerBalanceCents: 7200 },
    ],
    ['an unknown line', 0, [line('X', 0)], 'invalid_input', { errors: [{ pointer: '/lines/0/lineId' }] }],
    [
      'a line twice',
      0,
      [line('S.1', 0), line('S.1', 0)],
      'invalid_input',
      { errors: [{ pointer: '/lines/1/lineId' }] },
    ],
    [
      'a negative part',
      0,
      [line('S.1', 0, { clientOwesCents: -1 })],
      'invalid_input',
      { errors: [{ pointer: '/lines/0' }] },
    ],
    [
      'more taken back than was paid',
      -4501,
      [line('S.1', -4501)],
      'invalid_input',
      { errors: [{ pointer: '/lines/0/paidCents' }] },
    ],
  ])('%s is refused', (_, amount, remitted, code, facts) => {
    const life = insured();
    life.do(payInsurer, pays('I1', 7200));
    const problem = life.refused(payInsurer, pays('I2', amount, { lines: remitted }));
    expect(problem.code).toBe(code);
    expect(problem.facts).toMatchObject(facts as object);
  });

  test('an adjustment line is the client’s and not the insurer’s to remit', () => {
    const life = insured();
    life.do(adjustBill, { billId: 'B1', amountCents: 100, description: 'Correction', reason: 'price' });
    const problem = life.refused(payInsurer, pays('I1', 0, { lines: [line('L1', 0)] }));
    expect(problem.facts).toMatchObject({ errors: [{ pointer: '/lines/0/lineId' }] });
  });
});

describe('refused outright', () => {
  test('more than the insurer owes, or taken back than was paid', () => {
    const life = insured();
    expect(life.refused(payInsurer, pays('I1', 14401)).facts).toEqual({ insurerBalanceCents: 14400 });
    expect(life.refused(payInsurer, pays('I1', -1)).code).toBe('invalid_input');
  });

  test('nothing to do', () => {
    expect(insured().refused(payInsurer, pays('I1', 0)).facts).toMatchObject({ errors: [{ pointer: '/amountCents' }] });
  });

  test('a bill that is none of the insurer’s, or cancelled', () => {
    const life = new Life();
    life.do(issueBill, { billId: 'B1', clientId, responsibility: 'self_pay', lines: sessionLines('S', [100]) });
    expect(life.refused(payInsurer, pays('I1', 1)).code).toBe('no_insurer_portion');
    const cancelled = insured();
    cancelled.do(cancelBill, { billId: 'B1', payments: 'refuse' });
    expect(cancelled.refused(payInsurer, pays('I1', 1)).code).toBe('bill_cancelled');
  });
});
