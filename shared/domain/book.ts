import type { CalendarDate, Instant } from './calendar';
import type { Actor, Entry, Lot } from './ledger';
import type { Cents } from './money';

export type LineKind = 'service' | 'product' | 'no_show' | 'adjustment';
export type Responsibility = 'self_pay' | 'insurance' | 'external';

/** One line of a bill with its portions as issued or last changed; deltas of entries move them (`linesNow`). */
export interface BillLine {
  readonly lineId: string;
  readonly kind: LineKind;
  readonly sessionId?: string;
  readonly dateOfService?: CalendarDate;
  readonly code?: string;
  readonly description: string;
  readonly units: number;
  readonly unitPriceCents: Cents;
  /** The price: always client + insurer + write-off. Negative only on an adjustment. */
  readonly amountCents: Cents;
  readonly clientPortionCents: Cents;
  readonly insurerPortionCents: Cents;
  readonly writeOffCents: Cents;
}

export interface BillFacts {
  readonly billId: string;
  readonly clientId: string;
  readonly payerId?: string;
  readonly responsibility: Responsibility;
  /** As issued or last changed, plus the adjustment lines since. */
  readonly lines: readonly BillLine[];
  readonly cancelled: boolean;
  /** Sum of card attempts in `processing` or `requires_action`. */
  readonly reservedCents: Cents;
}

/** What a rule looks at: the bills concerned with all their entries, and the client's lots. */
export interface Book {
  readonly bills: ReadonlyMap<string, BillFacts>;
  /** Oldest first. */
  readonly entries: readonly Entry[];
  /** Oldest first; all that have something left and all that the bills or payments concerned took from or made. */
  readonly lots: readonly Lot[];
}

/** Who does it, when, and new ids. */
export interface Act {
  readonly at: Instant;
  /** Today in the practice's zone. */
  readonly today: CalendarDate;
  readonly actor: Actor;
  newId(prefix: 'ent' | 'lot' | 'pay' | 'ref' | 'line'): string;
}

export type HoldReason = 'refund_reopened' | 'credit_returned' | 'discount_taken_back' | 'dispute_lost';

/** AutoPay must not collect on this bill until staff release it (`ledger.md` section 3, HOLD). */
export interface Hold {
  readonly billId: string;
  readonly reason: HoldReason;
  readonly refundId?: string;
}

export type MoneyAttentionKind =
  | 'refund_without_cover'
  | 'late_payment'
  | 'refund_failed'
  | 'credit_spent_refunded'
  | 'dispute_opened'
  | 'dispute_lost'
  | 'dispute_won'
  | 'money_unmatched'
  | 'charge_unknown'
  | 'refund_unknown'
  | 'autopay_failed'
  | 'autopay_stopped';

/** Something staff should look at; facts are ids, cents and dates only. */
export interface MoneyAttention {
  /** Where it must be found again by what it is about; a new one unless given. */
  readonly attentionId?: string;
  readonly kind: MoneyAttentionKind;
  readonly billId?: string;
  readonly clientId?: string;
  readonly paymentId?: string;
  readonly facts: Readonly<Record<string, string | number>>;
}

/** What a rule decided; all of it is written in one transaction or none of it. */
export interface Movement {
  readonly entries: readonly Entry[];
  /** Lots as they stand after it, created or changed ones only. */
  readonly lots: readonly Lot[];
  readonly holds: readonly Hold[];
  readonly attention: readonly MoneyAttention[];
  readonly releasesHold?: readonly { readonly billId: string; readonly refundId: string }[];
  /** Adjustment lines to append. */
  readonly newLines?: readonly { readonly billId: string; readonly line: BillLine }[];
  /** Bills issued, changed or cancelled, as they stand after it (without `newLines` of the same movement). */
  readonly bills?: readonly BillFacts[];
}

export const emptyBook: Book = { bills: new Map(), entries: [], lots: [] };

/** Nothing new: what a repeat of a known signal comes to. */
export const noMovement: Movement = { entries: [], lots: [], holds: [], attention: [] };

/** The book after the movement, so that a second rule of the same transaction sees the first. */
export function applyMovement(book: Book, movement: Movement): Book {
  const bills = new Map(book.bills);
  for (const bill of movement.bills ?? []) bills.set(bill.billId, bill);
  for (const { billId, line } of movement.newLines ?? []) {
    const bill = bills.get(billId);
    if (bill) bills.set(billId, { ...bill, lines: [...bill.lines, line] });
  }
  return {
    bills,
    entries: [...book.entries, ...movement.entries],
    lots: withLots(book.lots, movement.lots),
  };
}

/** Several movements of one transaction as one; later ones win where they touch the same lot or bill. */
export function joinMovements(...movements: readonly Movement[]): Movement {
  const bills = new Map<string, BillFacts>();
  for (const movement of movements) for (const bill of movement.bills ?? []) bills.set(bill.billId, bill);
  return {
    entries: movements.flatMap(m => m.entries),
    lots: movements.reduce<readonly Lot[]>((lots, m) => withLots(lots, m.lots), []),
    holds: movements.flatMap(m => m.holds),
    attention: movements.flatMap(m => m.attention),
    releasesHold: movements.flatMap(m => m.releasesHold ?? []),
    newLines: movements.flatMap(m => m.newLines ?? []),
    bills: [...bills.values()],
  };
}

function withLots(before: readonly Lot[], changed: readonly Lot[]): readonly Lot[] {
  const known = new Set(before.map(lot => lot.lotId));
  const byId = new Map(changed.map(lot => [lot.lotId, lot]));
  return [...before.map(lot => byId.get(lot.lotId) ?? lot), ...changed.filter(lot => !known.has(lot.lotId))];
}
