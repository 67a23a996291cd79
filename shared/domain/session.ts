import type { CalendarDate, Instant } from './calendar';
import { type Cents, sumCents, zeroCents } from './money';
import type { CancelledStatus } from './practice';

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
