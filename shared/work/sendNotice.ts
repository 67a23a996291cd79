import { config } from '../config';
import type { BillRecord } from '../domain/billRecord';
import { addMinutes, localDate } from '../domain/calendar';
import type { Notice } from '../domain/notice';
import { findPayment } from '../domain/paymentState';
import type { Practice } from '../domain/practice';
import { mailRefusal } from '../domain/sharing';
import type { Message } from '../email/letter';
import { type Mailer, type MailOutcome, mailer } from '../email/mailer';
import { confirmPaymentMessage, paymentReceiptMessage, refundReceiptMessage } from '../email/messages';
import { linkKey } from '../http/linkKey';
import { linkToken } from '../http/linkToken';
import { logger } from '../logger';
import type { Needs } from '../needs';
import { type Loaded, loadBill, recordOf } from '../store/billStore';
import { practiceOf } from '../store/cardStore';
import { decideAnew, LostRace } from '../store/kernel';
import { noticeStore } from '../store/noticeStore';
import { shareStore } from '../store/shareStore';
import type { DueItem } from '../store/table';
import { billMail } from './billMail';

const mostTries = 6;

/** Sends one notice, with the discipline of a share: claimed once, handed over once, never sent again in doubt. */
export async function sendNotice(
  { practiceId, homeId: billId, id }: DueItem,
  needs: Needs,
  mail: Mailer = mailer,
): Promise<void> {
  const notice = await noticeStore.find(practiceId, billId, id);
  if (notice?.status !== 'scheduled') return;
  const now = needs.clock.now();
  const { dueAt: _, ...rest } = notice;
  // Claimed for good: should we die now, the mail is missing rather than doubled, and its notice says `sending`.
  const claim: Notice = { ...rest, status: 'sending', claimedAt: now, revision: notice.revision + 1 };
  try {
    await noticeStore.replace(practiceId, claim);
  } catch (error) {
    if (error instanceof LostRace) return;
    throw error;
  }
  const after = await deliver(await loadBill(practiceId, billId), claim, { needs, mail });
  await decideAnew(() => noticeStore.replace(practiceId, after));
}

async function deliver(
  loaded: Loaded,
  claim: Notice,
  { needs, mail }: { needs: Needs; mail: Mailer },
): Promise<Notice> {
  const { practiceId } = loaded;
  const record = recordOf(loaded, claim.billId);
  const recipient = await shareStore.recipient(practiceId, record);
  const refusal = mailRefusal(recipient);
  if (refusal || !recipient.email) return blockedNotice(claim, refusal ?? 'no_recipient_email');
  const practice = await practiceOf(practiceId);
  const message = await messageOf(loaded, record, { notice: claim, practice });
  if (!message) return blockedNotice(claim, 'nothing_to_say');
  const outcome = await mail.send({
    message,
    to: { name: recipient.name, email: recipient.email },
    practice: { practiceId, name: practice.billingName, ...(practice.email ? { email: practice.email } : {}) },
    shareId: claim.noticeId,
  });
  return noticeAfter(claim, outcome, needs);
}

const blockedNotice = (claim: Notice, blockedReason: string): Notice => ({
  ...claim,
  status: 'blocked',
  blockedReason,
  revision: claim.revision + 1,
});

function noticeAfter(claim: Notice, outcome: MailOutcome, needs: Needs): Notice {
  const at = needs.clock.now();
  const revision = claim.revision + 1;
  if (outcome.outcome === 'sent') {
    return { ...claim, status: 'sent', sentAt: at, delivery: 'sent', messageId: outcome.messageId, revision };
  }
  if (outcome.outcome === 'throttled' && claim.tries + 1 < mostTries) {
    const { claimedAt: _, ...rest } = claim;
    return { ...rest, status: 'scheduled', tries: claim.tries + 1, dueAt: addMinutes(at, 2 ** claim.tries), revision };
  }
  logger.warn('a notice was not sent', { noticeId: claim.noticeId, outcome: outcome.outcome, code: outcome.code });
  return outcome.outcome === 'unknown' ? { ...claim, revision } : blockedNotice(claim, `mail_${outcome.outcome}`);
}

async function messageOf(
  loaded: Loaded,
  record: BillRecord,
  { notice, practice }: { notice: Notice; practice: Practice },
): Promise<Message | undefined> {
  const { head } = record;
  const facts = {
    practiceName: practice.billingName,
    ...(practice.email ? { practiceEmail: practice.email } : {}),
    number: head.number,
    currency: practice.currency,
  };
  switch (notice.kind) {
    case 'fresh_link':
      return head.status === 'cancelled'
        ? undefined
        : billMail(record, practice, { linkId: notice.noticeId, attached: false });
    case 'pay_link': {
      if (head.clientBalanceCents === 0 || head.status === 'cancelled') return undefined;
      const payUrl = `${new URL('/pay', config.publicUrl()).href}#t=${linkToken(notice.noticeId, await linkKey())}`;
      return confirmPaymentMessage({ ...facts, payUrl, amountCents: notice.amountCents ?? head.clientBalanceCents });
    }
    case 'receipt': {
      const payment = notice.paymentId ? findPayment(loaded.book, notice.paymentId) : undefined;
      if (!payment) return undefined;
      const { card, amountCents, paidAt, paymentId } = payment;
      return paymentReceiptMessage({
        ...facts,
        amountCents,
        paidOn: localDate(paidAt, practice.timeZone),
        receiptNumber: paymentId.slice(-8),
        ...(card ? { card: { brand: card.brand, last4: card.last4 } } : {}),
        clientBalanceCents: head.clientBalanceCents,
      });
    }
    case 'refund_receipt': {
      const entry = loaded.book.entries.find(known => known.refund?.refundId === notice.refundId);
      if (!entry?.refund) return undefined;
      const { amountCents, destination } = entry.refund;
      return refundReceiptMessage({ ...facts, amountCents, destination, refundedOn: entry.postedOn });
    }
  }
}
