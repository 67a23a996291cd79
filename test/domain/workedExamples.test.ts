import { adjustBill, cancelBill, issueBill, writeOffClient } from '../../shared/domain/bill';
import { applyMovement, type BillLine, joinMovements } from '../../shared/domain/book';
import { attachMoney, grantCredit, recordUnmatched } from '../../shared/domain/credit';
import { loseDispute, noteDispute, reinstateFunds, withdrawFunds } from '../../shared/domain/dispute';
import { type PayInsurer, payInsurer } from '../../shared/domain/insurer';
import type { DisputeFacts } from '../../shared/domain/ledger';
import { cents } from '../../shared/domain/money';
import {
  giveDiscount,
  payWithCredit,
  prepay,
  receivePayment,
  receivePaymentOverBills,
} from '../../shared/domain/payment';
import { portionsOf } from '../../shared/domain/portions';
import type { ProblemCode } from '../../shared/domain/problem';
import { requestRefund, takeOverRefund } from '../../shared/domain/refund';
import { decideEffect, failRefund } from '../../shared/domain/refundOutcome';
import { byCard, clientId, Life, line, notation, paid, postingsText, sessionLines } from './life';

type Act = (life: Life) => unknown;
/** Step, what happens, postings (`none`, or the bold code of a refusal), the whole "after" column. */
type Step = readonly [step: string, happens: Act, postings: string, after: string];

/** Each example of the ledger guide's section 9, word for word: postings and the whole column "after". */
function example(name: string, steps: readonly Step[]): void {
  test(name, () => {
    const life = new Life();
    for (const [step, happens, postings, after] of steps) {
      const before = life.book;
      happens(life);
      const moved = postingsText(life.last);
      expect({ step, postings: moved }).toEqual({
        step,
        postings: postings === 'none' ? life.last.entries.map(() => '') : notation(postings),
      });
      if (postings === 'none' && life.last.entries.length === 0) expect(life.book).toBe(before);
      for (const part of after.split('; ')) expect({ step, after: told(life, part) }).toEqual({ step, after: part });
    }
  });
}

/** What the book says in the words of one part of the column. */
function told(life: Life, part: string): string {
  const [subject = ''] = part.split(/:| /);
  if (/^B\d$/.test(subject)) return `${subject}: ${life.bill(subject)}`;
  if (/^P\d$/.test(subject)) {
    const full = `${subject}: ${life.payment(subject)}`;
    return part.includes('refundable') ? full : full.replace(/, refundable.*/, '');
  }
  if (subject === 'credit') return `credit ${life.credit}`;
  if (part === 'AutoPay held') return life.last.holds.length > 0 ? part : 'AutoPay not held';
  if (subject === 'AutoPay') return `AutoPay held on ${life.last.holds.map(hold => hold.billId).join()}`;
  if (subject === 'attention') {
    const [first] = life.last.attention;
    if (part === 'attention') return first ? part : 'no attention';
    return `attention: ${first?.kind} ${first?.facts.amountCents}`;
  }
  throw new Error(`cannot tell ${part}`);
}

const issue =
  (billId: string, lines: readonly BillLine[], more: object = {}): Act =>
  life =>
    life.do(issueBill, { billId, clientId, responsibility: 'self_pay', lines, ...more });
const selfPay = (billId: string, price: number): Act => issue(billId, sessionLines(`S${billId}`, [price]));
const insured = (billId: string): Act =>
  issue(billId, sessionLines('S', [16500], { responsibility: 'insurance', copayCents: 3000 }), {
    responsibility: 'insurance',
    payerId: 'payer',
  });
const cash =
  (billId: string, paymentId: string, amount: number): Act =>
  life =>
    life.do(receivePayment, { billId, payment: paid(paymentId, amount) });
const card =
  (billId: string, paymentId: string, amount: number): Act =>
  life =>
    life.do(receivePayment, {
      billId,
      payment: paid(paymentId, amount, byCard),
      sourceId: `att_${paymentId}`,
      moved: true,
    });
const credit =
  (billId: string, paymentId: string, amountCents: number): Act =>
  life =>
    life.do(payWithCredit, { billId, paymentId, amountCents });
const refund =
  (paymentId: string, amountCents: number | undefined, more: object = {}): Act =>
  life =>
    life.do(requestRefund, {
      paymentId,
      refundId: `R.${paymentId}.${life.book.entries.length}`,
      ...(amountCents === undefined ? {} : { amountCents }),
      ...more,
    });
const found =
  (paymentId: string, amountCents: number, stripeRefundId = 're_1'): Act =>
  life =>
    life.do(takeOverRefund, { paymentId, stripeRefundId, amountCents, status: 'succeeded' });
const insurer =
  (paymentId: string, amount: number, more: Partial<PayInsurer> = {}): Act =>
  life =>
    life.do(payInsurer, {
      billId: 'B1',
      payment: paid(paymentId, amount, { payer: 'insurer', type: 'other' }),
      ...more,
    });
const cancel =
  (billId: string, payments: 'refuse' | 'convert_to_credit' = 'refuse'): Act =>
  life =>
    life.do(cancelBill, { billId, payments });
/** The same request, which must be refused with this code. */
const refused =
  (code: ProblemCode, happens: (life: Life) => unknown): Act =>
  life => {
    const real = life.do;
    let seen: string | undefined;
    life.do = (rule, request) => {
      seen = life.refused(rule, request).code;
      return life.last;
    };
    happens(life);
    life.do = real;
    expect(seen).toBe(code);
  };
const disputeOf = (status: string): DisputeFacts => ({
  disputeId: 'dp_1',
  paymentId: 'P1',
  status,
  amountCents: cents(10000),
});

describe('payments and credit', () => {
  example('W1 a self-pay bill is paid in two ways and never above its balance (R45, R50)', [
    [
      '1',
      issue('B1', [
        ...sessionLines('S', [15000, 15000]),
        ...portionsOf([line('prod', 2500, 'product')], { responsibility: 'self_pay' }),
      ]),
      'CR.B1 +32500, IN.B1 −32500',
      'B1: T 32500, C 32500/0/32500, open',
    ],
    ['2', cash('B1', 'P1', 12500), 'OM·P1 +12500, CR.B1·P1 −12500', 'B1: T 32500, C 32500/12500/20000, partially_paid'],
    [
      '3',
      refused('amount_exceeds_balance', cash('B1', 'P2', 20001)),
      'none',
      'B1: T 32500, C 32500/12500/20000, partially_paid',
    ],
    [
      '4',
      card('B1', 'P3', 20000),
      'ST·P3 +20000, CR.B1·P3 −20000',
      'B1: T 32500, C 32500/32500/0, paid; P3: 20000/0/0/0, refundable 20000',
    ],
  ]);

  const insurance = { responsibility: 'insurance' } as const;
  example('W2 co-pays and a no-show are the client’s, the rest the insurer’s', [
    [
      '1',
      issue(
        'B1',
        [
          ...sessionLines('S1', [16500], { ...insurance, copayCents: 3000 }),
          ...sessionLines('S2', [16500], { ...insurance, copayCents: 3000 }),
          ...portionsOf([line('no', 7500, 'no_show')], insurance),
        ],
        insurance,
      ),
      'CR.B1 +13500, PR.B1 +27000, IN.B1 −40500',
      'B1: T 40500, C 13500/0/13500, I 27000/0/27000, open',
    ],
    [
      '2',
      card('B1', 'P1', 13500),
      'ST·P1 +13500, CR.B1·P1 −13500',
      'B1: T 40500, C 13500/13500/0, I 27000/0/27000, awaiting_insurance',
    ],
    ['3', insurer('I1', 27000), 'OM·I1 +27000, PR.B1·I1 −27000', 'B1: T 40500, C 13500/13500/0, I 27000/27000/0, paid'],
  ]);

  example('W3 a co-pay is split over its session’s lines, co-insurance is computed on each line', [
    [
      '1',
      issue('B1', sessionLines('S1', [15000, 5000, 3333], { ...insurance, copayCents: 2500 }), insurance),
      'CR.B1 +2500, PR.B1 +20833, IN.B1 −23333',
      'B1: T 23333, C 2500/0/2500, I 20833/0/20833, open',
    ],
    [
      '2',
      issue(
        'B2',
        [
          ...sessionLines('S2', [15003, 9999, 3332], { ...insurance, coinsuranceBasisPoints: 2000 }),
          ...sessionLines('S3', [3333], { ...insurance, coinsuranceBasisPoints: 5000 }),
        ],
        insurance,
      ),
      'CR.B2 +7334, PR.B2 +24333, IN.B2 −31667',
      'B2: T 31667, C 7334/0/7334, I 24333/0/24333, open',
    ],
  ]);

  example('W4 an overpayment becomes credit, credit pays the next bill, spent credit is not refundable', [
    ['1', selfPay('B1', 10000), 'CR.B1 +10000, IN.B1 −10000', 'B1: T 10000, C 10000/0/10000, open'],
    [
      '2',
      life => life.do(receivePayment, { billId: 'B1', payment: paid('P1', 12000), overpayment: 'credit' }),
      'OM·P1 +12000, CR.B1·P1 −10000, CC.K1·P1 −2000',
      'B1: T 10000, C 10000/10000/0, paid; P1: 10000/2000/0/0, refundable 12000; credit 2000',
    ],
    ['3', selfPay('B2', 5000), 'CR.B2 +5000, IN.B2 −5000', 'B2: T 5000, C 5000/0/5000, open; credit 2000'],
    [
      '4',
      credit('B2', 'A1', 2000),
      'CR.B2·A1 −2000, CC.K1·A1 +2000',
      'B2: T 5000, C 5000/2000/3000, partially_paid; P1: 10000/2000/0/0, refundable 10000; credit 0',
    ],
    ['5', refused('refund_exceeds_payment', refund('P1', 12000)), 'none', 'P1: 10000/2000/0/0, refundable 10000'],
    ['6', card('B2', 'P2', 3000), 'ST·P2 +3000, CR.B2·P2 −3000', 'B2: T 5000, C 5000/5000/0, paid'],
  ]);

  example('W5 a credit payment given back returns to its lot and reopens its bill', [
    [
      '1',
      life => life.do(grantCredit, { clientId, amountCents: 4000, reason: 'goodwill' }),
      'CG +4000, CC.K1 −4000',
      'credit 4000',
    ],
    ['2', selfPay('B1', 10000), 'CR.B1 +10000, IN.B1 −10000', 'B1: T 10000, C 10000/0/10000, open; credit 4000'],
    [
      '3',
      credit('B1', 'A1', 4000),
      'CR.B1·A1 −4000, CC.K1·A1 +4000',
      'B1: T 10000, C 10000/4000/6000, partially_paid; credit 0',
    ],
    ['4', cash('B1', 'P1', 6000), 'OM·P1 +6000, CR.B1·P1 −6000', 'B1: T 10000, C 10000/10000/0, paid'],
    [
      '5',
      refund('A1', 4000),
      'CR.B1·A1 +4000, CC.K1·A1 −4000',
      'B1: T 10000, C 10000/6000/4000, partially_paid; credit 4000',
    ],
    [
      '6',
      refund('P1', 6000, { destination: 'offline' }),
      'CR.B1·P1 +6000, OM·P1 −6000',
      'B1: T 10000, C 10000/0/10000, open; P1: 0/0/6000/0, refundable 0; credit 4000',
    ],
  ]);

  example('W6 cancelling frees the payments first; a discount never becomes money (R57, R58)', [
    ['1', selfPay('B1', 10000), 'CR.B1 +10000, IN.B1 −10000', 'B1: T 10000, C 10000/0/10000, open'],
    [
      '2',
      life => life.do(giveDiscount, { billId: 'B1', paymentId: 'D1', amountCents: 1500 }),
      'DI.B1·D1 +1500, CR.B1·D1 −1500',
      'B1: T 10000, C 10000/1500/8500, partially_paid',
    ],
    ['3', cash('B1', 'P1', 8500), 'OM·P1 +8500, CR.B1·P1 −8500', 'B1: T 10000, C 10000/10000/0, paid'],
    ['4', refused('bill_has_payments', cancel('B1')), 'none', 'B1: T 10000, C 10000/10000/0, paid'],
    [
      '5',
      cancel('B1', 'convert_to_credit'),
      'CR.B1·D1 +1500, DI.B1·D1 −1500, CR.B1·P1 +8500, CC.K1·P1 −8500, IN.B1 +10000, CR.B1 −10000',
      'B1: T 10000, C 10000/0/0, cancelled; P1: 0/8500/0/0, refundable 8500; credit 8500',
    ],
  ]);
});

describe('refunds', () => {
  example('W7 a refund made in Stripe counts by itself; only the rest can be refunded here (R61, R62)', [
    ['1', selfPay('B1', 10000), 'CR.B1 +10000, IN.B1 −10000', 'B1: T 10000, C 10000/0/10000, open'],
    ['2', card('B1', 'P1', 10000), 'ST·P1 +10000, CR.B1·P1 −10000', 'B1: T 10000, C 10000/10000/0, paid'],
    [
      '3',
      found('P1', 3000),
      'CR.B1·P1 +3000, ST·P1 −3000',
      'B1: T 10000, C 10000/7000/3000, partially_paid; P1: 7000/0/3000/0, refundable 7000; AutoPay held',
    ],
    ['4', refused('refund_exceeds_payment', refund('P1', 10000)), 'none', 'P1: 7000/0/3000/0, refundable 7000'],
    [
      '5',
      refund('P1', undefined, { stripeRefundId: 're_2' }),
      'CR.B1·P1 +7000, ST·P1 −7000',
      'B1: T 10000, C 10000/0/10000, open; P1: 0/0/10000/0, refundable 0',
    ],
    ['6', cancel('B1'), 'IN.B1 +10000, CR.B1 −10000', 'B1: T 10000, C 10000/0/0, cancelled'],
  ]);

  example('W8 a refund may reduce the bill, at once or decided later', [
    ['1', selfPay('B1', 10000), 'CR.B1 +10000, IN.B1 −10000', 'B1: T 10000, C 10000/0/10000, open'],
    ['2', card('B1', 'P1', 10000), 'ST·P1 +10000, CR.B1·P1 −10000', 'B1: T 10000, C 10000/10000/0, paid'],
    [
      '3',
      refund('P1', 3000, { effect: 'reduce' }),
      'CR.B1·P1 +3000, ST·P1 −3000, IN.B1 +3000, CR.B1 −3000',
      'B1: T 7000, C 7000/7000/0, paid; P1: 7000/0/3000/0, refundable 7000',
    ],
    ['4', found('P1', 2000), 'CR.B1·P1 +2000, ST·P1 −2000', 'B1: T 7000, C 7000/5000/2000, partially_paid'],
    [
      '5',
      life => life.do(decideEffect, { refundId: 'R1' }),
      'IN.B1 +2000, CR.B1 −2000',
      'B1: T 5000, C 5000/5000/0, paid',
    ],
  ]);

  example('W9 a refund that fails after the client paid again becomes credit, never a negative balance', [
    ['1', selfPay('B1', 10000), 'CR.B1 +10000, IN.B1 −10000', 'B1: T 10000, C 10000/0/10000, open'],
    ['2', card('B1', 'P1', 10000), 'ST·P1 +10000, CR.B1·P1 −10000', 'B1: T 10000, C 10000/10000/0, paid'],
    [
      '3',
      refund('P1', 10000, { refundId: 'R', stripeRefundId: 're_1' }),
      'CR.B1·P1 +10000, ST·P1 −10000',
      'B1: T 10000, C 10000/0/10000, open; P1: 0/0/10000/0, refundable 0',
    ],
    ['4', cash('B1', 'P2', 6000), 'OM·P2 +6000, CR.B1·P2 −6000', 'B1: T 10000, C 10000/6000/4000, partially_paid'],
    [
      '5',
      life => life.do(failRefund, { refundId: 'R', status: 'failed' }),
      'ST·P1 +10000, CR.B1·P1 −4000, CC.K1·P1 −6000',
      'B1: T 10000, C 10000/10000/0, paid; P1: 4000/6000/0/0, refundable 10000; credit 6000',
    ],
  ]);

  example('W10 credit that was spent elsewhere is given back when Stripe refunded its money', [
    ['1', selfPay('B1', 8000), 'CR.B1 +8000, IN.B1 −8000', 'B1: T 8000, C 8000/0/8000, open'],
    ['2', card('B1', 'P1', 8000), 'ST·P1 +8000, CR.B1·P1 −8000', 'B1: T 8000, C 8000/8000/0, paid'],
    [
      '3',
      cancel('B1', 'convert_to_credit'),
      'CR.B1·P1 +8000, CC.K1·P1 −8000, IN.B1 +8000, CR.B1 −8000',
      'B1: T 8000, C 8000/0/0, cancelled; P1: 0/8000/0/0, refundable 8000; credit 8000',
    ],
    ['4', selfPay('B2', 5000), 'CR.B2 +5000, IN.B2 −5000', 'B2: T 5000, C 5000/0/5000, open; credit 8000'],
    [
      '5',
      credit('B2', 'A1', 5000),
      'CR.B2·A1 −5000, CC.K1·A1 +5000',
      'B2: T 5000, C 5000/5000/0, paid; P1: 0/8000/0/0, refundable 3000; credit 3000',
    ],
    [
      '6',
      refused('refund_exceeds_payment', refund('P1', 8000)),
      'none',
      'P1: 0/8000/0/0, refundable 3000; credit 3000',
    ],
    [
      '7',
      found('P1', 8000),
      'CR.B2·A1 +5000, CC.K1·A1 −5000 ⁄ CC.K1·P1 +3000, CC.K1·P1 +5000, ST·P1 −8000',
      'B2: T 5000, C 5000/0/5000, open; P1: 0/0/8000/0, refundable 0; credit 0; AutoPay held on B2; attention',
    ],
  ]);
});

describe('insurers and platforms', () => {
  const start: readonly Step[] = [
    [
      '1',
      insured('B1'),
      'CR.B1 +3000, PR.B1 +13500, IN.B1 −16500',
      'B1: T 16500, C 3000/0/3000, I 13500/0/13500, open',
    ],
    [
      '2',
      cash('B1', 'P1', 3000),
      'OM·P1 +3000, CR.B1·P1 −3000',
      'B1: T 16500, C 3000/3000/0, I 13500/0/13500, awaiting_insurance',
    ],
  ];

  example('W11 what the insurer leaves is written off when staff say so', [
    ...start,
    [
      '3',
      insurer('I1', 9000, { remainder: 'write_off' }),
      'OM·I1 +9000, PR.B1·I1 −9000, PR.B1 −4500, WO.B1 +4500',
      'B1: T 16500, C 3000/3000/0, I 9000/9000/0, W 4500, paid',
    ],
  ]);

  example('W12 what the insurer leaves or takes back is billed to the client when staff say so', [
    ...start,
    [
      '3',
      insurer('I1', 9000, { remainder: 'bill_client' }),
      'OM·I1 +9000, PR.B1·I1 −9000, CR.B1 +4500, PR.B1 −4500',
      'B1: T 16500, C 7500/3000/4500, I 9000/9000/0, partially_paid',
    ],
    ['4', card('B1', 'P2', 4500), 'ST·P2 +4500, CR.B1·P2 −4500', 'B1: T 16500, C 7500/7500/0, I 9000/9000/0, paid'],
    [
      '5',
      insurer('I2', -1000, { remainder: 'bill_client' }),
      'OM·I2 −1000, PR.B1·I2 +1000, CR.B1 +1000, PR.B1 −1000',
      'B1: T 16500, C 8500/7500/1000, I 8000/8000/0, partially_paid',
    ],
  ]);

  example('W13 a take-back reopens the insurer’s side only; another insurer may pay it', [
    ...start,
    [
      '3',
      insurer('I1', 9000, { remainder: 'leave_open' }),
      'OM·I1 +9000, PR.B1·I1 −9000',
      'B1: T 16500, C 3000/3000/0, I 13500/9000/4500, awaiting_insurance',
    ],
    [
      '4',
      insurer('I2', -9000),
      'OM·I2 −9000, PR.B1·I2 +9000',
      'B1: T 16500, C 3000/3000/0, I 13500/0/13500, awaiting_insurance',
    ],
    [
      '5',
      refused('amount_exceeds_balance', insurer('I3', 14000)),
      'none',
      'B1: T 16500, C 3000/3000/0, I 13500/0/13500, awaiting_insurance',
    ],
    ['6', insurer('I4', 13500), 'OM·I4 +13500, PR.B1·I4 −13500', 'B1: T 16500, C 3000/3000/0, I 13500/13500/0, paid'],
  ]);

  const remit = (paidCents: number, writeOffCents: number, clientOwesCents: number) => ({
    lines: [{ lineId: 'S.1', paidCents, writeOffCents, clientOwesCents }],
  });
  example('W14 a remittance below what the client paid frees the discount first, then money as credit', [
    [
      '1',
      insured('B1'),
      'CR.B1 +3000, PR.B1 +13500, IN.B1 −16500',
      'B1: T 16500, C 3000/0/3000, I 13500/0/13500, open',
    ],
    [
      '2',
      life => life.do(giveDiscount, { billId: 'B1', paymentId: 'D1', amountCents: 500 }),
      'DI.B1·D1 +500, CR.B1·D1 −500',
      'B1: T 16500, C 3000/500/2500, I 13500/0/13500, partially_paid',
    ],
    [
      '3',
      card('B1', 'P1', 2500),
      'ST·P1 +2500, CR.B1·P1 −2500',
      'B1: T 16500, C 3000/3000/0, I 13500/0/13500, awaiting_insurance',
    ],
    [
      '4',
      insurer('I1', 11000, remit(11000, 4500, 1000)),
      'OM·I1 +11000, PR.B1·I1 −11000, CR.B1 −2000, PR.B1 −2500, WO.B1 +4500, CR.B1·D1 +500, DI.B1·D1 −500, CR.B1·P1 +1500, CC.K1·P1 −1500',
      'B1: T 16500, C 1000/1000/0, I 11000/11000/0, W 4500, paid; P1: 1000/1500/0/0, refundable 2500; credit 1500',
    ],
    [
      '5',
      insurer('I2', 0, remit(0, 3500, 2000)),
      'CR.B1 +1000, WO.B1 −1000',
      'B1: T 16500, C 2000/1000/1000, I 11000/11000/0, W 3500, partially_paid; credit 1500',
    ],
  ]);

  const external = { responsibility: 'external', payerId: 'platform' } as const;
  example('W18 a platform pays less by contract; the client owes nothing and gets no bill for it', [
    [
      '1',
      issue('B1', sessionLines('S', [15000], { responsibility: 'external' }), external),
      'PR.B1 +15000, IN.B1 −15000',
      'B1: T 15000, C 0/0/0, I 15000/0/15000, awaiting_insurance',
    ],
    [
      '2',
      life =>
        life.do(payInsurer, {
          billId: 'B1',
          payment: paid('X1', 9200, { payer: 'external', type: 'other' }),
          remainder: 'write_off',
        }),
      'OM·X1 +9200, PR.B1·X1 −9200, PR.B1 −5800, WO.B1 +5800',
      'B1: T 15000, C 0/0/0, I 9200/9200/0, W 5800, paid',
    ],
  ]);
});

describe('disputes', () => {
  const start: readonly Step[] = [
    ['1', selfPay('B1', 10000), 'CR.B1 +10000, IN.B1 −10000', 'B1: T 10000, C 10000/0/10000, open'],
    ['2', card('B1', 'P1', 10000), 'ST·P1 +10000, CR.B1·P1 −10000', 'B1: T 10000, C 10000/10000/0, paid'],
  ];
  const withdrawn =
    (feeCents = 0): Act =>
    life =>
      life.do(withdrawFunds, {
        dispute: disputeOf('needs_response'),
        transactionId: 'txn_1',
        amountCents: 10000,
        feeCents,
      });
  const reinstated: Act = life =>
    life.do(reinstateFunds, { dispute: disputeOf('won'), transactionId: 'txn_2', amountCents: 10000 });

  example('W15 a lost dispute reopens the bill; won after all, the money becomes credit as the client paid again', [
    ...start,
    [
      '3',
      life => life.do(noteDispute, { dispute: disputeOf('warning_needs_response') }),
      'none',
      'B1: T 10000, C 10000/10000/0, paid; attention',
    ],
    [
      '4',
      withdrawn(1500),
      'DF·P1 +10000, ST·P1 −10000, FE +1500, ST −1500',
      'B1: T 10000, C 10000/10000/0, paid; P1: 10000/0/0/0, refundable 0',
    ],
    [
      '5',
      life => life.do(loseDispute, { dispute: disputeOf('lost'), transactionId: 'txn_1' }),
      'CR.B1·P1 +10000, DF·P1 −10000',
      'B1: T 10000, C 10000/0/10000, open; P1: 0/0/0/10000, refundable 0; AutoPay held',
    ],
    ['6', cash('B1', 'P2', 10000), 'OM·P2 +10000, CR.B1·P2 −10000', 'B1: T 10000, C 10000/10000/0, paid'],
    [
      '7',
      reinstated,
      'ST·P1 +10000, CC.K1·P1 −10000',
      'B1: T 10000, C 10000/10000/0, paid; P1: 0/10000/0/0, refundable 10000; credit 10000',
    ],
  ]);

  example('W16 a disputed payment cannot be refunded until the dispute is won', [
    ...start,
    [
      '3',
      withdrawn(),
      'DF·P1 +10000, ST·P1 −10000',
      'B1: T 10000, C 10000/10000/0, paid; P1: 10000/0/0/0, refundable 0',
    ],
    ['4', refused('payment_disputed', refund('P1', 1)), 'none', 'P1: 10000/0/0/0, refundable 0'],
    [
      '5',
      reinstated,
      'ST·P1 +10000, DF·P1 −10000',
      'B1: T 10000, C 10000/10000/0, paid; P1: 10000/0/0/0, refundable 10000',
    ],
  ]);
});

describe('money that is early, late or unknown', () => {
  const prepaid =
    (amount: number): Act =>
    life =>
      life.do(prepay, { payment: paid('P1', amount, byCard), sourceId: 'att_1' });

  example('W17 a prepayment pays in part, its unspent rest goes back to the card', [
    ['1', prepaid(20000), 'ST·P1 +20000, CC.K1·P1 −20000', 'P1: 0/20000/0/0, refundable 20000; credit 20000'],
    ['2', selfPay('B1', 15000), 'CR.B1 +15000, IN.B1 −15000', 'B1: T 15000, C 15000/0/15000, open; credit 20000'],
    [
      '3',
      credit('B1', 'A1', 15000),
      'CR.B1·A1 −15000, CC.K1·A1 +15000',
      'B1: T 15000, C 15000/15000/0, paid; P1: 0/20000/0/0, refundable 5000; credit 5000',
    ],
    [
      '4',
      refused('refund_exceeds_payment', refund('P1', 20000)),
      'none',
      'P1: 0/20000/0/0, refundable 5000; credit 5000',
    ],
    ['5', refund('P1', 5000), 'CC.K1·P1 +5000, ST·P1 −5000', 'P1: 0/15000/5000/0, refundable 0; credit 0'],
  ]);

  example('W19 a charge that lands on a paid or cancelled bill becomes credit and is shown to staff', [
    ['1', selfPay('B1', 10000), 'CR.B1 +10000, IN.B1 −10000', 'B1: T 10000, C 10000/0/10000, open'],
    ['2', cash('B1', 'P1', 7000), 'OM·P1 +7000, CR.B1·P1 −7000', 'B1: T 10000, C 10000/7000/3000, partially_paid'],
    [
      '3',
      card('B1', 'P2', 10000),
      'ST·P2 +10000, CR.B1·P2 −3000, CC.K1·P2 −7000',
      'B1: T 10000, C 10000/10000/0, paid; P2: 3000/7000/0/0, refundable 10000; credit 7000; attention',
    ],
    ['4', selfPay('B2', 6000), 'CR.B2 +6000, IN.B2 −6000', 'B2: T 6000, C 6000/0/6000, open; credit 7000'],
    ['5', cancel('B2'), 'IN.B2 +6000, CR.B2 −6000', 'B2: T 6000, C 6000/0/0, cancelled; credit 7000'],
    [
      '6',
      card('B2', 'P3', 6000),
      'ST·P3 +6000, CC.K2·P3 −6000',
      'B2: T 6000, C 6000/0/0, cancelled; P3: 0/6000/0/0, refundable 6000; credit 13000; attention',
    ],
  ]);

  const { clientId: _, ...unknown } = paid('P1', 9000, byCard);
  example('W20 money made by hand in Stripe waits until staff attach it', [
    [
      '1',
      life => life.do(recordUnmatched, { payment: unknown, practiceId: 'prac', sourceId: 'txn_1' }),
      'ST·P1 +9000, UM·P1 −9000',
      'attention: money_unmatched 9000',
    ],
    ['2', selfPay('B1', 8000), 'CR.B1 +8000, IN.B1 −8000', 'B1: T 8000, C 8000/0/8000, open'],
    [
      '3',
      life => life.do(attachMoney, { paymentId: 'P1', clientId, billId: 'B1' }),
      'UM·P1 +9000, CR.B1·P1 −8000, CC.K1·P1 −1000',
      'B1: T 8000, C 8000/8000/0, paid; P1: 8000/1000/0/0, refundable 9000; credit 1000',
    ],
  ]);

  example('W21 a bill of nothing is paid at once, by credit or by the insurer’s part', [
    [
      '1',
      life => life.do(grantCredit, { clientId, amountCents: 5000, reason: 'goodwill' }),
      'CG +5000, CC.K1 −5000',
      'credit 5000',
    ],
    [
      '2 and 3, one transaction',
      life => {
        const issued = {
          billId: 'B1',
          clientId,
          responsibility: 'self_pay',
          lines: sessionLines('S', [5000]),
        } as const;
        life.do((book, request: typeof issued, act) => {
          const bill = issueBill(book, request, act);
          const credited = { billId: 'B1', paymentId: 'A1', amountCents: 5000 };
          return joinMovements(bill, payWithCredit(applyMovement(book, bill), credited, act));
        }, issued);
      },
      'CR.B1 +5000, IN.B1 −5000 ⁄ CR.B1·A1 −5000, CC.K1·A1 +5000',
      'B1: T 5000, C 5000/5000/0, paid; credit 0',
    ],
    [
      '4',
      issue('B2', sessionLines('S2', [16500], { responsibility: 'insurance' }), { responsibility: 'insurance' }),
      'PR.B2 +16500, IN.B2 −16500',
      'B2: T 16500, C 0/0/0, I 16500/0/16500, awaiting_insurance',
    ],
  ]);

  example('W22 an adjustment below what was paid frees the surplus; a debt can be written off', [
    ['1', selfPay('B1', 10000), 'CR.B1 +10000, IN.B1 −10000', 'B1: T 10000, C 10000/0/10000, open'],
    ['2', cash('B1', 'P1', 9000), 'OM·P1 +9000, CR.B1·P1 −9000', 'B1: T 10000, C 10000/9000/1000, partially_paid'],
    [
      '3',
      life => life.do(adjustBill, { billId: 'B1', amountCents: -3000, description: 'Correction', reason: 'price' }),
      'IN.B1 +3000, CR.B1 −3000, CR.B1·P1 +2000, CC.K1·P1 −2000',
      'B1: T 7000, C 7000/7000/0, paid; P1: 7000/2000/0/0, refundable 9000; credit 2000',
    ],
    ['4', selfPay('B2', 4000), 'CR.B2 +4000, IN.B2 −4000', 'B2: T 4000, C 4000/0/4000, open; credit 2000'],
    [
      '5',
      life => life.do(writeOffClient, { billId: 'B2', amountCents: 1500, reason: 'hardship' }),
      'WO.B2 +1500, CR.B2 −1500',
      'B2: T 4000, C 2500/0/2500, W 1500, open; credit 2000',
    ],
  ]);

  example('W23 one charge pays two bills; a refund found takes the older bill’s part first', [
    ['1', selfPay('B1', 10000), 'CR.B1 +10000, IN.B1 −10000', 'B1: T 10000, C 10000/0/10000, open'],
    ['2', selfPay('B2', 15000), 'CR.B2 +15000, IN.B2 −15000', 'B2: T 15000, C 15000/0/15000, open'],
    [
      '3',
      life =>
        life.do(receivePaymentOverBills, {
          payment: paid('P1', 25000, byCard),
          parts: [
            { billId: 'B1', amountCents: 10000 },
            { billId: 'B2', amountCents: 15000 },
          ],
          sourceId: 'att_1',
          moved: true,
        }),
      'CR.B1·P1 −10000, ST·P1 +10000 ⁄ CR.B2·P1 −15000, ST·P1 +15000',
      'B1: T 10000, C 10000/10000/0, paid; B2: T 15000, C 15000/15000/0, paid; P1: 25000/0/0/0, refundable 25000',
    ],
    [
      '4',
      found('P1', 12000),
      'CR.B1·P1 +10000, ST·P1 −10000 ⁄ CR.B2·P1 +2000, ST·P1 −2000',
      'B1: T 10000, C 10000/0/10000, open; B2: T 15000, C 15000/13000/2000, partially_paid; P1: 13000/0/12000/0, refundable 13000',
    ],
  ]);

  example('W24 credit taken away by hand, then refunded in Stripe, shows as refunded without cover', [
    ['1', prepaid(5000), 'ST·P1 +5000, CC.K1·P1 −5000', 'P1: 0/5000/0/0, refundable 5000; credit 5000'],
    [
      '2',
      life => life.do(grantCredit, { clientId, amountCents: -2000, reason: 'mistake' }),
      'CG −2000, CC.K1 +2000',
      'P1: 0/5000/0/0, refundable 3000; credit 3000',
    ],
    [
      '3',
      found('P1', 5000),
      'CC.K1·P1 +3000, UM·P1 +2000, ST·P1 −5000',
      'P1: 0/2000/5000/0, refundable 0; credit 0; attention: refund_without_cover 2000',
    ],
  ]);
});
