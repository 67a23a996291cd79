import type { BillStatus, Letterhead } from '../domain/billRecord';
import type { BillLine } from '../domain/book';
import type { CalendarDate, Instant } from '../domain/calendar';
import type { Entry } from '../domain/ledger';
import type { Cents } from '../domain/money';
import { movementsInWords, paymentsIn } from '../domain/movementWords';
import type { LogoPicture } from './logo/logoPicture';

/** All that the paper of a bill shows. No diagnosis has a place here: a bill never carries one (a superbill does). */
export interface BillForPaper {
  readonly letterhead: Letterhead;
  /** The picture that the letterhead names. */
  readonly logo?: LogoPicture;
  readonly number: string;
  readonly status: BillStatus;
  readonly issuedOn: CalendarDate;
  readonly dueOn: CalendarDate;
  /** The instant of issue; stands in the file as its creation date, so that the same bill gives the same bytes. */
  readonly issuedAt: Instant;
  readonly recipient: { readonly name: string; readonly address?: readonly string[] };
  /** Shown beside the recipient when somebody else pays the client's bill. */
  readonly clientName: string;
  readonly insurer?: { readonly name: string; readonly memberId?: string };
  readonly lines: readonly PaperLine[];
  readonly totalCents: Cents;
  readonly insurerPortionCents: Cents;
  readonly writeOffCents: Cents;
  readonly clientPortionCents: Cents;
  readonly clientBalanceCents: Cents;
  /** What moved the client's balance since issue, oldest first; the portion and what they come to is the balance. */
  readonly movements: readonly PaperMovement[];
  /** `<PUBLIC_URL>/pay#n=<number>`, never a token (the file is kept); absent while online payments are off. */
  readonly payUrl?: string;
  /** Six digits; printed only beside a pay address. */
  readonly accessCode: string;
  readonly comments: string;
  readonly footer: string;
}

export interface PaperLine extends BillLine {
  readonly practitionerName?: string;
}

/** A payment's movement of what the client owes on this bill, in the words that statements use. */
export interface PaperMovement {
  readonly on: CalendarDate;
  readonly description: string;
  /** Positive: the client owes more. */
  readonly owedCents: Cents;
}

/** What payments did to the client's balance of a bill, by all its entries, in their order. */
export function movementsOnPaper(entries: readonly Entry[]): PaperMovement[] {
  const names = { payments: paymentsIn(entries), bill: 'this bill' };
  return entries
    .flatMap(entry => movementsInWords(entry, names))
    .filter(({ paymentId, owedCents }) => paymentId !== undefined && owedCents !== 0)
    .map(({ on, description, owedCents }) => ({ on, description, owedCents }));
}
