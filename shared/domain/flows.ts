import type { BillFacts } from './book';
import { type Draft, homeOfBill } from './draft';
import type { EntryHome, Lot } from './ledger';
import { cents, maxCents, minCents, zeroCents } from './money';
import { paymentFacts, unmatchedBalance } from './paymentState';
import { clientCredit, clientReceivable, discount, type MoneyAccount, money, unmatchedMoney } from './postings';

/** Money of one payment that moves: which, on what account, how much, and where its own entry lives. */
export interface MoneyMove {
  readonly paymentId: string;
  /** Absent while nobody knows whose money it is. */
  readonly clientId?: string;
  readonly account: MoneyAccount;
  readonly amountCents: number;
  readonly home: EntryHome;
}

/**
 * IN of `ledger.md` section 3: what the payment is missing elsewhere first, then its bills up to their client balance
 * (nothing on a cancelled one), the rest becomes credit. Never refused. Returns what became credit.
 */
export function moneyIn(draft: Draft, move: MoneyMove, bills: readonly BillFacts[]): number {
  const { paymentId, account, home } = move;
  let left = move.amountCents;
  const missing = minCents(left, maxCents(unmatchedBalance(draft.book, paymentId), 0));
  draft.post(home, money(account, missing, paymentId), money(unmatchedMoney, -missing, paymentId));
  left -= missing;
  for (const bill of bills) {
    const part = bill.cancelled ? 0 : Math.min(left, Math.max(draft.clientBalance(bill.billId), 0));
    const on = homeOfBill(bill.billId);
    if (part > 0) draft.post(on, money(account, part, paymentId), clientReceivable(bill, -part, paymentId));
    left -= part;
  }
  if (left > 0) keep(draft, move, left);
  return left;
}

/** What no bill takes becomes the client's credit; of money without a client it is nobody's still. */
function keep(draft: Draft, { paymentId, clientId, account, home }: MoneyMove, amount: number): void {
  draft.post(home, money(account, amount, paymentId));
  if (clientId === undefined) draft.post(home, money(unmatchedMoney, -amount, paymentId));
  else draft.post(home, clientCredit(growLot(draft, { paymentId, clientId }, amount), -amount, paymentId));
}

/** The payment's lot with this much more in it, made when there is none. */
export function growLot(draft: Draft, of: { paymentId?: string; clientId: string }, amount: number): Lot {
  const { paymentId, clientId } = of;
  const known = paymentId === undefined ? undefined : draft.lots().findLast(lot => lot.sourcePaymentId === paymentId);
  const lot: Lot = known ?? {
    lotId: draft.act.newId('lot'),
    clientId,
    ...(paymentId === undefined ? {} : { sourcePaymentId: paymentId }),
    createdAt: draft.act.at,
    remainingCents: zeroCents,
    spends: [],
  };
  return draft.putLot({ ...lot, remainingCents: cents(lot.remainingCents + amount) });
}

/** The lot with so much less in it. */
export function shrinkLot(draft: Draft, lotId: string, amount: number): Lot {
  const lot = draft.lot(lotId);
  return amount === 0 ? lot : draft.putLot({ ...lot, remainingCents: cents(lot.remainingCents - amount) });
}

/** Takes credit from the lots that still have some, oldest first, for charge or for a credit payment. */
export function takeCredit(
  draft: Draft,
  home: EntryHome,
  amount: number,
  spend?: { billId: string; paymentId: string },
): void {
  let left = amount;
  for (const lot of draft.lots()) {
    const part = Math.min(left, lot.remainingCents);
    if (part <= 0) continue;
    const after = shrinkLot(draft, lot.lotId, part);
    if (spend) draft.putLot({ ...after, spends: [...lot.spends, { ...spend, amountCents: cents(part) }] });
    draft.post(home, clientCredit(lot, part, spend?.paymentId));
    left -= part;
  }
}

/** Gives a credit payment back to one lot, or to the lots it came from, last taken first. The bill owes so much again. */
export function returnCredit(
  draft: Draft,
  of: { billId: string; paymentId: string; lotId?: string },
  amount: number,
): void {
  const { billId, paymentId } = of;
  const taken = new Map<string, number>();
  for (const p of draft.postings()) {
    if (p.account !== 'client_credit' || p.paymentId !== paymentId || p.lotId === undefined) continue;
    taken.set(p.lotId, (taken.get(p.lotId) ?? 0) + p.amountCents);
  }
  let left = amount;
  for (const [lotId, most] of [...taken].reverse()) {
    const part = Math.min(left, most);
    if (part <= 0 || (of.lotId !== undefined && of.lotId !== lotId)) continue;
    const lot = draft.lot(lotId);
    const spends = lot.spends
      .map(s => (s.paymentId === paymentId ? { ...s, amountCents: cents(s.amountCents - part) } : s))
      .filter(s => s.amountCents > 0);
    draft.putLot({ ...lot, spends, remainingCents: cents(lot.remainingCents + part) });
    draft.post(
      homeOfBill(billId),
      clientReceivable(draft.bill(billId), part, paymentId),
      clientCredit(lot, -part, paymentId),
    );
    left -= part;
  }
}

/** Frees this much of one payment from the bill: a discount ends, credit returns to its lots, money becomes a lot. */
export function freePayment(draft: Draft, bill: BillFacts, paymentId: string, amount: number): void {
  const home = homeOfBill(bill.billId);
  const { source } = paymentFacts(draft.book, paymentId);
  if (source === 'credit') {
    returnCredit(draft, { billId: bill.billId, paymentId }, amount);
    return;
  }
  draft.post(home, clientReceivable(bill, amount, paymentId));
  if (source === 'discount') draft.post(home, discount(bill, -amount, paymentId));
  else
    draft.post(home, clientCredit(growLot(draft, { paymentId, clientId: bill.clientId }, amount), -amount, paymentId));
}

const releaseOrder = ['discount', 'credit', undefined] as const;

/** RELEASE of `ledger.md` section 3: frees `surplus` from discounts, then credit payments, then money, newest first. */
export function release(draft: Draft, bill: BillFacts, surplus: number): void {
  const paying = [
    ...new Set([...draft.postings()].flatMap(p => (paysBill(p, bill.billId) ? [p.paymentId ?? ''] : []))),
  ];
  let left = surplus;
  for (const source of releaseOrder) {
    for (const paymentId of paying.filter(id => paymentFacts(draft.book, id).source === source).reverse()) {
      const part = Math.min(left, draft.applied(paymentId, bill.billId));
      if (part <= 0) continue;
      freePayment(draft, bill, paymentId, part);
      left -= part;
    }
  }
}

const paysBill = (p: { account: string; billId?: string; paymentId?: string }, billId: string): boolean =>
  p.account === 'client_receivable' && p.billId === billId && p.paymentId !== undefined;

/** RELEASE of whatever is paid above the client portion now. */
export const releaseSurplus = (draft: Draft, bill: BillFacts): void =>
  release(draft, bill, Math.max(-draft.clientBalance(bill.billId), 0));
