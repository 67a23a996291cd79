import { isUnderWay, resolved, stillOpen } from '../domain/attempt';
import type { Attempt } from '../domain/billRecord';
import { noMovement } from '../domain/book';
import { addMinutes } from '../domain/calendar';
import { given } from '../domain/given';
import { invariant } from '../domain/invariant';
import { cents } from '../domain/money';
import { homeOfPayment } from '../domain/paymentState';
import { isProblem } from '../domain/problem';
import { type RefundRequest, takeOverRefund } from '../domain/refund';
import { type Needs, systemAct } from '../needs';
import type { StaffCaller } from '../operations/caller';
import { commitAttempt, zoneOf } from '../store/attemptStore';
import { type Loaded, loadPayment } from '../store/billStore';
import { decideFrom, type Write } from '../store/kernel';
import { planBeside } from '../store/refundBeside';
import { receiptWrites } from '../work/receipts';
import { unresolved } from './attempts';
import { failureBy, refusalWrites } from './refusals';
import type { Unknown } from './stripeClient';
import { type RefundOutcome, type StripeRefunds, stripeRefunds } from './stripeRefunds';

export interface RefundOnline {
  readonly caller: StaffCaller;
  readonly request: RefundRequest;
  readonly writes: readonly Write[];
}

/** Where a refund's attempt stands: with the payment's first bill, or with the client for a prepayment. */
export interface RefundAt {
  readonly practiceId: string;
  readonly paymentId: string;
  readonly attemptId: string;
  /** The payment as it was read a moment ago, if it was. */
  readonly known?: Loaded;
  /** The member of staff who is there. */
  readonly by?: string;
  /** What goes along when Stripe refuses: a refusal is not kept under its key. */
  readonly ifRefused?: readonly Write[];
}

/**
 * Reserves a refund that Stripe shall make: the attempt item, under the revision of the bill (or of the payment's credit),
 * so that two at once never give back more than there is.
 */
export async function reserveRefund(
  loaded: Loaded,
  { caller, request, writes }: RefundOnline,
  needs: Needs,
): Promise<{ attempt: Attempt; loaded: Loaded }> {
  const { book } = loaded;
  const { paymentId } = request;
  const plan = planBeside(loaded, request);
  const { stripe } = plan.payment;
  invariant(stripe, 'a payment that Stripe refunds was taken by Stripe');
  const home = homeOfPayment(book, paymentId);
  const at = needs.clock.now();
  const attempt: Attempt = {
    attemptId: needs.newId('att'),
    billId: home.kind === 'bill' ? home.id : '',
    clientId: plan.payment.clientId ?? '',
    kind: 'refund',
    status: 'processing',
    amountCents: cents(plan.amountCents),
    startedAt: at,
    by: { kind: 'staff', id: caller.memberId },
    stripe: { paymentIntentId: stripe.paymentIntentId, ...(stripe.accountId ? { accountId: stripe.accountId } : {}) },
    refund: {
      refundId: request.refundId,
      paymentId,
      destination: 'original',
      effect: plan.effect,
      ...given({ billId: request.billId }),
      ...(request.reason ? { reason: request.reason } : {}),
    },
    dueAt: addMinutes(at, 1),
    revision: 0,
  };
  const credit = book.lots.filter(lot => lot.sourcePaymentId === paymentId);
  // Without a bill, the credit's own lots are what two refunds at once lose to each other by.
  const movement = home.kind === 'bill' ? noMovement : { ...noMovement, lots: credit };
  const along = { movement, writes, quiet: true, needs };
  return { attempt, loaded: await commitAttempt(loaded, attempt, along) };
}

export const sendRefund = (
  attempt: Attempt,
  refunds: Pick<StripeRefunds, 'send'> = stripeRefunds,
): Promise<RefundOutcome> => {
  const { refund, stripe, attemptId, amountCents } = attempt;
  invariant(refund && stripe.paymentIntentId, 'a refund names its payment');
  const { refundId, paymentId, effect, billId } = refund;
  const { accountId: account, paymentIntentId } = stripe;
  return refunds.send({ account, attemptId, refundId, paymentId, paymentIntentId, amountCents, effect, billId });
};

/** Settles a refund's attempt: counted under Stripe's own id, so a webhook that was quicker changes nothing. */
export async function settleRefund(at: RefundAt, outcome: RefundOutcome, needs: Needs): Promise<Loaded> {
  const read = () => loadPayment(at.practiceId, at.paymentId);
  return decideFrom(at.known ?? (await read()), read, async loaded => {
    const attempt = attemptIn(loaded, at.attemptId);
    if (!attempt || attempt.status === 'settled') return loaded;
    const act = {
      ...systemAct(await zoneOf(loaded), needs),
      actor: at.by ? { kind: 'staff' as const, id: at.by } : { kind: 'system' as const },
    };
    if (outcome.kind === 'unknown') {
      const open = stillOpen(attempt, act.at);
      const movement = open.givenUp ? unresolved(attempt, 'refund_unknown', act) : noMovement;
      return saveRefund(loaded, { attempt: open.attempt, movement, needs });
    }
    if (outcome.kind === 'refused' || outcome.kind === 'turned_away') {
      const told = outcome.kind === 'turned_away' ? await refusalWrites(at.practiceId, outcome.code, act) : [];
      const after = resolved(attempt, { status: 'failed', failure: failureOf(outcome) });
      return saveRefund(loaded, {
        ...{ attempt: after, movement: noMovement, needs },
        writes: [...told, ...(at.ifRefused ?? [])],
      });
    }
    const { refund } = attempt;
    invariant(refund, 'a refund attempt says what was asked');
    const { stripeRefundId, amountCents, status } = outcome.refund;
    const ours = {
      refundId: refund.refundId,
      effect: refund.effect,
      ...given({ billId: refund.billId }),
      ...(refund.reason ? { reason: refund.reason } : {}),
    };
    const movement = takeOverRefund(
      loaded.book,
      { paymentId: at.paymentId, stripeRefundId, amountCents, status, ours },
      act,
    );
    const writes = receiptWrites(loaded, movement, act.at);
    return saveRefund(loaded, { attempt: resolved(attempt, { status: 'settled' }), movement, writes, needs });
  });
}

const failureOf = ({ kind, code }: Extract<RefundOutcome, { kind: 'refused' | 'turned_away' }>) =>
  kind === 'refused' ? { code, message: 'Stripe refused the refund.' } : failureBy(code);

const isCounted = ({ book }: Loaded, { refundId }: { refundId: string }): boolean =>
  book.entries.some(entry => entry.refund?.refundId === refundId);

interface SaveRefund {
  readonly attempt: Attempt;
  readonly movement: typeof noMovement;
  readonly writes?: readonly Write[];
  readonly needs: Needs;
}

const saveRefund = (loaded: Loaded, { attempt, movement, writes = [], needs }: SaveRefund): Promise<Loaded> =>
  commitAttempt(loaded, attempt, { movement, writes, quiet: movement.entries.length === 0, needs });

export const attemptIn = (loaded: Loaded, attemptId: string): Attempt | undefined =>
  [...loaded.records.values(), { attempts: loaded.clientAttempts }]
    .flatMap(({ attempts }) => attempts)
    .find(attempt => attempt.attemptId === attemptId);

/** A refund whose answer was lost: the charge's refunds tell what it came to; nothing is sent again. */
export async function recoverRefund(
  at: RefundAt,
  needs: Needs,
  refunds: StripeRefunds = stripeRefunds,
): Promise<Loaded> {
  const loaded = await loadPayment(at.practiceId, at.paymentId);
  const attempt = attemptIn(loaded, at.attemptId);
  if (!attempt || !isUnderWay(attempt)) return loaded;
  return settleRefund({ ...at, known: loaded }, await lookAtRefund(loaded, attempt, refunds), needs);
}

/** What the charge's refunds at Stripe say of this one. */
export async function lookAtRefund(
  loaded: Loaded,
  { refund, stripe }: Attempt,
  refunds: Pick<StripeRefunds, 'list'> = stripeRefunds,
): Promise<RefundOutcome> {
  invariant(refund && stripe.paymentIntentId, 'a refund names its payment');
  const listed = await refunds.list(stripe.accountId, stripe.paymentIntentId).catch(noAnswer);
  if ('kind' in listed) return listed;
  const made = listed.find(known => known.ours?.refundId === refund.refundId);
  // Made and failed before it was counted: no money moved, so it is a refusal like any other.
  const failed = made?.status === 'failed' || made?.status === 'cancelled';
  if (made && (!failed || isCounted(loaded, refund))) return { kind: 'made', refund: made };
  // Not among the charge's refunds and its request long over: Stripe did not make it, and nothing is sent anew.
  return { kind: 'refused', code: made ? 'refund_failed' : 'not_made' };
}

/** Stripe gives no answer now, or none to us: looked at again later, and after a day by staff as well. */
function noAnswer(error: unknown): Unknown {
  if (isProblem(error, 'stripe_refused')) return { kind: 'unknown', turnedAway: true };
  if (isProblem(error, 'dependency_down')) return { kind: 'unknown' };
  throw error;
}
