import { billAmounts, billStatus } from '../domain/billAmounts';
import type { BillRecord } from '../domain/billRecord';
import { applyMovement, type Book, type Movement } from '../domain/book';
import { addMinutes, type Instant } from '../domain/calendar';
import type { Entry, EntryKind } from '../domain/ledger';
import { type Notice, type NoticeSubject, newNotice } from '../domain/notice';
import { findPayment } from '../domain/paymentState';
import { idFrom } from '../ids';
import { type Loaded, recordOf } from '../store/billStore';
import type { Write } from '../store/kernel';
import { noticeStore, noticeWrite } from '../store/noticeStore';

/**
 * The receipts that a movement makes necessary, for the transaction that records it: of a client's money that came in by
 * Stripe, and of such money that goes back, wherever it was asked for. One a payment and one a refund: their ids derive
 * from it, and what the book knew before is told already. Money of nobody has nobody to tell.
 */
export function receiptWrites(loaded: Loaded, movement: Movement, at: Instant): Write[] {
  const after = applyMovement(loaded.book, movement);
  const subjects = new Map<string, NoticeSubject>();
  for (const entry of movement.entries) {
    const subject = receiptOf(entry, loaded, after, at) ?? refundReceiptOf(entry, loaded.book);
    const of = subject?.refundId ?? subject?.paymentId;
    if (subject && of && !subjects.has(of)) subjects.set(of, subject);
  }
  return [...subjects.values()].map(subject => noticeWrite(loaded.practiceId, noticeOf(loaded, subject, at)));
}

/**
 * Receipts in whose place the bill's own mail was to tell of a payment: due now that it is taken back, in the same
 * transaction. Those that went out on their own are there already.
 */
export async function receiptsInItsPlace(loaded: Loaded, billId: string, at: Instant): Promise<Write[]> {
  const { entries, shares } = recordOf(loaded, billId);
  const waiting = shares.filter(({ status }) => status === 'scheduled');
  const notices = entries
    .filter(({ kind, at: paidAt }) => received.includes(kind) && waiting.some(({ createdAt }) => createdAt <= paidAt))
    .flatMap(({ payment }) => (payment?.stripe ? payment.paymentId : []))
    .map(paymentId => noticeOf(loaded, { billId, kind: 'receipt', paymentId }, at));
  const known = await noticeStore.known(loaded.practiceId, notices);
  return notices.filter(({ noticeId }) => !known.has(noticeId)).map(notice => noticeWrite(loaded.practiceId, notice));
}

const noticeOf = ({ practiceId }: Loaded, subject: NoticeSubject, at: Instant): Notice => {
  const of = subject.refundId ?? subject.paymentId ?? '';
  return newNotice(subject, { noticeId: idFrom('wrk', practiceId, subject.kind, of), at });
};

const received: readonly EntryKind[] = ['payment_received', 'prepayment_received'];
const givenBack: readonly EntryKind[] = ['refund_made', 'refund_found', 'turned_into_credit'];

function receiptOf(
  { kind, home, payment }: Entry,
  loaded: Loaded,
  after: Book,
  at: Instant,
): NoticeSubject | undefined {
  const place = placeOf(home);
  if (!place || !payment?.stripe || !received.includes(kind)) return undefined;
  if (place.billId && isToldByShare(recordOf(loaded, place.billId), after, at)) return undefined;
  return { ...place, kind: 'receipt', paymentId: payment.paymentId };
}

function refundReceiptOf({ kind, home, refund }: Entry, before: Book): NoticeSubject | undefined {
  const place = placeOf(home);
  if (!place || !refund || !givenBack.includes(kind) || !findPayment(before, refund.paymentId)?.stripe)
    return undefined;
  // A refund that reopens more bills than a transaction holds is recorded by several.
  if (before.entries.some(known => known.refund?.refundId === refund.refundId)) return undefined;
  return { ...place, kind: 'refund_receipt', refundId: refund.refundId };
}

const placeOf = ({ kind, id }: Entry['home']): Pick<NoticeSubject, 'billId' | 'clientId'> | undefined => {
  if (kind === 'bill') return { billId: id };
  return kind === 'client' ? { billId: '', clientId: id } : undefined;
};

const dayMinutes = 24 * 60;

/** The bill's own mail goes out within the day and says that it is paid: a receipt beside it is one mail too many. */
const isToldByShare = ({ head, shares }: BillRecord, after: Book, at: Instant): boolean =>
  billStatus(billAmounts(after, head.billId)) === 'paid' &&
  shares.some(({ status, scheduledAt }) => status === 'scheduled' && scheduledAt <= addMinutes(at, dayMinutes));
