import { isUnderWay } from '../domain/attempt';
import { sumCents } from '../domain/money';
import { paymentState } from '../domain/paymentState';
import { Problem } from '../domain/problem';
import { planRefund, type RefundPlan, type RefundRequest } from '../domain/refund';
import type { Loaded } from './billStore';

/**
 * As `planRefund`, beside the refunds that Stripe may still make of the same payment: wherever the money shall go, together
 * they never give back more than there is. Problem besides: `refund_exceeds_payment` with what the others leave.
 */
export function planBeside(loaded: Loaded, request: RefundRequest): RefundPlan {
  const plan = planRefund(loaded.book, request);
  const { refundableCents } = paymentState(loaded.book, request.paymentId);
  const left = refundableCents - underWayCents(loaded, request.paymentId);
  if (plan.amountCents > left) throw new Problem('refund_exceeds_payment', { refundableCents: Math.max(left, 0) });
  return plan;
}

/** What was asked of Stripe and is not in the ledger yet: a refund that its news brought there first is counted there. */
function underWayCents({ records, clientAttempts, book }: Loaded, paymentId: string): number {
  const counted = new Set(book.entries.flatMap(({ refund }) => refund?.refundId ?? []));
  const attempts = [...records.values(), { attempts: clientAttempts }].flatMap(home => home.attempts);
  const waiting = attempts.filter(
    attempt => attempt.refund?.paymentId === paymentId && isUnderWay(attempt) && !counted.has(attempt.refund.refundId),
  );
  return sumCents(waiting.map(({ amountCents }) => amountCents));
}
