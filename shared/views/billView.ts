import { autopayState } from '../domain/automation/autopayState';
import { linesNow } from '../domain/billAmounts';
import type { Attempt, BillHead, BillRecord, Share } from '../domain/billRecord';
import type { Book } from '../domain/book';
import { type Instant, isOver, localDate } from '../domain/calendar';
import { invariant } from '../domain/invariant';
import type { RefundFacts } from '../domain/ledger';
import { type PaymentState, paymentState, paymentsOfBill, refundsOf } from '../domain/paymentState';
import type { BillObject, BillSummaryObject, PaymentObject, RefundObject, ShareObject } from '../operations/objects';
import type { Loaded } from '../store/billStore';

/** Now, and the practice's zone: what "overdue" is judged by. */
export interface Moment {
  readonly now: Instant;
  readonly timeZone: string;
}

/** A bill in a list: its head, with what is derived on read. */
export function billSummary(
  head: BillHead,
  { now, timeZone }: Moment,
  attempts: readonly Attempt[] = [],
): BillSummaryObject {
  const { hold, attention, policyId, payerId, checkoutId: _, revision: __, ...shown } = head;
  return {
    ...shown,
    practitionerIds: [...head.practitionerIds],
    ...(policyId ? { policyId } : {}),
    ...(payerId ? { payerId } : {}),
    overdue: head.clientBalanceCents > 0 && isOver(head.dueOn, now, timeZone),
    autopay: {
      held: hold !== undefined,
      ...(hold ? { holdReason: hold.reason } : {}),
      attempts: attempts
        .filter(attempt => attempt.by.kind === 'system' && attempt.kind === 'charge')
        .map(({ startedAt, amountCents, status, failure }) => ({
          at: startedAt,
          amountCents,
          outcome: status,
          ...(failure ? { code: failure.code } : {}),
        })),
      nextAttemptOn: nextAttemptOn(head, attempts, { now, timeZone }),
    },
    needsAttention: attention > 0,
  };
}

/** When a card that AutoPay was refused is tried again; what no card was tried for has no date of its own. */
function nextAttemptOn(head: BillHead, attempts: readonly Attempt[], { now, timeZone }: Moment): string | null {
  const { refused, nextOn } = autopayState(attempts, { today: localDate(now, timeZone), timeZone });
  const mayTry = refused > 0 && head.clientBalanceCents > 0 && head.hold === undefined;
  return mayTry ? (nextOn ?? null) : null;
}

/** The whole bill as the contract shows it. */
export function billView(loaded: Loaded, billId: string, moment: Moment): BillObject {
  const record = loaded.records.get(billId);
  invariant(record, `bill ${billId} was not loaded`);
  const { head, text, attempts, shares } = record;
  const facts = loaded.book.bills.get(billId);
  invariant(facts, `bill ${billId} is not in the book`);
  return {
    ...billSummary(head, moment, attempts),
    accessCode: text.accessCode,
    recipient: text.recipient,
    lines: linesNow(facts, record.entries).map(({ insurerPaidCents: _, ...line }) => line),
    comments: text.comments,
    footer: text.footer,
    payments: paymentsView(loaded.book, record),
    shares: shares.map(share => shareView(share)),
  };
}

/** Received payments and attempts that have not become one, oldest first. */
export function paymentsView(book: Book, record: BillRecord): PaymentObject[] {
  const received = paymentsOfBill(book, record.head.billId).map(id => paymentView(book, id, record.head.billId));
  return [...received, ...unpaidAttempts(record.attempts)].sort((a, b) => (a.createdAt < b.createdAt ? -1 : 1));
}

/** Charges under way or refused; those that were settled are payments. */
export const unpaidAttempts = (attempts: readonly Attempt[]): PaymentObject[] =>
  attempts.filter(({ kind, status }) => kind === 'charge' && status !== 'settled').map(attemptView);

export function paymentView(book: Book, paymentId: string, billId?: string): PaymentObject {
  const state = paymentState(book, paymentId);
  const { payment } = state;
  const received = book.entries.find(entry => entry.payment?.paymentId === paymentId);
  const dispute = state.disputes.at(-1);
  return {
    ...factsView(payment),
    ...(billId ? { billId } : billOf(book, paymentId)),
    appliedCents: state.appliedCents,
    refundedCents: state.refundedCents,
    creditedCents: state.creditedCents,
    chargedBackCents: state.chargedBackCents,
    refundableCents: state.refundableCents,
    createdAt: state.createdAt,
    recordedBy: received?.actor ?? { kind: 'system' },
    status: state.status,
    ...(dispute ? { dispute } : {}),
    refunds: refundViews(state),
  };
}

const billOf = (book: Book, paymentId: string): { billId?: string } => {
  const home = book.entries.find(entry => entry.payment?.paymentId === paymentId)?.home;
  return home?.kind === 'bill' ? { billId: home.id } : {};
};

function factsView(payment: PaymentState['payment']) {
  const { stripe, ...facts } = payment;
  return { ...facts, ...(stripe ? { stripe: { ...stripe, dashboardUrl: dashboardUrl(stripe) } } : {}) };
}

/** R55: that very transaction in the Stripe dashboard, of the right account and mode (`domain.md` rule 38). */
export function dashboardUrl(stripe: { paymentIntentId: string; accountId?: string; livemode: boolean }): string {
  const account = stripe.accountId ? `${stripe.accountId}/` : '';
  return `https://dashboard.stripe.com/${account}${stripe.livemode ? '' : 'test/'}payments/${stripe.paymentIntentId}`;
}

const refundViews = (state: PaymentState): RefundObject[] => state.refunds.map(refundView);

export const refundView = (refund: RefundFacts & { readonly createdAt: string }): RefundObject => refund;

/** One refund as it stands. */
export function refundOf(book: Book, refundId: string): RefundObject {
  const paymentId = book.entries.find(entry => entry.refund?.refundId === refundId)?.refund?.paymentId;
  const refund = refundsOf(book.entries, paymentId ?? '').find(known => known.refundId === refundId);
  invariant(refund, `refund ${refundId} is not in the book`);
  return refundView(refund);
}

/** A charge under way or failed: no entry yet, so its attempt tells it. */
export function attemptView(attempt: Attempt): PaymentObject {
  const { payment } = attempt;
  invariant(payment, 'a charge has its payment facts');
  const { stripe: _, ...facts } = payment;
  const { paymentIntentId, accountId } = attempt.stripe;
  return {
    ...facts,
    ...(attempt.billId === '' ? {} : { billId: attempt.billId }),
    appliedCents: 0,
    refundedCents: 0,
    creditedCents: 0,
    chargedBackCents: 0,
    refundableCents: 0,
    createdAt: attempt.startedAt,
    recordedBy: attempt.by.id === undefined ? { kind: attempt.by.kind } : { kind: attempt.by.kind, id: attempt.by.id },
    status: attempt.status === 'settled' ? 'succeeded' : attempt.status,
    ...(paymentIntentId ? { stripe: { paymentIntentId, ...(accountId ? { accountId } : {}) } } : {}),
    ...(attempt.failure ? { failure: attempt.failure } : {}),
    ...(attempt.redirectUrl ? { redirectUrl: attempt.redirectUrl } : {}),
    refunds: [],
  };
}

export const shareView = (share: Share): ShareObject => ({
  shareId: share.shareId,
  document: { kind: share.document.kind, id: share.document.id },
  recipient: share.recipient,
  channel: share.channel,
  trigger: share.trigger,
  status: share.status,
  scheduledAt: share.scheduledAt,
  ...(share.sentAt ? { sentAt: share.sentAt } : {}),
  delivery: share.delivery,
  ...(share.blockedReason ? { blockedReason: share.blockedReason } : {}),
  includePdf: share.includePdf,
});
