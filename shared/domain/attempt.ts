import type { Attempt } from './billRecord';
import { addMinutes, type Instant } from './calendar';
import { Problem } from './problem';

/** Where an attempt stands: with its bill, or with the client for a payment that has none. */
export interface AttemptHome {
  readonly kind: 'bill' | 'client';
  readonly id: string;
}
export const homeOfAttempt = ({ billId, clientId }: Pick<Attempt, 'billId' | 'clientId'>): AttemptHome =>
  billId === '' ? { kind: 'client', id: clientId } : { kind: 'bill', id: billId };

/** Younger than this, an attempt's own request may still be waiting for Stripe, which is given 20 s. */
const ownRequestSeconds = 25;

/** True when whoever started the attempt must have given up, so that others may look up what became of it. */
export const isStale = (attempt: Attempt, now: Instant): boolean =>
  Date.parse(now) - Date.parse(attempt.startedAt) >= ownRequestSeconds * 1000;

/** What waits for the payer's bank has its request behind it: whoever comes back from there need not wait any more. */
export const canBeLookedUp = (attempt: Attempt, now: Instant): boolean =>
  attempt.status === 'requires_action' || isStale(attempt, now);

/** Whose own card paid this in the portal; nothing of what staff, AutoPay or Stripe's page charged. */
export const payerInPortal = (attempts: readonly Attempt[], paymentId: string): string | undefined => {
  const by = attempts.find(({ payment }) => payment?.paymentId === paymentId)?.by;
  return by?.kind === 'client' ? by.id : undefined;
};

export const isUnderWay = ({ status }: Attempt): boolean => status === 'processing' || status === 'requires_action';

const hourMinutes = 60;
const dayMinutes = 24 * hourMinutes;
/** Minutes after its beginning at which an attempt is looked up: soon, then hourly for 24 h. */
const looks = [1, 5, 30, ...Array.from({ length: 24 }, (_, hour) => 30 + (hour + 1) * hourMinutes)];
/** Afterwards it is left to staff, and looked up once a day: Stripe's word is never given up, so that every attempt ends. */
const lastOften = 30 + dayMinutes;
/** A cardholder who is asked to confirm and does not is given up after this. */
const confirmMinutes = 30;

/** By the clock, not by how often somebody looked: who pays in vain meanwhile brings no end nearer. */
function nextLook({ startedAt }: Attempt, now: Instant): Instant {
  const next = looks.map(minutes => addMinutes(startedAt, minutes)).find(at => at > now);
  return next ?? addMinutes(now, dayMinutes);
}

/** True once staff were told of it: nobody had found out for a day. */
export const isLeftToStaff = ({ startedAt, dueAt }: Attempt): boolean =>
  dueAt !== undefined && dueAt > addMinutes(startedAt, lastOften);

export const confirmationOver = (attempt: Attempt, now: Instant): boolean =>
  now >= addMinutes(attempt.startedAt, confirmMinutes);

/** The attempt, resolved: nothing is due any more. */
export function resolved(
  attempt: Attempt,
  change: Partial<Pick<Attempt, 'status' | 'failure' | 'payment' | 'stripe'>>,
): Attempt {
  const { dueAt: _, redirectUrl: __, ...rest } = attempt;
  return { ...rest, ...change, revision: attempt.revision + 1 };
}

/** What staff say to end an attempt in doubt by hand, by what they were told of it. */
const endings = new Map([
  ['charge_unknown', 'not_charged'],
  ['refund_unknown', 'not_refunded'],
]);
/** True when this choice, made on something of this kind, ends an attempt. */
export const endsAttempt = (kind: string, choice: string | undefined): boolean =>
  choice !== undefined && endings.get(kind) === choice;
/** True when the choice would end an attempt, but not of this kind: whoever made it must not think that it did. */
export const isStrangeEnding = (kind: string, choice: string | undefined): boolean =>
  choice !== undefined && !endsAttempt(kind, choice) && [...endings.values()].includes(choice);

/**
 * The attempt, ended by the word of staff after a day in which Stripe could not be asked. Should Stripe tell of it later
 * nevertheless, its word counts. Problem: `attempt_not_in_doubt`.
 */
export function endedByHand(attempt: Attempt, now: Instant): Attempt {
  const young = now < addMinutes(attempt.startedAt, dayMinutes);
  if (young || !isUnderWay(attempt)) throw new Problem('attempt_not_in_doubt', { attemptStatus: attempt.status });
  const [code, what] = attempt.kind === 'charge' ? ['not_charged', 'charged'] : ['not_made', 'refunded'];
  const message = `Stripe could not be asked; staff decided that nothing was ${what}.`;
  return resolved(attempt, { status: 'failed', failure: { code, message } });
}

/** The attempt, still unknown: due again. `givenUp` once, when staff must be told. */
export function stillOpen(attempt: Attempt, now: Instant): { attempt: Attempt; givenUp: boolean } {
  const after = { ...attempt, dueAt: nextLook(attempt, now), revision: attempt.revision + 1 };
  return { attempt: after, givenUp: isLeftToStaff(after) && !isLeftToStaff(attempt) };
}
