import { confirmationOver, isStale, isUnderWay, resolved, stillOpen } from '../domain/attempt';
import type { Attempt } from '../domain/billRecord';
import { type Act, type Movement, noMovement } from '../domain/book';
import { localDate } from '../domain/calendar';
import { given } from '../domain/given';
import { happened } from '../domain/happened';
import { invariant } from '../domain/invariant';
import type { PaymentFacts } from '../domain/ledger';
import { cents, sumCents } from '../domain/money';
import { receivePayment } from '../domain/payment';
import { type Needs, systemAct } from '../needs';
import { attemptWrite, commit, type Loaded, loadBill, recordOf, reservedBy } from '../store/billStore';
import { decideAnew } from '../store/kernel';
import { noticeWrites } from '../work/notice';
import type { LookedUp, StripeGateway } from './stripeGateway';

/** Which attempt, where. */
export interface AttemptAt {
  readonly practiceId: string;
  readonly billId: string;
  readonly attemptId: string;
}

export const attemptOf = (loaded: Loaded, { billId, attemptId }: Omit<AttemptAt, 'practiceId'>): Attempt | undefined =>
  recordOf(loaded, billId).attempts.find(attempt => attempt.attemptId === attemptId);

/**
 * Settles a charge attempt by what is known of it: the one place where a card payment enters the ledger, for the request
 * itself, recovery and webhooks alike. A success is never refused (IN); a repeat finds it done.
 */
export function settleCharge(
  at: AttemptAt,
  outcome: LookedUp,
  needs: Needs,
  kind: Act['actor']['kind'] = 'system',
): Promise<Loaded> {
  return decideAnew(async () => {
    const loaded = await loadBill(at.practiceId, at.billId);
    const attempt = attemptOf(loaded, at);
    if (!attempt || attempt.status === 'settled') return loaded;
    // Failed stays failed, unless Stripe charged after all: that money is never lost.
    if (attempt.status === 'failed' && outcome.kind !== 'succeeded') return loaded;
    const { letterhead } = recordOf(loaded, at.billId).text;
    const actor = kind === 'staff' && attempt.by.id ? { kind, id: attempt.by.id } : { kind };
    const act: Act = { ...systemAct(letterhead.timeZone, needs), actor };
    const step = stepOf(loaded, attempt, outcome, act);
    return save(loaded, { at, step, act, needs });
  });
}

interface Step {
  readonly attempt: Attempt;
  readonly movement: Movement;
  /** True when only our bookkeeping of the attempt changes. */
  readonly quiet?: boolean;
}

function stepOf(loaded: Loaded, attempt: Attempt, outcome: LookedUp, act: Act): Step {
  switch (outcome.kind) {
    case 'succeeded': {
      const payment = paidFacts(attempt, outcome);
      const { billId, attemptId } = attempt;
      const zone = recordOf(loaded, billId).text.letterhead.timeZone;
      const postedOn = localDate(outcome.paidAt, zone);
      const request = { billId, payment, moved: true, sourceId: attemptId, postedOn };
      return {
        attempt: resolved(attempt, {
          status: 'settled',
          payment,
          stripe: { ...attempt.stripe, paymentIntentId: outcome.stripe.paymentIntentId },
        }),
        movement: receivePayment(loaded.book, request, act),
      };
    }
    case 'declined':
      return failed(loaded, attempt, { code: outcome.code, message: outcome.message }, act, outcome.paymentIntentId);
    case 'absent':
      return failed(
        loaded,
        attempt,
        { code: 'not_charged', message: 'The charge did not reach Stripe; nothing was charged.' },
        act,
      );
    case 'requires_action': {
      if (attempt.status === 'requires_action' && confirmationOver(attempt, act.at)) {
        return failed(
          loaded,
          attempt,
          { code: 'not_confirmed', message: 'The cardholder did not confirm in time.' },
          act,
        );
      }
      const { redirectUrl, paymentIntentId } = outcome;
      const open = stillOpen({
        ...attempt,
        status: 'requires_action',
        stripe: { ...attempt.stripe, paymentIntentId },
        ...given({ redirectUrl }),
      });
      return { attempt: open.attempt, movement: noMovement, quiet: true };
    }
    case 'unknown': {
      const open = stillOpen(attempt);
      const { billId, clientId, amountCents } = attempt;
      const facts = { amountCents, attemptId: attempt.attemptId };
      const attention = open.givenUp ? [{ kind: 'charge_unknown' as const, billId, clientId, facts }] : [];
      const movement = open.givenUp
        ? { ...happened({ billId, clientId }, 'payment_declined', act, { details: { outcome: 'unknown' } }), attention }
        : noMovement;
      return { attempt: open.attempt, movement, quiet: true };
    }
  }
}

function failed(
  loaded: Loaded,
  attempt: Attempt,
  failure: { code: string; message: string },
  act: Act,
  paymentIntentId?: string,
): Step {
  const { clientId, billId } = recordOf(loaded, attempt.billId).head;
  const details = { code: failure.code, amountCents: attempt.amountCents };
  const stripe = paymentIntentId ? { ...attempt.stripe, paymentIntentId } : attempt.stripe;
  return {
    attempt: resolved(attempt, { status: 'failed', failure, stripe }),
    movement: happened({ billId, clientId }, 'payment_declined', act, { details }),
  };
}

function paidFacts(attempt: Attempt, outcome: Extract<LookedUp, { kind: 'succeeded' }>): PaymentFacts {
  const { payment } = attempt;
  invariant(payment, 'a charge has its payment facts');
  return {
    ...payment,
    // What Stripe took is what counts, should it ever differ from what was asked.
    amountCents: cents(outcome.amountCents),
    paidAt: outcome.paidAt,
    stripe: outcome.stripe,
    ...(outcome.card ? { card: outcome.card } : {}),
  };
}

async function save(
  loaded: Loaded,
  { at, step, act, needs }: { at: AttemptAt; step: Step; act: Act; needs: Needs },
): Promise<Loaded> {
  const record = recordOf(loaded, at.billId);
  const attempts = record.attempts.map(known => (known.attemptId === at.attemptId ? step.attempt : known));
  const reservedCents = reservedBy(attempts);
  const confirm =
    step.attempt.failure?.code === 'authentication_required' &&
    record.attempts.some(a => a.attemptId === at.attemptId && isUnderWay(a));
  const after = await commit(withAttempts(loaded, at.billId, attempts), step.movement, {
    heads: new Map([[at.billId, { reservedCents }]]),
    writes: [
      attemptWrite(at.practiceId, step.attempt),
      ...(confirm ? noticeWrites(at.practiceId, { kind: 'pay_link', billId: at.billId, at: act.at }, needs.newId) : []),
    ],
    keepVersion: step.quiet ?? false,
    newId: needs.newId,
  });
  return after;
}

/** What was loaded, with these attempts in place: what a commit answers must show them. */
export function withAttempts(loaded: Loaded, billId: string, attempts: readonly Attempt[]): Loaded {
  const record = recordOf(loaded, billId);
  const facts = loaded.book.bills.get(billId);
  invariant(facts, `bill ${billId} is in the book`);
  return {
    ...loaded,
    records: new Map([...loaded.records, [billId, { ...record, attempts }]]),
    book: {
      ...loaded.book,
      bills: new Map([...loaded.book.bills, [billId, { ...facts, reservedCents: sumCents([reservedBy(attempts)]) }]]),
    },
  };
}

/** Looks up what became of an attempt and settles it. Harmless to repeat, late, or twice at once. */
export async function recoverCharge(
  at: AttemptAt,
  gateway: Pick<StripeGateway, 'lookUp'>,
  needs: Needs,
): Promise<Loaded> {
  const loaded = await loadBill(at.practiceId, at.billId);
  const attempt = attemptOf(loaded, at);
  if (attempt?.kind !== 'charge' || !isUnderWay(attempt)) return loaded;
  if (!isStale(attempt, needs.clock.now())) return loaded;
  const { attemptId, startedAt, stripe } = attempt;
  const { accountId, paymentIntentId, customerId } = stripe;
  const outcome = await gateway.lookUp({ account: accountId, attemptId, paymentIntentId, customerId, startedAt });
  return settleCharge(at, outcome, needs);
}
