import type { BillFacts, BillLine, Book } from './book';
import type { CalendarDate } from './calendar';
import { billOf } from './draft';
import type { Entry } from './ledger';
import { type Cents, cents, splitCents, zeroCents } from './money';

/** All amounts of a bill (`ledger.md` section 5). A cancelled one keeps total and portions; paid and balances are 0. */
export interface BillAmounts {
  readonly totalCents: Cents;
  readonly clientPortionCents: Cents;
  /** Net of refunds, credits and discounts included. */
  readonly clientPaidCents: Cents;
  readonly clientBalanceCents: Cents;
  readonly insurerPortionCents: Cents;
  readonly insurerPaidCents: Cents;
  readonly insurerBalanceCents: Cents;
  readonly writeOffCents: Cents;
  /** The part of `clientPaidCents` that is no money. */
  readonly discountCents: Cents;
  readonly cancelled: boolean;
}

export type BillStatus = 'open' | 'partially_paid' | 'awaiting_insurance' | 'paid' | 'cancelled';

export function billAmounts(book: Book, billId: string): BillAmounts {
  const { cancelled } = billOf(book, billId);
  const sums = { total: 0, client: 0, insurer: 0, writeOff: 0, clientPaid: 0, insurerPaid: 0, discount: 0 };
  for (const { kind, postings } of book.entries) {
    for (const { account, amountCents, billId: on, paymentId } of postings) {
      if (on !== billId || (kind === 'bill_cancelled' && paymentId === undefined)) continue;
      if (account === 'income' || account === 'opening_balance') sums.total -= amountCents;
      else if (account === 'write_off') sums.writeOff += amountCents;
      else if (account === 'discount') sums.discount += amountCents;
      else if (account === 'client_receivable' && paymentId === undefined) sums.client += amountCents;
      else if (account === 'client_receivable') sums.clientPaid -= amountCents;
      else if (account === 'payer_receivable' && paymentId === undefined) sums.insurer += amountCents;
      else if (account === 'payer_receivable') sums.insurerPaid -= amountCents;
    }
  }
  return {
    totalCents: cents(sums.total),
    clientPortionCents: cents(sums.client),
    clientPaidCents: cents(sums.clientPaid),
    clientBalanceCents: cents(cancelled ? 0 : sums.client - sums.clientPaid),
    insurerPortionCents: cents(sums.insurer),
    insurerPaidCents: cents(sums.insurerPaid),
    insurerBalanceCents: cents(cancelled ? 0 : sums.insurer - sums.insurerPaid),
    writeOffCents: cents(sums.writeOff),
    discountCents: cents(sums.discount),
    cancelled,
  };
}

/** The first that fits (`ledger.md` section 5). An open dispute does not change it. */
export function billStatus(amounts: BillAmounts): BillStatus {
  if (amounts.cancelled) return 'cancelled';
  if (amounts.clientBalanceCents === 0) return amounts.insurerBalanceCents === 0 ? 'paid' : 'awaiting_insurance';
  return amounts.clientPaidCents > 0 || amounts.insurerPaidCents > 0 ? 'partially_paid' : 'open';
}

/** Overdue from the practice-local day after `dueOn`, and only while the client owes (domain rule 42). */
export const isOverdue = (
  amounts: Pick<BillAmounts, 'clientBalanceCents'>,
  { dueOn, today }: { dueOn: CalendarDate; today: CalendarDate },
): boolean => amounts.clientBalanceCents > 0 && today > dueOn;

/** A line with its portions as they are now and what insurers paid on it. */
export interface LineNow extends BillLine {
  readonly insurerPaidCents: Cents;
}

/** Portions as issued or last changed plus the deltas since; client + insurer + write-off = price on each line. */
export function linesNow(bill: BillFacts, entries: readonly Entry[]): LineNow[] {
  const here = entries.filter(entry => entry.home.kind === 'bill' && entry.home.id === bill.billId);
  const changed = here.findLastIndex(entry => entry.kind === 'bill_changed');
  const sums = new Map<string, { client: number; insurer: number; writeOff: number; paid: number }>();
  for (const { lineDeltas = [] } of here.slice(changed + 1)) {
    for (const delta of lineDeltas) {
      const sum = sums.get(delta.lineId) ?? { client: 0, insurer: 0, writeOff: 0, paid: 0 };
      sum.client += delta.clientCents;
      sum.insurer += delta.insurerCents;
      sum.writeOff += delta.writeOffCents;
      sum.paid += delta.insurerPaidCents;
      sums.set(delta.lineId, sum);
    }
  }
  return bill.lines.map(line => {
    const moved = sums.get(line.lineId);
    return {
      ...line,
      clientPortionCents: cents(line.clientPortionCents + (moved?.client ?? 0)),
      insurerPortionCents: cents(line.insurerPortionCents + (moved?.insurer ?? 0)),
      writeOffCents: cents(line.writeOffCents + (moved?.writeOff ?? 0)),
      insurerPaidCents: cents(moved?.paid ?? 0),
    };
  });
}

/**
 * SPLIT over a bill's lines, e.g. a write-off by client portion or a superbill's paid amount. A line with a negative
 * weight (an adjustment) takes nothing, so no share is above its weight as long as the amount is not above their sum.
 */
export function splitOverLines<L>(amount: Cents, lines: readonly L[], weight: (line: L) => number): Cents[] {
  if (amount === 0) return lines.map(() => zeroCents);
  return splitCents(
    amount,
    lines.map(line => Math.max(weight(line), 0)),
  );
}
