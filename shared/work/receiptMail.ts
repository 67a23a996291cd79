import type { BillHead } from '../domain/billRecord';
import type { Book } from '../domain/book';
import { localDate } from '../domain/calendar';
import { sumPostings } from '../domain/ledger';
import type { Notice } from '../domain/notice';
import { findPayment } from '../domain/paymentState';
import type { Message } from '../email/letter';
import type { MailFacts } from '../email/messages';
import { paymentReceiptMessage, refundReceiptMessage } from '../email/receiptMessages';
import type { Loaded } from '../store/billStore';
import { portalOf } from './billMail';
import type { Sender } from './sender';

/** Without a number it is about no bill: a prepayment, or the refund of one. */
type Facts = Omit<MailFacts, 'number'> & Partial<Pick<MailFacts, 'number'>>;

export function receiptMail(
  { book }: Loaded,
  { paymentId = '' }: Notice,
  { sender, facts, head }: { sender: Sender; facts: Facts; head?: BillHead },
): Message | undefined {
  const payment = findPayment(book, paymentId);
  if (!payment) return undefined;
  const { card, amountCents, paidAt } = payment;
  return paymentReceiptMessage({
    ...facts,
    ...portalOf(sender),
    amountCents,
    paidOn: localDate(paidAt, sender.practice.timeZone),
    receiptNumber: paymentId.slice(-8),
    ...(card ? { card: { brand: card.brand, last4: card.last4 } } : {}),
    ...(head ? { bill: { ...sumsOf(head), creditedCents: creditedAtOnce(book, paymentId) } } : {}),
  });
}

const sumsOf = ({ status, clientBalanceCents }: BillHead) => ({ status, clientBalanceCents });

/** What was in excess when it came; what became credit later is another story. */
const creditedAtOnce = ({ entries }: Book, paymentId: string): number =>
  -sumPostings(
    entries,
    (posting, { payment }) => payment?.paymentId === paymentId && posting.account === 'client_credit',
  );

/** Nothing of a refund that failed meanwhile. */
export function refundReceiptMail({ book }: Loaded, { refundId }: Notice, facts: Facts): Message | undefined {
  const told = book.entries.filter(known => known.refund?.refundId === refundId);
  const [entry] = told;
  if (!entry?.refund || told.some(({ kind }) => kind === 'refund_failed')) return undefined;
  const { amountCents, destination, paymentId } = entry.refund;
  const card = destination === 'original' ? findPayment(book, paymentId)?.card : undefined;
  return refundReceiptMessage({
    ...facts,
    amountCents,
    destination,
    refundedOn: entry.postedOn,
    ...(card ? { card: { brand: card.brand, last4: card.last4 } } : {}),
  });
}
