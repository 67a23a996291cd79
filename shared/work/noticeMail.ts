import { localDate } from '../domain/calendar';
import type { Notice } from '../domain/notice';
import { findPayment } from '../domain/paymentState';
import type { Practice } from '../domain/practice';
import type { Message } from '../email/letter';
import { confirmPaymentMessage, paymentReceiptMessage, refundReceiptMessage } from '../email/messages';
import { type Loaded, recordOf } from '../store/billStore';
import { billMail, mailFacts, payLink, portalOf } from './billMail';

interface Of {
  readonly notice: Notice;
  readonly practice: Practice;
  /** Of the pay links. */
  readonly key: string;
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
  }
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
