import { localDate } from '../domain/calendar';
import { given } from '../domain/given';
import type { Notice } from '../domain/notice';
import { findPayment } from '../domain/paymentState';
import type { Practice } from '../domain/practice';
import { autopayFailedMessage, overdueMessage } from '../email/automationMessages';
import type { Message } from '../email/letter';
import { confirmPaymentMessage, paymentReceiptMessage, refundReceiptMessage } from '../email/messages';
import { type Loaded, recordOf } from '../store/billStore';
import { billMail, mailFacts, payableOnline, payLink, portalOf } from './billMail';

interface Of {
  readonly notice: Notice;
  readonly practice: Practice;
  /** Of the pay links. */
  readonly key: string;
  /** The link leads to another card for AutoPay as well. */
  readonly cardSetup: boolean;
}

/** What a notice says; nothing when there is nothing to say any more (paid or cancelled meanwhile). */
export function noticeMail(loaded: Loaded, of: Of): Message | undefined {
  const { notice, practice, key } = of;
  const record = recordOf(loaded, notice.billId);
  const { head } = record;
  switch (notice.kind) {
    case 'fresh_link':
      if (head.status === 'cancelled') return undefined;
      return billMail(record, practice, { linkId: notice.noticeId, key, attached: false });
    case 'pay_link':
      if (head.clientBalanceCents === 0 || head.status === 'cancelled') return undefined;
      return confirmPaymentMessage({
        ...mailFacts(record, practice),
        amountCents: Math.min(notice.amountCents ?? head.clientBalanceCents, head.clientBalanceCents),
        payUrl: payLink(notice.noticeId, key),
      });
    case 'receipt':
      return receipt(loaded, of);
    case 'refund_receipt':
      return refundReceipt(loaded, of);
    case 'autopay_failed':
      return autopayFailed(loaded, of);
    case 'overdue_reminder':
      return overdue(loaded, of);
    case 'card_expiring':
    case 'digest':
    case 'autopay_preview':
      return unreachableNotice(notice);
  }
}

const unreachableNotice = ({ kind }: Notice): never => {
  throw new Error(`a ${kind} is about no bill`);
};

/** Paid or cancelled meanwhile: nothing is left to do. */
function autopayFailed(loaded: Loaded, { notice, practice, key, cardSetup }: Of): Message | undefined {
  const record = recordOf(loaded, notice.billId);
  const attempt = record.attempts.find(({ payment }) => payment?.paymentId === notice.paymentId);
  const card = attempt?.payment?.card;
  const { clientBalanceCents } = record.head;
  if (!card || clientBalanceCents === 0) return undefined;
  return autopayFailedMessage({
    ...mailFacts(record, practice),
    amountCents: Math.min(attempt.amountCents, clientBalanceCents),
    card: { brand: card.brand, last4: card.last4 },
    cardSetup,
    ...given({ nextOn: notice.nextOn }),
    ...(payableOnline(record, practice) ? { payUrl: payLink(notice.noticeId, key) } : {}),
  });
}

function overdue(loaded: Loaded, { notice, practice, key }: Of): Message | undefined {
  const record = recordOf(loaded, notice.billId);
  const { clientBalanceCents, dueOn, status } = record.head;
  if (clientBalanceCents === 0 || status === 'cancelled') return undefined;
  return overdueMessage({
    ...mailFacts(record, practice),
    clientBalanceCents,
    dueOn,
    ...(payableOnline(record, practice) ? { payUrl: payLink(notice.noticeId, key) } : {}),
  });
}

function receipt(loaded: Loaded, { notice, practice }: Of): Message | undefined {
  const record = recordOf(loaded, notice.billId);
  const payment = notice.paymentId ? findPayment(loaded.book, notice.paymentId) : undefined;
  if (!payment) return undefined;
  const { card, amountCents, paidAt, paymentId } = payment;
  return paymentReceiptMessage({
    ...mailFacts(record, practice),
    ...portalOf(practice),
    amountCents,
    paidOn: localDate(paidAt, practice.timeZone),
    receiptNumber: paymentId.slice(-8),
    ...(card ? { card: { brand: card.brand, last4: card.last4 } } : {}),
    clientBalanceCents: record.head.clientBalanceCents,
  });
}

function refundReceipt(loaded: Loaded, { notice, practice }: Of): Message | undefined {
  const entry = loaded.book.entries.find(known => known.refund?.refundId === notice.refundId);
  if (!entry?.refund) return undefined;
  const { amountCents, destination, paymentId } = entry.refund;
  const card = destination === 'original' ? findPayment(loaded.book, paymentId)?.card : undefined;
  return refundReceiptMessage({
    ...mailFacts(recordOf(loaded, notice.billId), practice),
    amountCents,
    destination,
    refundedOn: entry.postedOn,
    ...(card ? { card: { brand: card.brand, last4: card.last4 } } : {}),
  });
}
