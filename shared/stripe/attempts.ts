import { canBeLookedUp, confirmationOver, homeOfAttempt, isUnderWay, resolved, stillOpen } from '../domain/attempt';
import type { Attempt } from '../domain/billRecord';
import { type Act, type Movement, noMovement } from '../domain/book';
import { localDate } from '../domain/calendar';
import { given } from '../domain/given';
import { happened } from '../domain/happened';
import { invariant } from '../domain/invariant';
import type { PaymentFacts } from '../domain/ledger';
import { prepay, receivePayment } from '../domain/payment';
import { type Needs, systemAct } from '../needs';
import { type AttemptAt, attemptOf, commitAttempt, doubtId, loadHome, toldBy } from '../store/attemptStore';
import type { Loaded } from '../store/billStore';
import { practiceOf } from '../store/cardStore';
import { decideFrom, type Write } from '../store/kernel';
import { noticeWrites } from '../work/notice';
import { receiptWrites } from '../work/receipts';
import { autopayRefused } from './autopayRefused';
import { fitsLedger } from './otherCurrency';
import { failureBy, refusalWrites } from './refusals';
import type { LookedUp, StripeGateway } from './stripeGateway';

/**
 * Settles a charge attempt by what is known of it: the one place where a card payment enters the ledger, for the request
 * itself, recovery and webhooks alike. A success is never refused (IN); a repeat finds it done.
 */
export async function settleCharge(
  at: AttemptAt & { readonly known?: Loaded },
  outcome: LookedUp,
  needs: Needs,
  kind: Act['actor']['kind'] = 'system',
): Promise<Loaded> {
  const read = () => loadHome(at.practiceId, at.home);
  return decideFrom(at.known ?? (await read()), read, async loaded => {
    const attempt = attemptOf(loaded, at);
    if (!attempt || attempt.status === 'settled') return loaded;
    // Failed stays failed, unless Stripe charged after all: that money is never lost.
    if (attempt.status === 'failed' && outcome.kind !== 'succeeded') return loaded;
    const { timeZone, currency } = await toldBy(loaded);
    const actor = kind === attempt.by.kind ? attempt.by : { kind };
    const act: Act = { ...systemAct(timeZone, needs), actor };
    const strange = await strangenessOf(outcome, { practiceId: at.practiceId, currency, attempt }, needs);
    const step = strange ? failed(attempt, strange, act) : stepOf(loaded, attempt, { outcome, act, timeZone });
    const { at: now, today } = act;
    const told = autopayRefused(loaded, { before: attempt, after: step.attempt, at: now, today, timeZone }, needs);
    const refused = outcome.kind === 'turned_away' ? await refusalWrites(at.practiceId, outcome.code, act) : [];
    return commitAttempt(loaded, step.attempt, {
      movement: { ...step.movement, attention: [...step.movement.attention, ...told.attention] },
      writes: [
        ...told.writes,
        ...receiptWrites(loaded, step.movement, act.at),
        ...payLinkWrites(at.practiceId, { before: attempt, after: step.attempt, at: now }, needs),
        ...refused,
      ],
      quiet: step.quiet ?? false,
      needs,
    });
  });
}

interface Step {
  readonly attempt: Attempt;
  readonly movement: Movement;
  /** True when only our bookkeeping of the attempt changes. */
  readonly quiet?: boolean;
}

function stepOf(
  loaded: Loaded,
  attempt: Attempt,
  { outcome, act, timeZone }: { outcome: LookedUp; act: Act; timeZone: string },
): Step {
  switch (outcome.kind) {
    case 'succeeded': {
      const payment = paidFacts(attempt, outcome);
      const { paymentIntentId } = outcome.stripe;
      const request = {
        payment,
        sourceId: attempt.attemptId,
        postedOn: localDate(outcome.paidAt, timeZone),
      };
      const home = homeOfAttempt(attempt);
      return {
        attempt: resolved(attempt, { status: 'settled', payment, stripe: { ...attempt.stripe, paymentIntentId } }),
        movement:
          home.kind === 'client'
            ? prepay(loaded.book, request, act)
            : receivePayment(loaded.book, { ...request, billId: home.id, moved: true }, act),
      };
    }
    case 'declined':
      return failed(attempt, outcome, act, outcome.paymentIntentId);
    case 'turned_away':
      return failed(attempt, failureBy(outcome.code), act);
    case 'absent':
      return failed(
        attempt,
        { code: 'not_charged', message: 'The charge did not reach Stripe; nothing was charged.' },
        act,
      );
    case 'requires_action': {
      const { redirectUrl, paymentIntentId } = outcome;
      const stripe = { ...attempt.stripe, paymentIntentId };
      const asked: Attempt = { ...attempt, status: 'requires_action', stripe, ...given({ redirectUrl }) };
      return { attempt: stillOpen(asked, act.at).attempt, movement: noMovement, quiet: true };
    }
    case 'unknown': {
      const open = stillOpen(attempt, act.at);
      const movement = open.givenUp ? unresolved(attempt, 'charge_unknown', act) : noMovement;
      return { attempt: open.attempt, movement, quiet: true };
    }
  }
}

/** We ask for the practice's currency only, so this charge is somebody else's doing under our attempt's name. */
const otherCurrency = {
  code: 'other_currency',
  message: 'What Stripe took is in another currency than the bill; it is not in this ledger.',
};
/** So is one of another amount: it is money that nobody here asked for. */
const otherAmount = {
  code: 'other_amount',
  message: 'What Stripe took is not the amount that was asked for; it does not pay this bill.',
};

/** Why a charge that names our attempt is not ours (clarification 10), whoever told of it. */
async function strangenessOf(
  outcome: LookedUp,
  asked: { practiceId: string; currency: string; attempt: Attempt },
  needs: Needs,
): Promise<Attempt['failure']> {
  if (outcome.kind !== 'succeeded') return undefined;
  if (!(await fitsLedger(outcome, asked, needs))) return otherCurrency;
  return outcome.amountCents === asked.attempt.amountCents ? undefined : otherAmount;
}

function failed(
  attempt: Attempt,
  { code, message }: { code: string; message: string },
  act: Act,
  paymentIntentId?: string,
): Step {
  const details = { code, amountCents: attempt.amountCents };
  const stripe = paymentIntentId ? { ...attempt.stripe, paymentIntentId } : attempt.stripe;
  return {
    attempt: resolved(attempt, { status: 'failed', failure: { code, message }, stripe }),
    movement: happened(attempt, 'payment_declined', act, { details }),
  };
}

/** Nobody could find out for a day: staff must look. */
export function unresolved(attempt: Attempt, kind: 'charge_unknown' | 'refund_unknown', act: Act): Movement {
  const { attemptId, billId, clientId, amountCents, refund } = attempt;
  const paymentId = refund?.paymentId ?? attempt.payment?.paymentId;
  const attention = {
    attentionId: doubtId(attemptId),
    kind,
    ...(billId === '' ? {} : { billId }),
    clientId,
    ...given({ paymentId }),
    facts: { amountCents, attemptId },
  };
  const event = happened(attempt, 'payment_unresolved', act, { details: { amountCents } });
  return { ...event, attention: [attention] };
}

function paidFacts(attempt: Attempt, outcome: Extract<LookedUp, { kind: 'succeeded' }>): PaymentFacts {
  const { payment } = attempt;
  invariant(payment, 'a charge has its payment facts');
  return {
    ...payment,
    paidAt: outcome.paidAt,
    stripe: outcome.stripe,
    ...(outcome.card ? { card: outcome.card } : {}),
  };
}

/** A bank that wants the cardholder to confirm: the bill's recipient gets a link, once (clarification 6). */
function payLinkWrites(
  practiceId: string,
  { before, after, at }: { before: Attempt; after: Attempt; at: Act['at'] },
  needs: Needs,
): Write[] {
  const asked = after.failure?.code === 'authentication_required' && isUnderWay(before) && after.billId !== '';
  return asked ? noticeWrites(practiceId, { kind: 'pay_link', billId: after.billId, at }, needs.newId) : [];
}

/** Looks up what became of an attempt and settles it. Harmless to repeat, late, or twice at once. */
export async function recoverCharge(
  at: AttemptAt,
  gateway: Pick<StripeGateway, 'lookUp' | 'giveUp'>,
  needs: Needs,
): Promise<Loaded> {
  const loaded = await loadHome(at.practiceId, at.home);
  const attempt = attemptOf(loaded, at);
  const now = needs.clock.now();
  if (attempt?.kind !== 'charge' || !isUnderWay(attempt) || !canBeLookedUp(attempt, now)) return loaded;
  const outcome = await lookAtCharge({ practiceId: at.practiceId, attempt }, gateway, now);
  return settleCharge({ ...at, known: loaded }, outcome, needs);
}

/** What Stripe says of a charge whose own request is over; one that nobody confirmed in time is given up there. */
export async function lookAtCharge(
  { practiceId, attempt }: { practiceId: string; attempt: Attempt },
  gateway: Pick<StripeGateway, 'lookUp' | 'giveUp'>,
  now: Act['at'],
): Promise<LookedUp> {
  const { attemptId, startedAt, stripe, amountCents } = attempt;
  const { accountId, paymentIntentId, customerId } = stripe;
  const over = attempt.status === 'requires_action' && confirmationOver(attempt, now);
  if (over && paymentIntentId) return gateway.giveUp(accountId, paymentIntentId);
  const { currency, stripe: connection } = await practiceOf(practiceId);
  const asked = { amountCents, currency, livemode: connection.mode === 'live' };
  return gateway.lookUp({ account: accountId, attemptId, paymentIntentId, customerId, startedAt, ...asked });
}
