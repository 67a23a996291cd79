import { attachMoney, recordUnmatched } from '../../shared/domain/credit';
import { loseDispute, noteDispute, reinstateFunds, withdrawFunds } from '../../shared/domain/dispute';
import type { DisputeFacts } from '../../shared/domain/ledger';
import { cents } from '../../shared/domain/money';
import { receivePaymentOverBills } from '../../shared/domain/payment';
import { cash, type Deed, foundInStripe, refund, refused, selfPay } from '../fixtures/examples/deeds';
import { type Example, example, live, type Step } from '../fixtures/examples/example';
import { insurers } from '../fixtures/examples/insurers';
import { oddMoney } from '../fixtures/examples/oddMoney';
import { payments } from '../fixtures/examples/payments';
import { refunds } from '../fixtures/examples/refunds';
import { byCard, clientId, type Life, paid } from './life';
import { RulesDesk } from './rulesDesk';

/** What only the rules know as yet: disputes, money that nobody knows, one charge over several bills. */
const byRule =
  (rule: (life: Life) => unknown): Deed =>
  desk => {
    if (!(desk instanceof RulesDesk)) throw new Error('only the rules can do this');
    rule(desk.life);
  };

const disputeOf = (status: string): DisputeFacts => ({
  disputeId: 'dp_1',
  paymentId: 'P1',
  status,
  amountCents: cents(10000),
});
const withdrawn = (feeCents = 0): Deed =>
  byRule(life =>
    life.do(withdrawFunds, {
      dispute: disputeOf('needs_response'),
      transactionId: 'txn_1',
      amountCents: 10000,
      feeCents,
    }),
  );
const reinstated = byRule(life =>
  life.do(reinstateFunds, { dispute: disputeOf('won'), transactionId: 'txn_2', amountCents: 10000 }),
);
const cardPaid: readonly Step[] = [
  ['1', selfPay('B1', 10000), 'CR.B1 +10000, IN.B1 −10000', 'B1: T 10000, C 10000/0/10000, open'],
  [
    '2',
    desk => desk.card({ bill: 'B1', payment: 'P1', amountCents: 10000 }),
    'ST·P1 +10000, CR.B1·P1 −10000',
    'B1: T 10000, C 10000/10000/0, paid',
  ],
];

const disputes = [
  example('W15 a lost dispute reopens the bill; won after all, the money becomes credit as the client paid again', [
    ...cardPaid,
    [
      '3',
      byRule(life => life.do(noteDispute, { dispute: disputeOf('warning_needs_response') })),
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
      byRule(life => life.do(loseDispute, { dispute: disputeOf('lost'), transactionId: 'txn_1' })),
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
  ]),

  example('W16 a disputed payment cannot be refunded until the dispute is won', [
    ...cardPaid,
    [
      '3',
      withdrawn(),
      'DF·P1 +10000, ST·P1 −10000',
      'B1: T 10000, C 10000/10000/0, paid; P1: 10000/0/0/0, refundable 0',
    ],
    [
      '4',
      refused('payment_disputed', { paymentId: 'P1' }, refund('P1', { amountCents: 1 })),
      'none',
      'P1: 10000/0/0/0, refundable 0',
    ],
    [
      '5',
      reinstated,
      'ST·P1 +10000, DF·P1 −10000',
      'B1: T 10000, C 10000/10000/0, paid; P1: 10000/0/0/0, refundable 10000',
    ],
  ]),
];

const { clientId: _, ...unknown } = paid('P1', 9000, byCard);
const strangeMoney = [
  example('W20 money made by hand in Stripe waits until staff attach it', [
    [
      '1',
      byRule(life => life.do(recordUnmatched, { payment: unknown, sourceId: 'txn_1' })),
      'ST·P1 +9000, UM·P1 −9000',
      'attention: money_unmatched 9000',
    ],
    ['2', selfPay('B1', 8000), 'CR.B1 +8000, IN.B1 −8000', 'B1: T 8000, C 8000/0/8000, open'],
    [
      '3',
      byRule(life => life.do(attachMoney, { paymentId: 'P1', clientId, billId: 'B1' })),
      'UM·P1 +9000, CR.B1·P1 −8000, CC.K1·P1 −1000',
      'B1: T 8000, C 8000/8000/0, paid; P1: 8000/1000/0/0, refundable 9000; credit 1000',
    ],
  ]),

  example('W23 one charge pays two bills; a refund found takes the older bill’s part first', [
    ['1', selfPay('B1', 10000), 'CR.B1 +10000, IN.B1 −10000', 'B1: T 10000, C 10000/0/10000, open'],
    ['2', selfPay('B2', 15000), 'CR.B2 +15000, IN.B2 −15000', 'B2: T 15000, C 15000/0/15000, open'],
    [
      '3',
      byRule(life =>
        life.do(receivePaymentOverBills, {
          payment: paid('P1', 25000, byCard),
          parts: [
            { billId: 'B1', amountCents: 10000 },
            { billId: 'B2', amountCents: 15000 },
          ],
          sourceId: 'att_1',
          moved: true,
        }),
      ),
      'CR.B1·P1 −10000, ST·P1 +10000 ⁄ CR.B2·P1 −15000, ST·P1 +15000',
      'B1: T 10000, C 10000/10000/0, paid; B2: T 15000, C 15000/15000/0, paid; P1: 25000/0/0/0, refundable 25000',
    ],
    [
      '4',
      foundInStripe('P1', 12000),
      'CR.B1·P1 +10000, ST·P1 −10000 ⁄ CR.B2·P1 +2000, ST·P1 −2000',
      'B1: T 10000, C 10000/0/10000, open; B2: T 15000, C 15000/13000/2000, partially_paid; P1: 13000/0/12000/0, refundable 13000',
    ],
  ]),
];

const groups: Readonly<Record<string, readonly Example[]>> = {
  'payments and credit': payments,
  refunds,
  'insurers and platforms': insurers,
  disputes,
  'money that is early, late or unknown': [...oddMoney, ...strangeMoney],
};

describe.each(Object.entries(groups))('%s', (_group, examples) => {
  test.each(examples)('$title', async ({ steps }) => {
    await live(new RulesDesk(), steps);
  });
});

test('all 24 worked examples are here', () => {
  const numbers = Object.values(groups).flatMap(examples =>
    examples.map(({ title }) => Number(/^W(\d+) /.exec(title)?.[1])),
  );
  expect(numbers.sort((a, b) => a - b)).toEqual(Array.from({ length: 24 }, (_each, index) => index + 1));
});
