import type { BillLine } from './book';
import type { CalendarDate, Instant } from './calendar';
import type { Responsibility } from './client';
import type { DocumentRef } from './documentRef';
import type { CardFacts, Entry, PaymentFacts, RefundDestination, RefundEffect } from './ledger';
import type { Cents } from './money';

export type BillStatus = 'open' | 'partially_paid' | 'awaiting_insurance' | 'paid' | 'cancelled';
export type ShareDelivery = 'none' | 'sent' | 'delivered' | 'bounced' | 'complained';

/** The head of a bill: everything lists show, kept under 1 KB. A projection of the ledger, replaced whole, never patched. */
export interface BillHead {
  readonly billId: string;
  readonly number: string;
  readonly clientId: string;
  readonly clientName: string;
  readonly practitionerIds: readonly string[];
  readonly responsibility: Responsibility;
  readonly payerId?: string;
  readonly policyId?: string;
  readonly origin: 'manual' | 'daily' | 'weekly' | 'monthly';
  readonly status: BillStatus;
  readonly issuedOn: CalendarDate;
  readonly dueOn: CalendarDate;
  readonly createdAt: Instant;
  readonly totalCents: Cents;
  readonly clientPortionCents: Cents;
  readonly clientPaidCents: Cents;
  readonly clientBalanceCents: Cents;
  readonly insurerPortionCents: Cents;
  readonly insurerPaidCents: Cents;
  readonly insurerBalanceCents: Cents;
  readonly writeOffCents: Cents;
  readonly discountCents: Cents;
  readonly reservedCents: Cents;
  readonly disputed: boolean;
  readonly hidden: boolean;
  /** Counts what a person can edit or pay; the ETag. `revision` counts every write. */
  readonly version: number;
  readonly revision: number;
  readonly hold?: { readonly reason: string; readonly refundId?: string };
  readonly sharing: {
    readonly status: 'not_shared' | 'scheduled' | 'shared' | 'blocked';
    readonly scheduledAt?: Instant;
    readonly sharedAt?: Instant;
    readonly delivery: ShareDelivery;
    readonly blockedReason?: string;
    readonly viewedAt?: Instant;
  };
  /** Open attention items on this bill. */
  readonly attention: number;
  /** The one hosted page that may be open for this bill. */
  readonly checkoutId?: string;
}

/** The heavy half, never indexed but for the number. */
export interface BillText {
  readonly billId: string;
  readonly number: string;
  readonly lines: readonly BillLine[];
  readonly comments: string;
  readonly footer: string;
  /** Six digits; drawn anew with each later share. */
  readonly accessCode: string;
  readonly recipient: {
    readonly kind: 'client' | 'contact';
    readonly id: string;
    readonly name: string;
    readonly email?: string;
  };
  readonly letterhead: Letterhead;
  readonly revision: number;
}

/** Snapshot of what the practice's settings said when the bill was made (`domain.md` rule 56). */
export interface Letterhead {
  readonly practiceName: string;
  readonly address: readonly string[];
  readonly email?: string;
  readonly taxId?: string;
  readonly npi?: string;
  readonly currency: string;
  readonly timeZone: string;
  readonly paperSize: 'letter' | 'a4';
  readonly serviceDescription: { readonly mode: 'service_code' | 'custom'; readonly text?: string };
  /** Names the picture that the practice had then; without one documents show a neutral mark. */
  readonly logo?: string;
}

/** A charge or a Stripe refund under way: reserved, then sent to Stripe, then settled (`design.md` section 3). */
export interface Attempt {
  readonly attemptId: string;
  /** Empty for a payment without a bill: a prepayment, and refunds of one. */
  readonly billId: string;
  readonly clientId: string;
  readonly kind: 'charge' | 'refund';
  readonly status: 'processing' | 'requires_action' | 'failed' | 'settled';
  readonly amountCents: Cents;
  readonly startedAt: Instant;
  readonly by: { readonly kind: 'staff' | 'client' | 'system'; readonly id?: string };
  /** Charges: the payment as it will stand in the ledger. */
  readonly payment?: PaymentFacts;
  readonly cardId?: string;
  readonly stripe: {
    readonly accountId?: string;
    readonly customerId?: string;
    readonly paymentMethodId?: string;
    readonly paymentIntentId?: string;
    readonly offSession?: boolean;
  };
  /** Refunds: what was asked. */
  readonly refund?: {
    readonly refundId: string;
    readonly paymentId: string;
    readonly destination: RefundDestination;
    readonly effect: RefundEffect;
    readonly reason?: string;
    /** Of several bills, the one that shall give the money back. */
    readonly billId?: string;
  };
  readonly failure?: { readonly code: string; readonly message: string };
  /** 3-D Secure of a client who is there: the page that asks. */
  readonly redirectUrl?: string;
  /** Due work: when recovery looks next; absent once resolved. */
  readonly dueAt?: Instant;
  readonly revision: number;
}

/** A hosted payment page of one bill (it reserves nothing). */
export interface Checkout {
  readonly checkoutId: string;
  readonly billId: string;
  readonly clientId: string;
  readonly amountCents: Cents;
  readonly status: 'open' | 'closing' | 'complete' | 'expired';
  readonly paymentId: string;
  readonly url: string;
  readonly stripe: { readonly accountId?: string; readonly sessionId: string };
  readonly expiresAt: Instant;
  readonly by: 'guest' | 'client';
  readonly dueAt?: Instant;
  readonly revision: number;
}

export interface Share {
  readonly shareId: string;
  readonly document: DocumentRef;
  readonly recipient: {
    readonly kind: 'client' | 'contact';
    readonly id: string;
    readonly name: string;
    readonly email?: string;
  };
  readonly channel: 'email' | 'portal';
  readonly trigger: 'manual' | 'auto';
  readonly status: 'scheduled' | 'sending' | 'sent' | 'blocked' | 'withdrawn' | 'revoked';
  readonly includePdf: boolean;
  readonly createdAt: Instant;
  readonly scheduledAt: Instant;
  /** It waits until AutoPay of this night has been done with the bill. */
  readonly afterAutopayOn?: CalendarDate;
  readonly sentAt?: Instant;
  readonly delivery: ShareDelivery;
  readonly blockedReason?: string;
  readonly messageId?: string;
  /** Its pay link dies then (90 days), on revoke, or on cancel. */
  readonly linkExpiresAt: Instant;
  readonly by: { readonly kind: 'staff' | 'system'; readonly id?: string };
  readonly tries: number;
  /** When a worker took it to send; while the status stays `sending` nobody knows whether the mail went out. */
  readonly claimedAt?: Instant;
  /** What became of it, oldest first: the bill's history shows these, so that no second item is written for each. */
  readonly events?: readonly ShareEvent[];
  readonly dueAt?: Instant;
  readonly revision: number;
}

export interface ShareEvent {
  readonly at: Instant;
  readonly what: 'sent' | 'withdrawn' | 'blocked' | 'unknown' | 'delivered' | 'bounced' | 'complained' | 'revoked';
  readonly by?: { readonly kind: 'staff' | 'system'; readonly id?: string };
  readonly reason?: string;
}

/** All that one query returns. */
export interface BillRecord {
  readonly head: BillHead;
  readonly text: BillText;
  /** Oldest first: by `at`, then id. */
  readonly entries: readonly Entry[];
  readonly attempts: readonly Attempt[];
  readonly checkouts: readonly Checkout[];
  readonly shares: readonly Share[];
}

export type { CardFacts };
