import { given } from '../domain/given';
import type { Notice } from '../domain/notice';
import { autopayFailedMessage, overdueMessage } from '../email/automationMessages';
import type { Message } from '../email/letter';
import { confirmPaymentMessage } from '../email/messages';
import { type Loaded, recordOf } from '../store/billStore';
import { billMail, mailFacts, payableOnline, payLink } from './billMail';
import { receiptMail, refundReceiptMail } from './receiptMail';
import type { Sender } from './sender';

interface Of {
  readonly notice: Notice;
  readonly sender: Sender;
  /** Of the pay links. */
  readonly key: string;
  /** The link leads to another card for AutoPay as well. */
  readonly cardSetup: boolean;
}

/** What a notice says; nothing when there is nothing to say any more (paid or cancelled meanwhile). */
export function noticeMail(loaded: Loaded, of: Of): Message | undefined {
  const { notice, sender, key } = of;
  const record = recordOf(loaded, notice.billId);
  const { head } = record;
  switch (notice.kind) {
    case 'fresh_link':
      if (head.status === 'cancelled') return undefined;
      return billMail(record, sender, { linkId: notice.noticeId, key, attached: false });
    case 'pay_link':
      if (head.clientBalanceCents === 0 || head.status === 'cancelled') return undefined;
      return confirmPaymentMessage({
        ...mailFacts(record, sender),
        amountCents: Math.min(notice.amountCents ?? head.clientBalanceCents, head.clientBalanceCents),
        payUrl: payLink(notice.noticeId, key),
      });
    case 'receipt':
      return receiptMail(loaded, notice, {
        sender,
        facts: mailFacts(record, sender),
        head,
      });
    case 'refund_receipt':
      return refundReceiptMail(loaded, notice, mailFacts(record, sender));
    case 'autopay_failed':
      return autopayFailed(loaded, of);
    case 'overdue_reminder':
      return overdue(loaded, of);
    case 'card_expiring':
    case 'autopay_notice':
    case 'digest':
    case 'autopay_preview':
      return unreachableNotice(notice);
  }
}

const unreachableNotice = ({ kind }: Notice): never => {
  throw new Error(`a ${kind} is about no bill`);
};

/** Paid or cancelled meanwhile: nothing is left to do. */
function autopayFailed(loaded: Loaded, { notice, sender, key, cardSetup }: Of): Message | undefined {
  const record = recordOf(loaded, notice.billId);
  const attempt = record.attempts.find(({ payment }) => payment?.paymentId === notice.paymentId);
  const card = attempt?.payment?.card;
  const { clientBalanceCents } = record.head;
  if (!card || clientBalanceCents === 0) return undefined;
  return autopayFailedMessage({
    ...mailFacts(record, sender),
    amountCents: Math.min(attempt.amountCents, clientBalanceCents),
    card: { brand: card.brand, last4: card.last4 },
    cardSetup,
    ...given({ nextOn: notice.nextOn }),
    ...(payableOnline(record, sender) ? { payUrl: payLink(notice.noticeId, key) } : {}),
  });
}

function overdue(loaded: Loaded, { notice, sender, key }: Of): Message | undefined {
  const record = recordOf(loaded, notice.billId);
  const { clientBalanceCents, dueOn, status, hold } = record.head;
  if (clientBalanceCents === 0 || status === 'cancelled' || hold) return undefined;
  return overdueMessage({
    ...mailFacts(record, sender),
    clientBalanceCents,
    dueOn,
    ...(payableOnline(record, sender) ? { payUrl: payLink(notice.noticeId, key) } : {}),
  });
}
