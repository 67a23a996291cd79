import type { Attempt } from './billRecord';
import { addMinutes, type Instant } from './calendar';

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

export const isUnderWay = ({ status }: Attempt): boolean => status === 'processing' || status === 'requires_action';

const firstTries = [1, 5, 30];
const lastHours = 24;
/** A cardholder who is asked to confirm and does not is given up after this. */
const confirmMinutes = 30;

/** When recovery looks again: after 1, 5 and 30 minutes, then hourly for 24 h, then nobody but staff (attention). */
export function nextLook(attempt: Attempt): Instant | undefined {
  const minutes = firstTries[attempt.tries] ?? 30 + (attempt.tries - firstTries.length + 1) * 60;
  return minutes > 30 + lastHours * 60 ? undefined : addMinutes(attempt.startedAt, minutes);
}

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

/** The attempt, still unknown: looked at once more, due again or left to staff. */
export function stillOpen(attempt: Attempt): { attempt: Attempt; givenUp: boolean } {
  const tried = { ...attempt, tries: attempt.tries + 1, revision: attempt.revision + 1 };
  const dueAt = nextLook(tried);
  const { dueAt: _, ...rest } = tried;
  return { attempt: dueAt ? { ...rest, dueAt } : rest, givenUp: dueAt === undefined };
}
