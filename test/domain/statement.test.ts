import * as fc from 'fast-check';
import { billAmounts } from '../../shared/domain/billAmounts';
import { addDays, calendarDate, instant } from '../../shared/domain/calendar';
import { creditBalance } from '../../shared/domain/credit';
import { loseDispute, reinstateFunds, withdrawFunds } from '../../shared/domain/dispute';
import type { Entry } from '../../shared/domain/ledger';
import { cents, sumCents } from '../../shared/domain/money';
import { isProblem } from '../../shared/domain/problem';
import { accountOf, refuseWrongRange } from '../../shared/domain/statement';
import type { Happening } from './randomLife';
import { RandomLife } from './randomLife';
import { receipts } from './receipts';
import { reversals } from './reversals';
import { RulesDesk } from './rulesDesk';

const first = calendarDate('2026-01-01');
const last = calendarDate('2026-12-31');
const numbers = new Map([1, 2, 3, 4, 5].map(n => [`B${n}`, `OAK-${n}`]));
const accountAt = (entries: readonly Entry[], from = first, to = last) => accountOf(entries, { from, to }, numbers);

/** Each line: kind, description, change, credit where it moved, position after it. */
const told = ({ life }: RulesDesk): string[] =>
  accountAt(life.book.entries).entries.map(({ kind, description, amountCents, creditCents, balanceCents }) =>
    [kind, description, amountCents, ...(creditCents === 0 ? [] : [`credit ${creditCents}`]), `→ ${balanceCents}`].join(
      ' ',
    ),
  );

describe('a statement of the ledger guide’s examples', () => {
  it('W4: an overpayment becomes credit, and credit applied moves the position by nothing', () => {
    const desk = new RulesDesk();
    desk.issue('B1', { sessions: [[10_000]] });
    desk.cash({ bill: 'B1', payment: 'P1', amountCents: 12_000 }, 'credit');
    desk.issue('B2', { sessions: [[5000]], creditPayment: 'A1' });
    desk.card({ bill: 'B2', payment: 'P2', amountCents: 3000 });
    expect(told(desk)).toEqual([
      'charge Bill OAK-1 10000 → 10000',
      'payment Payment by cash or check -12000 credit 2000 → -2000',
      'charge Bill OAK-2 5000 → 3000',
      'credit Credit applied to bill OAK-2 0 credit -2000 → 3000',
      'payment Payment by card -3000 → 0',
    ]);
  });

  it('W12: insurers’ parts do not appear, what they leave to the client does', () => {
    const desk = new RulesDesk();
    desk.issue('B1', { sessions: [[16_500]], responsibility: 'insurance', copayCents: 3000 });
    desk.cash({ bill: 'B1', payment: 'P1', amountCents: 3000 }, 'refuse');
    desk.insurer({ bill: 'B1', payment: 'I1', amountCents: 9000 }, { remainder: 'bill_client' });
    desk.card({ bill: 'B1', payment: 'P2', amountCents: 4500 });
    desk.insurer({ bill: 'B1', payment: 'I2', amountCents: -1000 }, { remainder: 'bill_client' });
    expect(told(desk)).toEqual([
      'charge Bill OAK-1 3000 → 3000',
      'payment Payment by cash or check -3000 → 0',
      'adjustment Your part of bill OAK-1 after insurance 4500 → 4500',
      'payment Payment by card -4500 → 0',
      'adjustment Your part of bill OAK-1 after insurance 1000 → 1000',
    ]);
  });

  it('W15: a dispute that is lost, paid again in cash, then won after all', () => {
    const desk = new RulesDesk();
    const { life } = desk;
    const dispute = { disputeId: 'dp_1', paymentId: 'P1', status: 'lost', amountCents: cents(10_000) };
    desk.issue('B1', { sessions: [[10_000]] });
    desk.card({ bill: 'B1', payment: 'P1', amountCents: 10_000 });
    life.do(withdrawFunds, { dispute, amountCents: 10_000, transactionId: 'txn_1' });
    life.do(loseDispute, { dispute, transactionId: 'txn_1' });
    desk.cash({ bill: 'B1', payment: 'P2', amountCents: 10_000 }, 'refuse');
    life.do(reinstateFunds, { dispute, amountCents: 10_000, transactionId: 'txn_2' });
    expect(told(desk)).toEqual([
      'charge Bill OAK-1 10000 → 10000',
      'payment Payment by card -10000 → 0',
      'dispute Payment by card taken back by the bank 10000 → 10000',
      'payment Payment by cash or check -10000 → 0',
      'dispute Payment by card returned by the bank -10000 credit 10000 → -10000',
    ]);
  });

  it('W8, W6: a refund that reduces the bill shows both; a discount never becomes the client’s', () => {
    const desk = new RulesDesk();
    desk.issue('B1', { sessions: [[10_000]] });
    desk.discount({ bill: 'B1', payment: 'D1', amountCents: 1500 });
    desk.cash({ bill: 'B1', payment: 'P1', amountCents: 8500 }, 'refuse');
    desk.refund('P1', { amountCents: 3000, effect: 'reduce' });
    desk.cancel('B1', 'convert_to_credit');
    desk.grantCredit(500);
    desk.issue('B2', { sessions: [[900]] });
    desk.writeOff('B2', 900);
    expect(told(desk)).toEqual([
      'charge Bill OAK-1 10000 → 10000',
      'discount Discount on bill OAK-1 -1500 → 8500',
      'payment Payment by cash or check -8500 → 0',
      'refund Refund of a payment by cash or check 3000 → 3000',
      'adjustment Adjustment of bill OAK-1 -3000 → 0',
      'cancellation Bill OAK-1 cancelled -7000 → -7000',
      'discount Discount on bill OAK-1 taken back 1500 → -5500',
      'credit Payment turned into credit 0 credit 5500 → -5500',
      'credit Credit added -500 credit 500 → -6000',
      'charge Bill OAK-2 900 → -5100',
      'write_off Written off on bill OAK-2 -900 → -6000',
    ]);
  });
});

const happenings: Record<string, Happening> = { ...receipts, ...reversals };
const number = fc.nat({ max: 20_000 });
const step = fc.record({ what: fc.constantFrom(...Object.keys(happenings)), a: number, b: number, c: number });
const lives = fc.array(fc.record({ step, day: fc.nat({ max: 364 }) }), { minLength: 30, maxLength: 30 });

describe('over random lives', () => {
  it('(R22) each range closes where the next one opens, and the last one with what is owed less what is in credit', () => {
    fc.assert(
      fc.property(lives, fc.nat({ max: 364 }), fc.nat({ max: 364 }), (chances, one, other) => {
        const random = new RandomLife();
        const { life } = random;
        for (const [index, { step: chance, day }] of chances.entries()) {
          // Dates come in any order, as back-dated payments do; instants go on.
          Object.assign(life.act, { today: addDays(first, day), at: instant(Date.UTC(2027, 0, 1, 0, index)) });
          happenings[chance.what]?.(random, chance);
        }
        const { entries } = life.book;
        const [early, late] = [Math.min(one, other), Math.max(one, other)].map(day => addDays(first, day));
        const parts = [
          accountAt(entries, first, early),
          accountAt(entries, addDays(early ?? first, 1), late),
          accountAt(entries, addDays(late ?? first, 1), last),
        ];
        expect(parts.map(part => part.openingCents)).toEqual([0, ...parts.slice(0, 2).map(part => part.closingCents)]);
        for (const { openingCents, entries: listed, closingCents } of parts) {
          expect(openingCents + sumCents(listed.map(line => line.amountCents))).toBe(closingCents);
        }
        const whole = accountAt(entries);
        expect(parts.flatMap(part => part.entries)).toEqual(whole.entries);
        const owed = sumCents([...life.book.bills.keys()].map(id => billAmounts(life.book, id).clientBalanceCents));
        const credit = creditBalance(life.book);
        expect(whole).toMatchObject({
          closingCents: owed - credit,
          closingBalanceCents: owed,
          closingCreditCents: credit,
        });
      }),
      { numRuns: 60, seed: 20_260_302 },
    );
  });
});

it('(R20) a range ends no earlier than it begins', () => {
  refuseWrongRange({ from: '2026-01-01', to: '2026-01-01' });
  let refusal: unknown;
  try {
    refuseWrongRange({ from: '2026-01-02', to: '2026-01-01' });
  } catch (error) {
    refusal = error;
  }
  expect(isProblem(refusal, 'invalid_input') && refusal.facts.errors[0]?.pointer).toBe('/to');
});
