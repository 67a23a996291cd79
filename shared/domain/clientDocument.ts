import type { BillHead, BillText } from './billRecord';
import type { CalendarDate, Instant } from './calendar';
import type { Actor } from './ledger';
import type { BillingSettings } from './practice';
import { invalidInput } from './problem';

/**
 * What statements and superbills have in common. Both are snapshots: what they say never changes; only their sharing, and
 * which one supersedes them, move on.
 */
export interface ClientDocument {
  readonly clientId: string;
  readonly clientName: string;
  readonly from: CalendarDate;
  readonly to: CalendarDate;
  /** Counts the makings of the same document: 2 supersedes 1. */
  readonly version: number;
  /** As bills have it: the billing contact when it was made, else the client. */
  readonly recipient: BillText['recipient'];
  readonly createdOn: CalendarDate;
  readonly createdAt: Instant;
  readonly by: Actor;
  readonly supersededBy?: string;
  readonly sharing: BillHead['sharing'];
  readonly revision: number;
}

/**
 * Whether a document's PDF goes with the mail: never while the practice keeps documents in the portal (R25, `domain.md` rule
 * 66), else unless somebody asks for none. Problem: `invalid_input`.
 */
export function attaches(
  asked: boolean | undefined,
  { documentDelivery }: Pick<BillingSettings, 'documentDelivery'>,
): boolean {
  const allowed = documentDelivery === 'email_pdf';
  if (asked && !allowed) {
    throw invalidInput('/includePdf', 'must not be true while the practice keeps documents in the portal');
  }
  return asked ?? allowed;
}

/** `out_of_date`: what it tells of has changed since. Derived on read, else each payment would write to each document. */
export type DocumentStatus = 'current' | 'out_of_date' | 'superseded';

/** What a client's documents have to agree on. Every new document replaces it, so that two made at once see each other. */
export interface ClientDocuments {
  readonly clientId: string;
  /** Whom staff chose to show on superbills of this client, where there was a choice (`domain.md` 2.6). */
  readonly superbillProviderId?: string;
}

export const notShared: ClientDocument['sharing'] = { status: 'not_shared', delivery: 'none' };
