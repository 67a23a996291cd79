import { invariant } from '../domain/invariant';
import { Problem } from '../domain/problem';
import { reply } from '../http/serve';
import type { Needs } from '../needs';
import type { StaffCaller } from '../operations/caller';
import type { PaymentObject } from '../operations/objects';
import { type Loaded, loadBillFor, recordOf } from '../store/billStore';
import type { ReplayRecord } from '../store/table';
import { shownBill } from './answers';
import { paymentsView } from './billView';

interface Taken {
  readonly loaded: Loaded;
  readonly billId: string;
  readonly paymentId: string;
}

/** The payment and its bill, as they stand. */
export function paymentAnswer({ loaded, billId, paymentId }: Taken, caller: StaffCaller, needs: Pick<Needs, 'clock'>) {
  const payment = paymentsView(loaded.book, recordOf(loaded, billId)).find(known => known.paymentId === paymentId);
  invariant(payment, `payment ${paymentId} is on bill ${billId}`);
  return { payment, bill: shownBill(loaded, billId, caller, needs) };
}

/** Requests at Stripe end by themselves within this time, so a younger attempt may still have its first request running. */
const stillRunningSeconds = 25;

/**
 * A repeat answers what the payment has become: 201, 402, 202 while Stripe's answer is unknown, or 409 while the first
 * request itself is still running (clarification 1).
 */
export async function paymentReplay({ ids, at }: ReplayRecord, caller: StaffCaller, needs: Pick<Needs, 'clock'>) {
  const { billId = '', paymentId = '' } = ids;
  const answer = paymentAnswer({ loaded: await loadBillFor(caller, billId), billId, paymentId }, caller, needs);
  return reply(becameOf(answer.payment, at, needs), answer);
}

/** What a charge has become since its request began at `at`. */
export function becameOf(
  { paymentId, status, failure }: Pick<PaymentObject, 'paymentId' | 'status' | 'failure'>,
  at: string,
  needs: Pick<Needs, 'clock'>,
): 201 | 202 {
  if (status === 'failed') throw declined(paymentId, failure?.code);
  if (status !== 'processing' && status !== 'requires_action') return 201;
  const age = (Date.parse(needs.clock.now()) - Date.parse(at)) / 1000;
  if (status === 'processing' && age < stillRunningSeconds) throw new Problem('request_in_progress');
  return 202;
}

/** The refusal that a failed charge answers, first and on every repeat. */
export function declined(paymentId: string, code: string | undefined): Problem {
  if (code === 'stripe_refused') return new Problem('stripe_refused');
  return code === 'authentication_required'
    ? new Problem('authentication_required', { paymentId })
    : new Problem('card_declined', { paymentId, declineCode: code ?? 'generic_decline' });
}
