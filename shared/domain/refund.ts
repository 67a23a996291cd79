import { adjust } from './bill';
import { type Act, type Book, type HoldReason, type Movement, noMovement } from './book';
import { Draft, type EntryRequest, wordsOf } from './draft';
import { freePayment, type MoneyMove } from './flows';
import { given } from './given';
import type { RefundDestination, RefundEffect, RefundFacts, RefundStatus } from './ledger';
import { cents } from './money';
import { moneyOut, moreToTake, mostReopened, nextPart, noteCreditSpent } from './outflow';
import {
  appliedCents,
  homeOfPayment,
  type KnownPayment,
  ownBills,
  paymentFacts,
  paymentState,
  type RefundState,
  unmatchedBalance,
} from './paymentState';
import { accountOf, type MoneyAccount, unmatchedMoney } from './postings';
import { invalidInput, Problem } from './problem';
import { failRefund } from './refundOutcome';

export interface RefundRequest extends EntryRequest {
  readonly paymentId: string;
  readonly refundId: string;
  /** All that is refundable unless given. */
  readonly amountCents?: number;
  /** `original` for Stripe cards and discounts, `offline` for offline money, `credit` for credit unless given. */
  readonly destination?: RefundDestination;
  /** `reopen` unless given: the client owes it again; `reduce`: the price falls by it (domain rule 26). */
  readonly effect?: RefundEffect;
  /** Of a payment over several bills: take it off this one only. */
  readonly billId?: string;
  readonly stripeRefundId?: string;
  /** Stripe's answer; counted as soon as `pending`. */
  readonly status?: 'pending' | 'succeeded';
}

/** What a request comes to, with its defaults filled in: what is asked of Stripe before anything is posted. */
export interface RefundPlan {
  readonly payment: KnownPayment;
  readonly amountCents: number;
  readonly destination: RefundDestination;
  readonly effect: RefundEffect;
  /** True when Stripe has to send the money. */
  readonly byStripe: boolean;
}

/**
 * Checks a refund before Stripe is asked. Problems: `payment_disputed`, `refund_exceeds_payment` above what is applied
 * and unspent (domain rule 22), `invalid_input` for a destination this payment cannot go to, `not_found` for a bill that it
 * does not pay.
 */
export function planRefund(book: Book, request: RefundRequest): RefundPlan {
  const { paymentId, billId, effect = 'reopen' } = request;
  const state = paymentState(book, paymentId);
  const { payment, status } = state;
  if (billId !== undefined && !ownBills(book, paymentId).includes(billId)) {
    throw new Problem('not_found', { what: 'bill' });
  }
  if (status === 'disputed' || status === 'charged_back') throw new Problem('payment_disputed', { paymentId });
  const destination = request.destination ?? defaultDestination(payment);
  if (!destinationsOf(payment).includes(destination)) {
    throw invalidInput('/destination', 'is not possible for this payment');
  }
  const fromLots = destination !== 'credit' && billId === undefined;
  const applied = payment.payer === 'client' ? appliedCents(book, paymentId, billId) : 0;
  const refundableCents = fromLots ? state.refundableCents : Math.min(applied, state.refundableCents);
  const amountCents = request.amountCents ?? refundableCents;
  if (amountCents <= 0 || amountCents > refundableCents) {
    throw new Problem('refund_exceeds_payment', { refundableCents });
  }
  const byStripe = payment.collect === 'stripe' && destination === 'original';
  return { payment, amountCents, destination, effect, byStripe };
}

const defaultDestination = (payment: KnownPayment): RefundDestination => {
  if (payment.source === 'credit') return 'credit';
  return payment.source === 'discount' || payment.collect === 'stripe' ? 'original' : 'offline';
};

/** A discount never becomes money or credit, credit never money, and cash has no card to go back to. */
function destinationsOf(payment: KnownPayment): readonly RefundDestination[] {
  if (payment.source === 'credit') return ['credit'];
  if (payment.source === 'discount') return ['original'];
  return payment.collect === 'stripe' ? ['original', 'offline', 'credit'] : ['offline', 'credit'];
}

/**
 * Refunds a payment: money (`refund_made`), money to credit (`turned_into_credit`), a credit payment (`credit_returned`)
 * or a discount (`discount_taken_back`). With `reopen` AutoPay is held on the bills. Problems: as `planRefund`.
 */
export function requestRefund(book: Book, request: RefundRequest, act: Act): Movement {
  const plan = planRefund(book, request);
  const { payment, amountCents, destination, effect } = plan;
  const refund: RefundFacts = {
    refundId: request.refundId,
    paymentId: request.paymentId,
    amountCents: cents(amountCents),
    destination,
    effect,
    origin: 'app',
    status: plan.byStripe ? (request.status ?? 'pending') : 'succeeded',
    ...(request.reason === undefined ? {} : { reason: request.reason }),
    ...(request.stripeRefundId === undefined ? {} : { stripeRefundId: request.stripeRefundId }),
  };
  const draft = new Draft(book, act);
  if (destination === 'credit' || payment.source !== undefined) {
    const reason = payment.source === undefined ? 'refund_reopened' : paperRefunds[payment.source].hold;
    takeEffect(draft, refund, { byBill: freeBills(draft, refund, request.billId), reason });
  } else {
    const account = refundAccount(payment, destination);
    const move = { paymentId: payment.paymentId, account, amountCents, home: homeOfPayment(book, payment.paymentId) };
    const { byBill } = moneyOut(draft, move, { firstBillId: request.billId });
    takeEffect(draft, refund, { byBill, reason: 'refund_reopened' });
  }
  const counted = request.stripeRefundId === undefined ? {} : { sourceId: `${request.stripeRefundId}#counted` };
  return draft.finish(() => ({ kind: refundKind(payment, destination), ...counted, ...wordsOf(request), refund }));
}

const paperRefunds = {
  credit: { kind: 'credit_returned', hold: 'credit_returned' },
  discount: { kind: 'discount_taken_back', hold: 'discount_taken_back' },
} as const;

const refundKind = ({ source }: KnownPayment, destination: RefundDestination) => {
  if (source !== undefined) return paperRefunds[source].kind;
  return destination === 'credit' ? 'turned_into_credit' : 'refund_made';
};

const refundAccount = (payment: KnownPayment, destination: RefundDestination): MoneyAccount =>
  payment.collect === 'stripe' && destination === 'offline'
    ? { account: 'offline_money', method: 'other' }
    : accountOf(payment);

function freeBills(draft: Draft, { paymentId, amountCents }: RefundFacts, onlyBillId?: string): Map<string, number> {
  const byBill = new Map<string, number>();
  let left: number = amountCents;
  for (const billId of ownBills(draft.book, paymentId)) {
    const part = Math.min(left, draft.applied(paymentId, billId));
    if (part <= 0 || (onlyBillId !== undefined && onlyBillId !== billId)) continue;
    freePayment(draft, draft.bill(billId), paymentId, part);
    byBill.set(billId, part);
    left -= part;
  }
  return byBill;
}

function takeEffect(
  draft: Draft,
  { refundId, effect }: Pick<RefundFacts, 'refundId' | 'effect'>,
  { byBill, reason }: { byBill: ReadonlyMap<string, number>; reason: HoldReason },
): void {
  for (const [billId, part] of byBill) {
    if (effect === 'reduce') adjust(draft, draft.bill(billId), { amountCents: -part, description: 'Price reduced' });
    else draft.holds.push({ billId, reason, refundId });
  }
}

/** A refund as Stripe tells it. */
export interface StripeRefund extends Pick<EntryRequest, 'postedOn'> {
  readonly paymentId: string;
  readonly stripeRefundId: string;
  readonly amountCents: number;
  readonly status: RefundStatus;
  /** Its metadata names a request of ours whose answer may have been lost. */
  readonly ours?: {
    readonly refundId: string;
    readonly effect: RefundEffect;
    readonly reason?: string;
    /** The bill that was named to give the money back. */
    readonly billId?: string;
  };
}

/**
 * Brings a refund of Stripe's into the ledger, whoever made it (R61, R62, domain rules 23, 24): counts what is new, without
 * a cap (OUT); undoes what failed; notes a changed status. Never refused; repeats and any order come to the same sums.
 * One that reopens more bills than a transaction holds is taken over by several, until `moreToTake` says no more.
 */
export function takeOverRefund(book: Book, found: StripeRefund, act: Act): Movement {
  const { paymentId, stripeRefundId, ours, status } = found;
  const { refunds } = paymentState(book, paymentId);
  // Stripe's own id first: ours, in metadata, may have been copied to another refund.
  const known =
    refunds.find(refund => refund.stripeRefundId === stripeRefundId) ??
    refunds.find(refund => refund.stripeRefundId === undefined && refund.refundId === ours?.refundId);
  const failed = status === 'failed' || status === 'cancelled';
  if (!known) return failed ? noMovement : countRefund(book, found, act);
  if (known.status === 'failed' || known.status === 'cancelled') return noMovement;
  // Posted today: dated back to the refund it would fall between a statement made meanwhile and the next one.
  if (failed) return failRefund(book, { refundId: known.refundId, status }, act);
  if (known.status === status || known.status === 'succeeded') return reopenMore(book, { found, known }, act);
  const draft = new Draft(book, act);
  draft.page(homeOfPayment(book, paymentId));
  const { createdAt: _, ...refund } = known;
  return draft.finish(() => ({
    kind: 'refund_status_changed',
    sourceId: `${stripeRefundId}#${status}`,
    refund: { ...refund, status },
  }));
}

function countRefund(book: Book, found: StripeRefund, act: Act): Movement {
  const { paymentId, stripeRefundId, amountCents } = found;
  const isTaken = paymentState(book, paymentId).refunds.some(({ refundId }) => refundId === found.ours?.refundId);
  const ours = isTaken ? undefined : found.ours;
  const refund: RefundFacts = {
    refundId: ours?.refundId ?? act.newId('ref'),
    paymentId,
    amountCents: cents(amountCents),
    destination: 'original',
    effect: ours?.effect ?? 'reopen',
    origin: ours ? 'app' : 'stripe',
    status: found.status,
    stripeRefundId,
    ...(ours?.reason === undefined ? {} : { reason: ours.reason }),
  };
  const { postedOn } = found;
  const account = accountOf(paymentFacts(book, paymentId));
  return takeOut(
    book,
    {
      refund,
      account,
      amountCents,
      sourceId: countedAs(stripeRefundId),
      ...given({ postedOn, firstBillId: ours?.billId }),
    },
    act,
  );
}

const countedAs = (stripeRefundId: string): string => `${stripeRefundId}#counted`;

/** The next bills of a refund that was counted without them: what stands on UM meanwhile is taken from them. */
function reopenMore(book: Book, { found, known }: { found: StripeRefund; known: RefundState }, act: Act): Movement {
  const { createdAt: _, ...refund } = known;
  const { paymentId } = refund;
  const { stripeRefundId, postedOn } = found;
  if (!moreToTake(book, paymentId)) return noMovement;
  const sourceId = nextPart(book, countedAs(stripeRefundId));
  const amountCents = unmatchedBalance(book, paymentId);
  return takeOut(book, { refund, account: unmatchedMoney, amountCents, sourceId, ...given({ postedOn }) }, act);
}

/** OUT of a refund of Stripe's, as far as one movement reaches. */
function takeOut(
  book: Book,
  {
    refund,
    account,
    amountCents,
    firstBillId,
    ...words
  }: EntryRequest &
    Pick<MoneyMove, 'account' | 'amountCents'> & { refund: RefundFacts; firstBillId?: string | undefined },
  act: Act,
): Movement {
  const { paymentId, refundId, reason, origin } = refund;
  const draft = new Draft(book, act);
  const move = { paymentId, account, amountCents, home: homeOfPayment(book, paymentId) };
  const out = moneyOut(draft, move, { mostBills: mostReopened, firstBillId });
  takeEffect(draft, refund, { byBill: out.byBill, reason: 'refund_reopened' });
  noteCreditSpent(draft, paymentId, { out, refundId });
  const kind = origin === 'app' ? 'refund_made' : 'refund_found';
  return draft.finish((_, postings) => ({
    kind: postings.some(p => p.paymentId === paymentId) ? kind : 'credit_returned',
    ...wordsOf({ ...words, ...given({ reason }) }),
    refund,
  }));
}
