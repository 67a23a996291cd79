import type { Book } from './book';
import type { Instant } from './calendar';
import { invariant } from './invariant';
import {
  type DisputeFacts,
  type Entry,
  type EntryHome,
  type Posting,
  type RefundFacts,
  sumPostings,
  type UnmatchedFacts,
} from './ledger';
import { type Cents, cents, maxCents, sumCents } from './money';

/** A payment's facts; without a client while its money is unmatched. */
export type KnownPayment = UnmatchedFacts & { readonly clientId?: string };

export interface RefundState extends RefundFacts {
  readonly createdAt: Instant;
}

export type SettledPaymentStatus = 'succeeded' | 'partially_refunded' | 'refunded' | 'disputed' | 'charged_back';

/**
 * What a payment has become (`ledger.md` section 5). Always
 * `amount = applied + credited + refunded + chargedBack + unmatched − uncovered`.
 */
export interface PaymentState {
  readonly payment: KnownPayment;
  readonly createdAt: Instant;
  readonly status: SettledPaymentStatus;
  readonly amountCents: Cents;
  /** What it pays of bills now, the client's and the insurer's side. */
  readonly appliedCents: Cents;
  /** Now or once credit; spending that credit does not lower it. */
  readonly creditedCents: Cents;
  /** Pending and succeeded refunds; for credit and discounts: given back. A refund to credit does not count. */
  readonly refundedCents: Cents;
  readonly chargedBackCents: Cents;
  /** Refunded without anything left to take it from. */
  readonly uncoveredCents: Cents;
  readonly unmatchedCents: Cents;
  /** What a request may take back: applied and the unspent part of its lots; 0 while disputed, after, and for insurers. */
  readonly refundableCents: Cents;
  readonly refunds: readonly RefundState[];
  readonly disputes: readonly DisputeFacts[];
}

export const findPayment = (book: Book, paymentId: string): KnownPayment | undefined => {
  const last = book.entries.findLast(e => e.payment?.paymentId === paymentId || e.unmatched?.paymentId === paymentId);
  return last?.payment ?? last?.unmatched;
};

/** The payment's facts as the ledger tells them. Our bug when the book does not hold them. */
export function paymentFacts(book: Book, paymentId: string): KnownPayment {
  const payment = findPayment(book, paymentId);
  invariant(payment, `payment ${paymentId} is not in the book`);
  return payment;
}

/** The bills this payment was received for, in that order; those it pays now are among them. */
export function ownBills(book: Book, paymentId: string): string[] {
  const homes = book.entries.filter(e => e.payment?.paymentId === paymentId && e.home.kind === 'bill');
  return [...new Set(homes.map(entry => entry.home.id))];
}

/** Bills that a refund or dispute of this payment may touch: its own and those its credit paid. Load them all. */
export function billsBehind(book: Book, paymentId: string): string[] {
  const named = book.entries.flatMap(e => (e.payment?.paymentId === paymentId ? (e.payment.billIds ?? []) : []));
  const spent = book.lots
    .filter(lot => lot.sourcePaymentId === paymentId)
    .flatMap(lot => lot.spends.map(s => s.billId));
  return [...new Set([...ownBills(book, paymentId), ...named, ...spent])];
}

/** Where what belongs to the payment as a whole is recorded: its first bill, else its client, else the practice. */
export function homeOfPayment(book: Book, paymentId: string): EntryHome {
  const known = book.entries.filter(e => e.payment?.paymentId === paymentId && e.home.kind !== 'practice');
  const unmatched = book.entries.find(e => e.unmatched?.paymentId === paymentId);
  const home = known[0]?.home ?? unmatched?.home;
  invariant(home, `payment ${paymentId} is not in the book`);
  return home;
}

/** The payments that pay, paid or were received for this bill, oldest first. */
export function paymentsOfBill(book: Book, billId: string): string[] {
  const ids = book.entries.flatMap(e =>
    e.home.kind === 'bill' && e.home.id === billId && e.payment ? [e.payment.paymentId] : [],
  );
  return [...new Set(ids)];
}

const receivables = new Set(['client_receivable', 'payer_receivable']);

/** What the payment pays now, of one bill or of all. */
export const appliedCents = (book: Book, paymentId: string, billId?: string): Cents =>
  cents(
    0 -
      sumPostings(
        book.entries,
        p => receivables.has(p.account) && p.paymentId === paymentId && (billId === undefined || p.billId === billId),
      ),
  );

export function paymentState(book: Book, paymentId: string): PaymentState {
  const payment = paymentFacts(book, paymentId);
  const entries = book.entries.filter(entry => names(entry, paymentId));
  const on = (account: Posting['account'], fits: (entry: Entry) => boolean = () => true): Cents =>
    sumPostings(entries, (p, entry) => p.account === account && p.paymentId === paymentId && fits(entry));
  const refunds = refundsOf(entries, paymentId);
  const disputes = disputesOf(entries, paymentId);
  const applied = appliedCents(book, paymentId);
  const paper = payment.source !== undefined;
  const refunded = paper ? cents(payment.amountCents - applied) : sumCents(refunds.map(moneyOfRefund));
  const chargedBack = chargedBackCents(on);
  const unmatched = unmatchedBalance(book, paymentId);
  const unspent = sumCents(book.lots.filter(l => l.sourcePaymentId === paymentId).map(l => l.remainingCents));
  const open = on('disputed_funds') > 0 || disputes.some(isOpenDispute);
  const fixed = payment.payer !== 'client' || open || chargedBack > 0;
  const amounts = { amountCents: payment.amountCents, refundedCents: refunded, chargedBackCents: chargedBack };
  return {
    ...amounts,
    payment,
    createdAt: entries[0]?.at ?? payment.paidAt,
    status: statusOf(amounts, open),
    appliedCents: applied,
    creditedCents: paper ? cents(0) : cents(0 - on('client_credit')),
    uncoveredCents: maxCents(unmatched, 0),
    unmatchedCents: maxCents(-unmatched, 0),
    refundableCents: fixed ? cents(0) : cents(applied + unspent),
    refunds,
    disputes,
  };
}

const names = (entry: Entry, paymentId: string): boolean =>
  [entry.payment, entry.unmatched, entry.refund, entry.dispute].some(facts => facts?.paymentId === paymentId) ||
  entry.postings.some(posting => posting.paymentId === paymentId);

function statusOf(
  amounts: Pick<PaymentState, 'amountCents' | 'refundedCents' | 'chargedBackCents'>,
  disputed: boolean,
): SettledPaymentStatus {
  if (amounts.chargedBackCents > 0) return 'charged_back';
  if (disputed) return 'disputed';
  if (amounts.refundedCents <= 0) return 'succeeded';
  return amounts.refundedCents >= amounts.amountCents ? 'refunded' : 'partially_refunded';
}

/** The refunds of a payment as they stand, oldest first: each entry that names one tells it whole, the last one holds. */
export function refundsOf(entries: readonly Entry[], paymentId: string): RefundState[] {
  const refunds = new Map<string, RefundState>();
  for (const { refund, at } of entries) {
    if (refund?.paymentId !== paymentId) continue;
    refunds.set(refund.refundId, { ...refund, createdAt: refunds.get(refund.refundId)?.createdAt ?? at });
  }
  return [...refunds.values()];
}

const moneyOfRefund = (refund: RefundFacts): number =>
  refund.destination !== 'credit' && (refund.status === 'pending' || refund.status === 'succeeded')
    ? refund.amountCents
    : 0;

function disputesOf(entries: readonly Entry[], paymentId: string): DisputeFacts[] {
  const disputes = new Map<string, DisputeFacts>();
  for (const { dispute } of entries) if (dispute?.paymentId === paymentId) disputes.set(dispute.disputeId, dispute);
  return [...disputes.values()];
}

/** An inquiry (`warning_…`) moves no money and forbids no refund; `prevented` is Stripe's word for settled before. */
export const isInquiry = (status: string): boolean => status.startsWith('warning_');
/** A bank still asks, be it only an inquiry: AutoPay of the client waits meanwhile (domain rule 33). */
export const isUndecided = (status: string): boolean =>
  !['won', 'lost', 'prevented', 'warning_closed'].includes(status);
const isOpenDispute = ({ status }: DisputeFacts): boolean =>
  !isInquiry(status) && !['won', 'lost', 'prevented'].includes(status);

const chargedBackCents = (on: (account: Posting['account'], fits: (entry: Entry) => boolean) => Cents): Cents =>
  cents(
    0 -
      on('disputed_funds', entry => entry.kind === 'dispute_lost') -
      on('stripe_balance', entry => entry.kind === 'dispute_won_after_lost'),
  );

/** UM: a debit is refunded without cover, a credit nobody's yet. Once attached, only what came after counts. */
export function unmatchedBalance({ entries }: Book, paymentId: string): Cents {
  const attached = entries.findLastIndex(e => e.kind === 'money_attached' && e.payment?.paymentId === paymentId);
  return sumPostings(entries.slice(attached + 1), p => p.account === 'unmatched_money' && p.paymentId === paymentId);
}
