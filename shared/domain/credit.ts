import { billAmounts } from './billAmounts';
import { type Act, type Book, type Movement, noMovement } from './book';
import type { Instant } from './calendar';
import { billOf, Draft, type EntryRequest, homeOfBill, isKnown, wordsOf } from './draft';
import { growLot, moneyIn, takeCredit } from './flows';
import type { Entry, EntryHome, EntryKind, Lot, PaymentFacts, UnmatchedFacts } from './ledger';
import { type Cents, cents, maxCents, minCents, sumCents } from './money';
import { checkPayable } from './payable';
import { findPayment, unmatchedBalance } from './paymentState';
import { clientCredit, money, stripeBalance, unmatchedMoney } from './postings';
import { invalidInput, Problem } from './problem';

/** What the client may spend: the sum of the lots. */
export const creditBalance = (book: Pick<Book, 'lots'>): Cents => sumCents(book.lots.map(lot => lot.remainingCents));

export interface GrantCredit extends EntryRequest {
  readonly clientId: string;
  /** Signed, not 0; negative takes credit away, oldest lots first. */
  readonly amountCents: number;
  readonly reason: string;
  /** Brought in from another system: opening balance in place of credit granted. */
  readonly opening?: boolean;
}

/** Credit by hand, without money. Problems: `insufficient_credit` below 0, `invalid_input` without amount or reason. */
export function grantCredit(book: Book, request: GrantCredit, act: Act): Movement {
  const { clientId, amountCents, opening = false } = request;
  if (amountCents === 0) throw invalidInput('/amountCents', 'must not be 0');
  if (request.reason.trim() === '') throw invalidInput('/reason', 'is required');
  const creditCents = creditBalance(book);
  if (creditCents + amountCents < 0) throw new Problem('insufficient_credit', { creditCents });
  const draft = new Draft(book, act);
  const home: EntryHome = { kind: 'client', id: clientId };
  const account = opening ? 'opening_balance' : 'credit_granted';
  draft.post(home, { account, amountCents: cents(amountCents), clientId });
  if (amountCents < 0) takeCredit(draft, home, -amountCents);
  else draft.post(home, clientCredit(growLot(draft, { clientId }, amountCents), -amountCents));
  return draft.finish(() => ({ kind: opening ? 'opening_balance' : 'credit_granted', ...wordsOf(request) }));
}

/** The lots as the entries tell them, oldest first: what stored lots are checked against and rebuilt from. */
export function lotsOf(entries: readonly Entry[]): Lot[] {
  const lots = new Map<string, Lot>();
  const paper = new Set(entries.flatMap(e => (e.payment?.source === 'credit' ? [e.payment.paymentId] : [])));
  for (const { postings, at, home } of entries) {
    for (const { account, lotId, clientId = '', paymentId, amountCents } of postings) {
      if (account !== 'client_credit' || lotId === undefined) continue;
      const source = paymentId === undefined || paper.has(paymentId) ? {} : { sourcePaymentId: paymentId };
      const fresh: Lot = { lotId, clientId, ...source, createdAt: at, remainingCents: cents(0), spends: [] };
      const lot = lots.get(lotId) ?? fresh;
      const spends =
        paymentId !== undefined && paper.has(paymentId)
          ? withSpend(lot.spends, { billId: home.id, paymentId, amountCents })
          : lot.spends;
      lots.set(lotId, { ...lot, spends, remainingCents: cents(lot.remainingCents - amountCents) });
    }
  }
  return [...lots.values()];
}

function withSpend(spends: Lot['spends'], spend: Lot['spends'][number]): Lot['spends'] {
  const known = spends.find(s => s.paymentId === spend.paymentId);
  const amountCents = cents((known?.amountCents ?? 0) + spend.amountCents);
  const all = known ? spends.map(s => (s === known ? { ...known, amountCents } : s)) : [...spends, spend];
  return all.filter(s => s.amountCents > 0);
}

export type CreditReason = 'prepayment' | 'overpayment' | 'reimbursement' | 'adjustment' | 'applied' | 'refunded';

/** One line of a client's credit, signed as the client sees it. */
export interface CreditEntry {
  readonly creditId: string;
  readonly amountCents: Cents;
  readonly reason: CreditReason;
  readonly sourcePaymentId?: string;
  readonly billId?: string;
  readonly createdAt: Instant;
}

const refundKinds: readonly EntryKind[] = ['refund_made', 'refund_found', 'dispute_lost'];
const arrivalKinds: readonly EntryKind[] = [
  'payment_received',
  'refund_failed',
  'money_attached',
  'dispute_won_after_lost',
];

function creditReason(entry: Entry, paper: boolean, paymentId: string | undefined): CreditReason {
  if (paper) return 'applied';
  if (paymentId === undefined) return 'adjustment';
  if (entry.kind === 'prepayment_received') {
    return entry.details?.creditReason === 'reimbursement' ? 'reimbursement' : 'prepayment';
  }
  if (refundKinds.includes(entry.kind)) return 'refunded';
  return arrivalKinds.includes(entry.kind) ? 'overpayment' : 'reimbursement';
}

/** A client's credit history (`ledger.md` section 5): one line for what an entry does to credit by one payment. */
export function creditEntries(entries: readonly Entry[]): CreditEntry[] {
  const paper = new Set(entries.flatMap(e => (e.payment?.source === 'credit' ? [e.payment.paymentId] : [])));
  return entries.flatMap(entry => {
    const sums = new Map<string | undefined, number>();
    for (const { account, paymentId, amountCents } of entry.postings) {
      if (account === 'client_credit') sums.set(paymentId, (sums.get(paymentId) ?? 0) - amountCents);
    }
    return [...sums].map(
      ([paymentId, amount], index): CreditEntry => ({
        creditId: `${entry.entryId.replace(/^ent_/, 'cred_')}${index === 0 ? '' : `-${index + 1}`}`,
        amountCents: cents(amount),
        reason: creditReason(entry, paymentId !== undefined && paper.has(paymentId), paymentId),
        ...(paymentId === undefined ? {} : { sourcePaymentId: paymentId }),
        ...(entry.home.kind === 'bill' ? { billId: entry.home.id } : {}),
        createdAt: entry.at,
      }),
    );
  });
}

export interface UnmatchedMoneyFound extends EntryRequest {
  readonly payment: UnmatchedFacts;
}

/** A charge in Stripe that nobody knows (domain rule 35): kept whole until staff attach it. A repeat is no movement. */
export function recordUnmatched(book: Book, request: UnmatchedMoneyFound, act: Act): Movement {
  const { payment } = request;
  if (isKnown(book, request.sourceId)) return noMovement;
  const { paymentId, amountCents } = payment;
  const draft = new Draft(book, act);
  const home: EntryHome = { kind: 'practice', id: paymentId };
  draft.post(home, money(stripeBalance, amountCents, paymentId), money(unmatchedMoney, -amountCents, paymentId));
  draft.attention.push({ kind: 'money_unmatched', paymentId, facts: { amountCents } });
  return draft.finish(() => ({ kind: 'money_unmatched', ...wordsOf(request), unmatched: payment }));
}

export interface AttachMoney extends EntryRequest {
  readonly paymentId: string;
  readonly clientId: string;
  /** Absent: all of it becomes the client's credit. */
  readonly billId?: string;
}

/**
 * Gives unmatched money to a bill or a client: IN for what is not refunded yet (W20). Problems: `not_found` when nothing
 * of it is unmatched any more, `bill_cancelled`, `payment_in_progress` where the bill would take what a charge under way
 * has reserved: the client would pay it twice.
 */
export function attachMoney(book: Book, request: AttachMoney, act: Act): Movement {
  const { paymentId, clientId, billId } = request;
  const known = findPayment(book, paymentId);
  const amountCents = maxCents(-unmatchedBalance(book, paymentId), 0);
  if (!known || amountCents === 0) throw new Problem('not_found', { what: 'unmatched payment' });
  const bills = billId === undefined ? [] : [billOf(book, billId)];
  for (const bill of bills) {
    const amounts = billAmounts(book, bill.billId);
    checkPayable(amounts, bill.reservedCents, minCents(amountCents, amounts.clientBalanceCents));
  }
  const payment: PaymentFacts = { ...known, clientId };
  const draft = new Draft(book, act);
  const home: EntryHome = billId === undefined ? { kind: 'client', id: clientId } : homeOfBill(billId);
  moneyIn(draft, { paymentId, clientId, account: unmatchedMoney, amountCents, home }, bills);
  return draft.finish(() => ({ kind: 'money_attached', ...wordsOf(request), payment }));
}
