import { type BillAmounts, billAmounts, billStatus } from '../../shared/domain/billAmounts';
import { type Act, applyMovement, type BillLine, type Book, emptyBook, type Movement } from '../../shared/domain/book';
import { calendarDate, instant } from '../../shared/domain/calendar';
import { creditBalance } from '../../shared/domain/credit';
import { billOf } from '../../shared/domain/draft';
import { assertWhole } from '../../shared/domain/invariants';
import type { Entry, PaymentFacts, Posting } from '../../shared/domain/ledger';
import { cents } from '../../shared/domain/money';
import { paymentState } from '../../shared/domain/paymentState';
import { type PortionTerms, portionsOf } from '../../shared/domain/portions';
import { Problem } from '../../shared/domain/problem';

export const clientId = 'cli';
const shortIds = { ent: 'E', lot: 'K', pay: 'A', ref: 'R', line: 'L' } as const;

/** One client's book as rules change it; lots are K1, K2, … in the order in which they come to be. */
export class Life {
  book: Book = emptyBook;
  last: Movement = { entries: [], lots: [], holds: [], attention: [] };
  readonly #counts = { ent: 0, lot: 0, pay: 0, ref: 0, line: 0 };
  readonly act: Act = {
    at: instant('2026-03-02T15:00:00Z'),
    today: calendarDate('2026-03-02'),
    actor: { kind: 'staff', id: 'mem' },
    newId: prefix => {
      this.#counts[prefix] += 1;
      return `${shortIds[prefix]}${this.#counts[prefix]}`;
    },
  };

  do<R>(rule: (book: Book, request: R, act: Act) => Movement, request: R): Movement {
    this.last = rule(this.book, request, this.act);
    this.book = applyMovement(this.book, this.last);
    assertWhole(this.book);
    return this.last;
  }

  /** The Problem that the rule answers; the book stays as it was. */
  refused<R>(rule: (book: Book, request: R, act: Act) => Movement, request: R): Problem {
    this.last = { entries: [], lots: [], holds: [], attention: [] };
    try {
      rule(this.book, request, this.act);
    } catch (error) {
      if (error instanceof Problem) return error;
      throw error;
    }
    throw new Error('was not refused');
  }

  /** So much is reserved on the bill by a card attempt. */
  reserve(billId: string, reservedCents: number): void {
    const bill = { ...billOf(this.book, billId), reservedCents: cents(reservedCents) };
    this.book = { ...this.book, bills: new Map(this.book.bills).set(billId, bill) };
  }

  bill(billId: string): string {
    const amounts = billAmounts(this.book, billId);
    return billText({ ...amounts, status: billStatus(amounts) });
  }

  payment(paymentId: string): string {
    return paymentText(paymentState(this.book, paymentId));
  }

  get credit(): number {
    return creditBalance(this.book);
  }
}

type BillFigures = Omit<BillAmounts, 'cancelled' | 'discountCents'>;

/** A bill's amounts and status as the column "after" has them; the insurer's side and a write-off only if there are any. */
export function billText(bill: { readonly [F in keyof BillFigures]: number } & { readonly status: string }): string {
  const side = (name: string, parts: readonly number[]): string => `${name} ${parts.join('/')}`;
  const insurer = [bill.insurerPortionCents, bill.insurerPaidCents, bill.insurerBalanceCents];
  return [
    `T ${bill.totalCents}`,
    side('C', [bill.clientPortionCents, bill.clientPaidCents, bill.clientBalanceCents]),
    ...(insurer.some(part => part !== 0) ? [side('I', insurer)] : []),
    ...(bill.writeOffCents === 0 ? [] : [`W ${bill.writeOffCents}`]),
    bill.status,
  ].join(', ');
}

interface PaymentFigures {
  readonly appliedCents: number;
  readonly creditedCents: number;
  readonly refundedCents: number;
  readonly chargedBackCents: number;
  readonly refundableCents: number;
}

/** Applied, credited, refunded, charged back, and what may still be refunded. */
export function paymentText(payment: PaymentFigures): string {
  const parts = [payment.appliedCents, payment.creditedCents, payment.refundedCents, payment.chargedBackCents];
  return `${parts.join('/')}, refundable ${payment.refundableCents}`;
}

/** Self-pay unless told: service lines of one session at these prices. */
export function sessionLines(sessionId: string, prices: readonly number[], terms?: Partial<PortionTerms>): BillLine[] {
  const lines = prices.map((price, index) => ({ ...line(`${sessionId}.${index + 1}`, price), sessionId }));
  return portionsOf(lines, { responsibility: 'self_pay', ...terms });
}

export function line(lineId: string, price: number, kind: BillLine['kind'] = 'service') {
  const amountCents = cents(price);
  return { lineId, kind, description: 'Session', units: 1, unitPriceCents: amountCents, amountCents };
}

export const paid = (
  paymentId: string,
  amount: number,
  how: Partial<Omit<PaymentFacts, 'paymentId' | 'amountCents'>> = {},
): PaymentFacts => ({
  paymentId,
  clientId,
  payer: 'client',
  type: 'cash_check',
  amountCents: cents(amount),
  paidAt: instant('2026-03-02T15:00:00Z'),
  ...how,
});

export const byCard = { type: 'card', collect: 'stripe' } as const;

const codes: Record<string, Posting['account']> = {
  CR: 'client_receivable',
  PR: 'payer_receivable',
  ST: 'stripe_balance',
  OM: 'offline_money',
  DF: 'disputed_funds',
  CC: 'client_credit',
  UM: 'unmatched_money',
  IN: 'income',
  DI: 'discount',
  WO: 'write_off',
  CG: 'credit_granted',
  FE: 'stripe_fees',
  OB: 'opening_balance',
};
const codeOf = new Map(Object.entries(codes).map(([code, account]) => [account, code]));

function postingText({ account, billId, lotId, paymentId, amountCents }: Posting): string {
  const on = billId ?? lotId;
  const amount = `${amountCents < 0 ? '−' : '+'}${Math.abs(amountCents)}`;
  return `${codeOf.get(account)}${on === undefined ? '' : `.${on}`}${paymentId === undefined ? '' : `·${paymentId}`} ${amount}`;
}

/** Postings in the ledger guide's notation: ⁄ parts entries; order within an entry does not count. */
export const postingsText = ({ entries }: { readonly entries: readonly Pick<Entry, 'postings'>[] }): string[] =>
  entries.map(entry => entry.postings.map(postingText).sort().join(', ')).sort();

export const notation = (text: string): string[] =>
  text
    .split(' ⁄ ')
    .map(entry => entry.split(', ').sort().join(', '))
    .sort();
