import type { Book } from './book';
import { type Draft, homeOfBill } from './draft';
import { type MoneyMove, returnCredit, shrinkLot } from './flows';
import type { Lot } from './ledger';
import { sumCents } from './money';
import { appliedCents, ownBills, paymentFacts, unmatchedBalance } from './paymentState';
import { clientCredit, clientReceivable, money, unmatchedMoney } from './postings';

/** What OUT took, by where it came from. */
export interface Outflow {
  /** Bills that the payment itself paid and that are reopened by so much. */
  readonly byBill: ReadonlyMap<string, number>;
  /** Bills that the payment's credit had paid and that are reopened by so much. */
  readonly returned: ReadonlyMap<string, number>;
  /** Nothing covers it; 0 while more bills could be reopened for it. */
  readonly uncoveredCents: number;
}

/** How far OUT may reach: so many bills, all unless told; and which bill gives first, before the payment's own credit. */
interface Reach {
  readonly firstBillId?: string | undefined;
  readonly mostBills?: number;
}

/**
 * So many bills one movement of OUT reopens at most, when Stripe and not a person decides: each is up to four of the
 * hundred writes that a transaction holds. What the others would give stands on UM until `moreToTake` says no more.
 */
export const mostReopened = 20;

/** True while money that left stands uncovered though there are bills that the payment or its credit still pays. */
export const moreToTake = (book: Book, paymentId: string): boolean =>
  unmatchedBalance(book, paymentId) > 0 && (appliedCents(book, paymentId) > 0 || isSpent(book.lots, paymentId));

const isSpent = (lots: readonly Lot[], paymentId: string): boolean =>
  lots.some(lot => lot.sourcePaymentId === paymentId && lot.spends.length > 0);

/** The source of the next part of what began as `first`: each part is keyed, so that a repeat of it is a failed put. */
export function nextPart({ entries }: Book, first: string): string {
  const parts = new Set(entries.flatMap(({ sourceId }) => (sourceId?.startsWith(first) ? [sourceId] : [])));
  return `${first}#${parts.size + 1}`;
}

/**
 * OUT of `ledger.md` section 3: from what is left of the payment's lots, from its own bills (oldest first), from what its
 * credit paid elsewhere (newest first: that credit payment is given back), and what nothing covers from unmatched money.
 */
export function moneyOut(draft: Draft, move: MoneyMove, reach: Reach = {}): Outflow {
  let left = move.amountCents;
  const { firstBillId, mostBills = Number.POSITIVE_INFINITY } = reach;
  const named =
    firstBillId === undefined ? undefined : takeApplied(draft, { move, onlyBillId: firstBillId, mostBills }, left);
  left -= sumCents(named?.values() ?? []);
  left -= takeUnspent(draft, move, left);
  const others = takeApplied(draft, { move, onlyBillId: undefined, mostBills: mostBills - (named?.size ?? 0) }, left);
  left -= sumCents(others.values());
  const byBill = new Map([...(named ?? []), ...others]);
  const returned = takeSpent(draft, { move, mostBills: mostBills - byBill.size }, left);
  left -= sumCents(returned.values());
  const { paymentId, account, home } = move;
  const before = unmatchedBalance(draft.book, paymentId);
  draft.post(home, money(unmatchedMoney, left, paymentId), money(account, -left, paymentId));
  const applied = ownBills(draft.book, paymentId).some(billId => draft.applied(paymentId, billId) > 0);
  const waits = left > 0 && (applied || isSpent(draft.lots(), paymentId));
  return { byBill, returned, uncoveredCents: waits ? 0 : Math.max(before + left, 0) - Math.max(before, 0) };
}

/** Holds and attention for what OUT took beyond the payment's own bills and unspent credit. */
export function noteCreditSpent(
  draft: Draft,
  paymentId: string,
  { out, refundId }: { out: Outflow; refundId?: string },
): void {
  const { clientId } = paymentFacts(draft.book, paymentId);
  const about = { paymentId, ...(clientId === undefined ? {} : { clientId }) };
  const of = refundId === undefined ? {} : { refundId };
  for (const [billId, amountCents] of out.returned) {
    draft.holds.push({ billId, reason: 'credit_returned', ...of });
    draft.attention.push({ kind: 'credit_spent_refunded', billId, ...about, facts: { amountCents, ...of } });
  }
  if (out.uncoveredCents === 0) return;
  draft.attention.push({ kind: 'refund_without_cover', ...about, facts: { amountCents: out.uncoveredCents, ...of } });
}

/** OUT (1): from what is left of the payment's lots. Returns how much. */
function takeUnspent(draft: Draft, { paymentId, account, home }: MoneyMove, amount: number): number {
  let left = amount;
  for (const lot of draft.lots().filter(l => l.sourcePaymentId === paymentId)) {
    const part = Math.min(left, lot.remainingCents);
    shrinkLot(draft, lot.lotId, part);
    draft.post(home, clientCredit(lot, part, paymentId), money(account, -part, paymentId));
    left -= part;
  }
  return amount - left;
}

/** OUT (2): from what the payment pays on its own bills, oldest first, or on one of them. */
function takeApplied(
  draft: Draft,
  { move, onlyBillId, mostBills }: { move: MoneyMove; onlyBillId: string | undefined; mostBills: number },
  amount: number,
): Map<string, number> {
  const { paymentId, account } = move;
  const byBill = new Map<string, number>();
  let left = amount;
  for (const billId of ownBills(draft.book, paymentId).filter(id => onlyBillId === undefined || id === onlyBillId)) {
    const part = Math.min(left, Math.max(draft.applied(paymentId, billId), 0));
    if (part <= 0 || byBill.size >= mostBills) continue;
    const owed = clientReceivable(draft.bill(billId), part, paymentId);
    draft.post(homeOfBill(billId), owed, money(account, -part, paymentId));
    byBill.set(billId, part);
    left -= part;
  }
  return byBill;
}

/** OUT (3): from what the payment's credit paid elsewhere, newest first; that credit payment is given back. */
function takeSpent(
  draft: Draft,
  { move: { paymentId, account, home }, mostBills }: { move: MoneyMove; mostBills: number },
  amount: number,
): Map<string, number> {
  const returned = new Map<string, number>();
  let left = amount;
  for (const { lotId, spend } of spendsNewestFirst(draft, paymentId)) {
    const part = Math.min(left, spend.amountCents);
    if (part <= 0 || (returned.size >= mostBills && !returned.has(spend.billId))) break;
    returnCredit(draft, { billId: spend.billId, paymentId: spend.paymentId, lotId }, part);
    shrinkLot(draft, lotId, part);
    draft.post(home, clientCredit(draft.lot(lotId), part, paymentId), money(account, -part, paymentId));
    returned.set(spend.billId, (returned.get(spend.billId) ?? 0) + part);
    left -= part;
  }
  return returned;
}

function spendsNewestFirst(draft: Draft, paymentId: string) {
  const age = new Map<string, number>();
  for (const { paymentId: id } of draft.postings()) if (id !== undefined && !age.has(id)) age.set(id, age.size);
  return draft
    .lots()
    .filter(lot => lot.sourcePaymentId === paymentId)
    .flatMap(lot => lot.spends.map(spend => ({ lotId: lot.lotId, spend })))
    .sort((a, b) => (age.get(b.spend.paymentId) ?? 0) - (age.get(a.spend.paymentId) ?? 0));
}
