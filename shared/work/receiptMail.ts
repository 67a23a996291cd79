import { payerInPortal } from '../domain/attempt';
import type { BillHead } from '../domain/billRecord';
import type { Book } from '../domain/book';
import { localDate } from '../domain/calendar';
import { type CardFacts, sumPostings } from '../domain/ledger';
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
  loaded: Loaded,
  { paymentId = '', billId }: Notice,
  { sender, facts, head }: { sender: Sender; facts: Facts; head?: BillHead },
): Message | undefined {
  const { book } = loaded;
  const payment = findPayment(book, paymentId);
  if (!payment) return undefined;
  const { amountCents, paidAt } = payment;
  const card = cardToTell(loaded, billId, paymentId);
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

/** The receipt goes to the bill's recipient: of what somebody else paid by a card of their own it does not tell which. */
function cardToTell({ book, records }: Loaded, billId: string, paymentId: string): CardFacts | undefined {
  const record = records.get(billId);
  const payer = record && payerInPortal(record.attempts, paymentId);
  return payer && payer !== record.text.recipient.id ? undefined : findPayment(book, paymentId)?.card;
}

const sumsOf = ({ status, clientBalanceCents }: BillHead) => ({ status, clientBalanceCents });

/** What was in excess when it came; what became credit later is another story. */
const creditedAtOnce = ({ entries }: Book, paymentId: string): number =>
  -sumPostings(
    entries,
    (posting, { payment }) => payment?.paymentId === paymentId && posting.account === 'client_credit',
  );

/** Nothing of a refund that failed meanwhile. */
export function refundReceiptMail(loaded: Loaded, { refundId, billId }: Notice, facts: Facts): Message | undefined {
  const told = loaded.book.entries.filter(known => known.refund?.refundId === refundId);
  const [entry] = told;
  if (!entry?.refund || told.some(({ kind }) => kind === 'refund_failed')) return undefined;
  const { amountCents, destination, paymentId } = entry.refund;
  const card = destination === 'original' ? cardToTell(loaded, billId, paymentId) : undefined;
  return refundReceiptMessage({
    ...facts,
    amountCents,
    destination,
    refundedOn: entry.postedOn,
    ...(card ? { card: { brand: card.brand, last4: card.last4 } } : {}),
  });
}
