import { isStale } from '../domain/attempt';
import type { Attempt } from '../domain/billRecord';
import { invariant } from '../domain/invariant';
import { Problem } from '../domain/problem';
import { reply } from '../http/serve';
import type { Needs } from '../needs';
import type { StaffCaller } from '../operations/caller';
import type { RefundObject } from '../operations/objects';
import { type Loaded, loadPayment } from '../store/billStore';
import type { ReplayRecord } from '../store/table';
import { shownBill } from './answers';
import { paymentView, refundOf } from './billView';

export const nothingFound = { amountCents: 0, refundIds: [] as readonly string[] };

interface Refunded {
  readonly loaded: Loaded;
  readonly refundId: string;
  readonly found: { readonly amountCents: number; readonly refundIds: readonly string[] };
  /** While Stripe has not answered. */
  readonly attempt?: Attempt;
}

/** The refund, its payment, its bill as they stand, and what this call found in Stripe. */
export function refundAnswer<S extends 200 | 201 | 202>(
  status: S,
  { loaded, refundId, found, attempt }: Refunded,
  caller: StaffCaller,
  needs: Pick<Needs, 'clock'>,
) {
  const refund = attempt ? pendingRefund(attempt) : refundOf(loaded.book, refundId);
  const payment = paymentView(loaded.book, refund.paymentId);
  const bill = payment.billId ? shownBill(loaded, payment.billId, caller, needs) : null;
  const foundInStripe = {
    amountCents: found.amountCents,
    refunds: found.refundIds.map(id => refundOf(loaded.book, id)),
  };
  return reply(status, { refund, payment, bill, foundInStripe });
}

function pendingRefund({ refund, amountCents, startedAt }: Attempt): RefundObject {
  invariant(refund, 'a refund attempt says what was asked');
  const { refundId, paymentId, destination, effect, reason } = refund;
  const status = 'pending' as const;
  return {
    refundId,
    paymentId,
    amountCents,
    destination,
    effect,
    origin: 'app',
    status,
    createdAt: startedAt,
    ...(reason ? { reason } : {}),
  };
}

/** What Stripe's refusal of a refund means to whoever asked for it. */
export const refusedByStripe = (
  code: string | undefined,
  { paymentId, refundableCents }: { paymentId: string; refundableCents: number },
): Problem =>
  code === 'charge_disputed' || code === 'refund_disputed_payment'
    ? new Problem('payment_disputed', { paymentId })
    : new Problem('refund_exceeds_payment', { refundableCents });

/**
 * A repeat tells what the refund has become: 409 while the first request itself is still running, as for a charge
 * (clarification 1); then 202 while Stripe's answer is unknown, and a refusal stays one.
 */
export async function refundReplay({ ids, status }: ReplayRecord, caller: StaffCaller, needs: Pick<Needs, 'clock'>) {
  const { paymentId = '', refundId = '' } = ids;
  const loaded = await loadPayment(caller.practiceId, paymentId);
  const told = { loaded, refundId, found: nothingFound };
  const counted = loaded.book.entries.some(entry => entry.refund?.refundId === refundId);
  if (counted) return refundAnswer(status === 200 ? 200 : 201, told, caller, needs);
  const attempts = [...[...loaded.records.values()].flatMap(record => record.attempts), ...loaded.clientAttempts];
  const attempt = attempts.find(known => known.refund?.refundId === refundId);
  if (attempt?.status === 'processing' && !isStale(attempt, needs.clock.now()))
    throw new Problem('request_in_progress');
  if (attempt?.status === 'processing') return refundAnswer(202, { ...told, attempt }, caller, needs);
  const { refundableCents } = paymentView(loaded.book, paymentId);
  throw refusedByStripe(attempt?.failure?.code, { paymentId, refundableCents });
}
