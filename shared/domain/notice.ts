import type { ShareDelivery } from './billRecord';
import { addMinutes, type CalendarDate, type Instant } from './calendar';
import type { Card } from './client';

/**
 * A mail that is no share: a receipt, a link to confirm a payment, a fresh link that somebody asked for. Written in the
 * transaction that makes it necessary, sent once by the mail worker.
 */
export interface Notice extends NoticeSubject {
  readonly noticeId: string;
  readonly status: 'scheduled' | 'sending' | 'sent' | 'blocked';
  readonly blockedReason?: string;
  readonly delivery: ShareDelivery;
  readonly createdAt: Instant;
  readonly sentAt?: Instant;
  readonly messageId?: string;
  /** The pay link in it dies then, or with the bill, or when staff revoke a share of the bill. */
  readonly linkExpiresAt: Instant;
  readonly tries: number;
  readonly claimedAt?: Instant;
  readonly dueAt?: Instant;
  readonly revision: number;
}

export interface NoticeSubject {
  /** Empty for a mail that is about no bill. */
  readonly billId: string;
  /** Of a mail to a client that is about no bill. */
  readonly clientId?: string;
  /** Of a mail to a member of staff. */
  readonly memberId?: string;
  readonly kind:
    | 'pay_link'
    | 'receipt'
    | 'refund_receipt'
    | 'fresh_link'
    | 'autopay_failed'
    | 'overdue_reminder'
    | 'card_expiring'
    | 'autopay_notice'
    | 'digest'
    | 'autopay_preview';
  /** Of a receipt. */
  readonly paymentId?: string;
  /** Of a refund's receipt. */
  readonly refundId?: string;
  /** Of a payment that the bank wants confirmed. */
  readonly amountCents?: number;
  /** Of a card that was refused: when it is tried again; absent when it is not. */
  readonly nextOn?: CalendarDate;
  /** To whom a mail about charges goes: whoever the bills went to. */
  readonly payer?: Card['owner'];
  /** Of a card that expires. */
  readonly cardId?: string;
  /** Of what AutoPay will charge: each card by itself, and the night's date. */
  readonly charges?: readonly {
    readonly card: { readonly brand: string; readonly last4: string };
    readonly amountCents: number;
  }[];
  readonly on?: CalendarDate;
  /** What a mail to staff counts: numbers and dates only, nothing of a client. */
  readonly facts?: Readonly<Record<string, number | string>>;
}

/** A mail to be sent as soon as it is swept. */
export const newNotice = (subject: NoticeSubject, { noticeId, at }: { noticeId: string; at: Instant }): Notice => ({
  ...subject,
  noticeId,
  status: 'scheduled',
  delivery: 'none',
  createdAt: at,
  linkExpiresAt: linkExpiry(at),
  tries: 0,
  dueAt: at,
  revision: 0,
});

/** A link lives for 90 days. */
export const linkExpiry = (at: Instant): Instant => addMinutes(at, 90 * 24 * 60);

/** Every step replaces the item whole; without `dueAt` the sweep leaves it alone. */
export function noticeStep(notice: Notice, change: Partial<Notice>): Notice {
  const { dueAt: _, ...rest } = notice;
  return { ...rest, ...change, revision: notice.revision + 1 };
}
