import { endedByHand, homeOfAttempt, isUnderWay } from '../domain/attempt';
import type { Attention } from '../domain/attention';
import type { Attempt } from '../domain/billRecord';
import { happened } from '../domain/happened';
import { Problem } from '../domain/problem';
import { actOf, type Needs } from '../needs';
import type { StaffCaller } from '../operations/caller';
import { attemptOf, commitAttempt, loadHome } from '../store/attemptStore';
import { type Loaded, loadPayment } from '../store/billStore';
import type { Write } from '../store/kernel';
import { lookAtCharge, settleCharge } from './attempts';
import { attemptIn, lookAtRefund, settleRefund } from './refundOnline';
import { stripeGateway } from './stripeGateway';

interface Ending {
  readonly caller: StaffCaller;
  /** What staff were told of the doubt, and what they say. */
  readonly told: Attention;
  readonly choice: string;
  readonly writes: readonly Write[];
}

/**
 * Staff end an attempt of an account that lets us in no more: it failed, and what it reserved is free. Stripe is asked
 * once more before; when it answers, its word settles the attempt instead. Problems: `attempt_not_in_doubt`, `not_found`.
 */
export async function endByHand({ caller, told, choice, writes }: Ending, needs: Needs): Promise<void> {
  const { practiceId } = caller;
  const { loaded, attempt } = await attemptOfDoubt(practiceId, told);
  if (!isUnderWay(attempt) && told.choice === choice) return;
  const act = actOf(caller, needs);
  const ended = endedByHand(attempt, act.at);
  const status = await statusByStripe(loaded, attempt, needs);
  if (status) throw new Problem('attempt_not_in_doubt', { attemptStatus: status });
  const { attemptId, amountCents, kind } = attempt;
  await commitAttempt(loaded, ended, {
    movement: happened(attempt, `${kind}_ended_by_hand`, act, { details: { amountCents, attemptId } }),
    writes,
    seenTo: { resolvedBy: caller.memberId, choice },
    needs,
  });
}

interface InDoubt {
  readonly loaded: Loaded;
  readonly attempt: Attempt;
}

async function attemptOfDoubt(practiceId: string, told: Attention): Promise<InDoubt> {
  const { billId = '', clientId = '', paymentId, facts } = told;
  const attemptId = String(facts.attemptId);
  const isRefund = told.kind === 'refund_unknown' && paymentId !== undefined;
  const home = homeOfAttempt({ billId, clientId });
  const loaded = await (isRefund ? loadPayment(practiceId, paymentId) : loadHome(practiceId, home));
  const attempt = isRefund ? attemptIn(loaded, attemptId) : attemptOf(loaded, { home, attemptId });
  if (!attempt) throw new Problem('not_found', { what: 'attempt' });
  return { loaded, attempt };
}

/** How the attempt stands by Stripe's own word, which is written down; nothing when Stripe does not let us look. */
async function statusByStripe(loaded: Loaded, attempt: Attempt, needs: Needs): Promise<Attempt['status'] | undefined> {
  const { practiceId } = loaded;
  const { attemptId, refund } = attempt;
  if (refund) {
    const outcome = await lookAtRefund(loaded, attempt);
    if (outcome.kind === 'unknown') return outcome.turnedAway ? undefined : attempt.status;
    const at = { practiceId, paymentId: refund.paymentId, attemptId, known: loaded };
    return attemptIn(await settleRefund(at, outcome, needs), attemptId)?.status;
  }
  const outcome = await lookAtCharge({ practiceId, attempt }, stripeGateway, needs.clock.now());
  if (outcome.kind === 'unknown') return outcome.turnedAway ? undefined : attempt.status;
  const at = { practiceId, home: homeOfAttempt(attempt), attemptId };
  return attemptOf(await settleCharge({ ...at, known: loaded }, outcome, needs), at)?.status;
}
