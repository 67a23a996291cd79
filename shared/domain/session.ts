import type { CalendarDate, Instant } from './calendar';
import { type Client, clientName, clientSort } from './client';
import { type Cents, sumCents, zeroCents } from './money';
import type { BillingSettings, CancelledStatus } from './practice';
import { Problem } from './problem';

export interface SessionService {
  readonly serviceId?: string;
  readonly code: string;
  readonly description: string;
  readonly units: number;
  /** Of one unit. */
  readonly priceCents: Cents;
  readonly modifiers: readonly string[];
  readonly diagnoses: readonly string[];
}

export type SessionStatus = 'scheduled' | 'completed' | CancelledStatus;

export interface Session {
  readonly sessionId: string;
  readonly clientId: string;
  /** `last, first` and the display name as they were when the session was last written: the pending list shows them. */
  readonly clientSort: string;
  readonly clientName: string;
  readonly practitionerId: string;
  readonly startsAt: Instant;
  /** Practice-local date of `startsAt`, fixed at creation, also when the practice changes its zone. */
  readonly dateOfService: CalendarDate;
  readonly externalId?: string;
  readonly status: SessionStatus;
  readonly noteSigned: boolean;
  readonly services: readonly SessionService[];
  readonly noShowFeeCents: Cents;
  readonly claimReview: 'none' | 'needs_review' | 'clear';
  /** Stored only when decided: on a live bill, or waived by staff. */
  readonly billing?: { readonly state: 'billed'; readonly billId: string } | { readonly state: 'waived' };
  /** Copy of the practice's setting at the last write, so that a list needs no second read. */
  readonly requireSignedNote: boolean;
  /** What the last import left: which row wrote it, and a hash of what that row said. */
  readonly imported?: string;
}

export type SessionBilling = 'not_billable' | 'unbilled' | 'billed' | 'waived';

/** What this session would put on a bill: its services once completed, its fee once cancelled. */
export const billableCents = (session: Session): Cents => {
  if (session.status === 'completed') return sumCents(session.services.map(s => s.priceCents * s.units));
  return session.status === 'scheduled' ? zeroCents : session.noShowFeeCents;
};

/**
 * R6: a session becomes billable only when it is completed, carries a billable service and its amount is above 0 (or, when
 * cancelled, a no-show fee does). With the setting on, its note must be signed as well (C9).
 */
export function sessionBilling(session: Session): SessionBilling {
  if (session.billing) return session.billing.state;
  const signed = !session.requireSignedNote || session.noteSigned || session.status !== 'completed';
  return signed && billableCents(session) > 0 ? 'unbilled' : 'not_billable';
}

/** Everything about a session but what a bill decides; a billed session keeps it (`domain.md` rule 53). */
export const refuseIfDecided = (session: Session): void => {
  if (session.billing) throw sessionState(session);
};

const sessionState = (session: Session): Problem =>
  new Problem('session_state', { sessionStatus: session.status, billing: sessionBilling(session) });

/** Also of a cancelled one: the wrong button was pressed. A repeat changes nothing. */
export function completed(session: Session): Session {
  if (session.status === 'completed') return session;
  refuseIfDecided(session);
  return { ...session, status: 'completed', noShowFeeCents: zeroCents };
}

/** The fee is the practice's for this status unless given (`domain.md` 2.4); a completed session may turn out missed. */
export function cancelled(
  session: Session,
  { status, noShowFeeCents }: { status: CancelledStatus; noShowFeeCents: Cents | undefined },
  { noShowFee }: Pick<BillingSettings, 'noShowFee'>,
): Session {
  refuseIfDecided(session);
  const usual = noShowFee.enabled && noShowFee.statuses.includes(status) ? noShowFee.amountCents : zeroCents;
  return { ...session, status, noShowFeeCents: noShowFeeCents ?? usual };
}

/** "Do not bill": only what would be billed can be waived. A repeat changes nothing. */
export function waived(session: Session): Session {
  if (session.billing?.state === 'waived') return session;
  if (sessionBilling(session) !== 'unbilled') throw sessionState(session);
  return { ...session, billing: { state: 'waived' } };
}

export function unwaived(session: Session): Session {
  if (session.billing?.state === 'billed') throw sessionState(session);
  return withoutBilling(session);
}

/** Onto a bill: the caller's transaction puts it on condition that nobody wrote the session since it was read. */
export function billed(session: Session, billId: string): Session {
  return { ...session, billing: { state: 'billed', billId } };
}

export function withoutBilling({ billing: _, ...session }: Session): Session {
  return session;
}

/** The name that lists show, as the client has it now. */
export const named = (session: Session, client: Pick<Client, 'firstName' | 'lastName'>): Session => ({
  ...session,
  clientSort: clientSort(client),
  clientName: clientName(client),
});
