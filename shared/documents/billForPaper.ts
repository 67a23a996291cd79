import type { BillStatus, Letterhead } from '../domain/billRecord';
import type { BillLine } from '../domain/book';
import type { CalendarDate, Instant } from '../domain/calendar';
import type { Cents } from '../domain/money';
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
  /** What moved the client's balance since issue, oldest first; portions less payments plus refunds is the balance. */
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

export interface PaperMovement {
  readonly kind: 'payment' | 'credit' | 'discount' | 'refund' | 'taken_back';
  readonly on: CalendarDate;
  /** Always positive; the kind says which way it goes. */
  readonly amountCents: Cents;
  readonly card?: { readonly brand: string; readonly last4: string };
  /** In place of a card: "cash or check", "bank transfer". */
  readonly means?: string;
}
