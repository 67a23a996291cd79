import { adjust } from './bill';
import { type Act, type Book, type Movement, noMovement } from './book';
import { billOf, Draft, type EntryRequest, wordsOf } from './draft';
import { moneyIn, releaseSurplus } from './flows';
import { type Entry, type RefundFacts, sumPostings } from './ledger';
import { homeOfPayment, ownBills, paymentFacts } from './paymentState';
import { stripeBalance } from './postings';
import { Problem, type ProblemFacts } from './problem';

export interface FailRefund {
  readonly refundId: string;
  readonly status: 'failed' | 'cancelled';
}

/**
 * A refund that Stripe could not make: a reduction it had caused is undone (unless the bill is cancelled), then the money
 * arrives again by IN, posted today (W9, domain rule 27). Known as failed already: no movement. Problem: `not_found`.
 */
export function failRefund(book: Book, request: FailRefund, act: Act): Movement {
  const refund = refundFacts(book, request.refundId);
  if (refund.status === 'failed' || refund.status === 'cancelled') return noMovement;
  const { paymentId, refundId, amountCents, stripeRefundId } = refund;
  const entries = entriesOfRefund(book, refundId);
  const draft = new Draft(book, act);
  for (const [billId, reduced] of sumByBill(entries, p => p.account === 'income')) {
    const bill = billOf(book, billId);
    const undo = { amountCents: reduced, description: 'Price reduction taken back: the refund failed' };
    if (!bill.cancelled && reduced > 0) adjust(draft, bill, undo);
  }
  const cameOff = [...reopenedByBill(entries, paymentId).keys()];
  const bills = [...new Set([...cameOff, ...ownBills(book, paymentId)])].map(id => billOf(book, id));
  const home = homeOfPayment(book, paymentId);
  const { clientId } = paymentFacts(book, paymentId);
  const known = clientId === undefined ? {} : { clientId };
  moneyIn(draft, { paymentId, ...known, account: stripeBalance, amountCents, home }, bills);
  const facts = { refundId, amountCents };
  const at = home.kind === 'bill' ? { billId: home.id } : {};
  draft.attention.push({ kind: 'refund_failed', ...at, ...known, paymentId, facts });
  return draft.finish(() => ({
    kind: 'refund_failed',
    ...(stripeRefundId === undefined ? {} : { sourceId: `${stripeRefundId}#failed` }),
    refund: { ...refund, status: request.status },
  }));
}

export interface DecideEffect extends EntryRequest {
  readonly refundId: string;
}

/**
 * "The price was too high": a found refund shall reduce its bill instead of reopening it (W8.5). Lifts the hold that it
 * set. Problems: `not_found`, `effect_already_decided` (also for a failed refund), `bill_cancelled`,
 * `adjustment_below_zero`.
 */
export function decideEffect(book: Book, request: DecideEffect, act: Act): Movement {
  const { refundId } = request;
  const refund = refundFacts(book, refundId);
  const stands = refund.status === 'pending' || refund.status === 'succeeded';
  if (refund.effect === 'reduce' || refund.origin === 'app' || !stands) throw new Problem('effect_already_decided');
  const parts = [...reopenedByBill(entriesOfRefund(book, refundId))];
  const open = parts.filter(([billId]) => !billOf(book, billId).cancelled);
  if (open.length < parts.length && open.length === 0) throw new Problem('bill_cancelled');
  const draft = new Draft(book, act);
  draft.page(homeOfPayment(book, refund.paymentId));
  for (const [billId, part] of open) {
    const bill = billOf(book, billId);
    adjust(draft, bill, { amountCents: -part, description: 'Price reduced' });
    releaseSurplus(draft, bill);
    draft.releasesHold.push({ billId, refundId });
  }
  const decided: RefundFacts = { ...refund, effect: 'reduce' };
  return draft.finish(() => ({ kind: 'refund_effect_decided', ...wordsOf(request), refund: decided }));
}

/** The refund as its last entry tells it. Problem: `not_found`. */
export function refundFacts(book: Book, refundId: string): RefundFacts {
  const last = book.entries.findLast(entry => entry.refund?.refundId === refundId)?.refund;
  if (!last) throw new Problem('not_found', { what: 'refund' });
  return last;
}

const entriesOfRefund = (book: Book, refundId: string): Entry[] =>
  book.entries.filter(entry => entry.refund?.refundId === refundId);

/** How much the refund took off each bill: of its own payment, or of credit that its payment had become as well. */
const reopenedByBill = (entries: readonly Entry[], paymentId?: string): Map<string, number> =>
  sumByBill(
    entries,
    p =>
      p.account === 'client_receivable' &&
      p.paymentId !== undefined &&
      (paymentId === undefined || p.paymentId === paymentId),
  );

function sumByBill(entries: readonly Entry[], fits: Parameters<typeof sumPostings>[1]): Map<string, number> {
  const ids = new Set(entries.flatMap(entry => (entry.home.kind === 'bill' ? [entry.home.id] : [])));
  const sums = [...ids].map((billId): [string, number] => [
    billId,
    sumPostings(entries, (p, e) => p.billId === billId && fits(p, e)),
  ]);
  return new Map(sums.filter(([, sum]) => sum !== 0));
}

export type AnswerAfterLooking =
  /** Refund this much here, by the usual rule. */
  | { readonly kind: 'refund'; readonly amountCents: number }
  /** The refund that was meant is the one that was found (R61): nothing is sent. */
  | { readonly kind: 'found_was_meant' }
  /** All was asked for and nothing remains: 200 with the found refund. */
  | { readonly kind: 'nothing_remains' }
  /** Recorded, nothing sent; 409 `refund_found_in_stripe` with these facts. */
  | { readonly kind: 'ask_again'; readonly facts: ProblemFacts['refund_found_in_stripe'] };

/**
 * What a request here comes to after Stripe was looked at (`ledger.md` section 7, clarification 5). `requestedCents`
 * absent: all that remains. `foundCents`: what this look wrote; `refundableCents`: what is refundable after that.
 */
export function answerAfterLooking(looked: {
  readonly requestedCents?: number;
  readonly foundCents: number;
  readonly refundableCents: number;
}): AnswerAfterLooking {
  const { requestedCents, foundCents, refundableCents } = looked;
  if (foundCents === 0) return { kind: 'refund', amountCents: requestedCents ?? refundableCents };
  if (requestedCents === undefined) {
    return refundableCents > 0 ? { kind: 'refund', amountCents: refundableCents } : { kind: 'nothing_remains' };
  }
  if (requestedCents === foundCents) return { kind: 'found_was_meant' };
  return { kind: 'ask_again', facts: { foundCents, refundableCents } };
}
