import { payerInPortal } from '../domain/attempt';
import { linesNow } from '../domain/billAmounts';
import type { BillHead, BillText } from '../domain/billRecord';
import type { BillLine } from '../domain/book';
import { type Instant, isOver } from '../domain/calendar';
import { given } from '../domain/given';
import { invariant } from '../domain/invariant';
import type { Practice } from '../domain/practice';
import { stripeMinimum } from '../domain/stripeMinimum';
import type { ClientCaller } from '../operations/caller';
import type { PaymentObject } from '../operations/objects';
import type { OwnBillObject, OwnBillSummaryObject, OwnPaymentObject } from '../operations/ownBills';
import { recordOf } from '../store/billStore';
import type { Opened } from '../store/guestStore';
import { ownerIn } from '../store/ownBills';
import { type Moment, paymentsView } from './billView';

export function ownBillSummary(head: BillHead, { now, timeZone }: Moment): OwnBillSummaryObject {
  const { billId, number, clientId, clientName, status, issuedOn, dueOn } = head;
  const { totalCents, clientPortionCents, clientPaidCents, clientBalanceCents } = head;
  const { insurerPortionCents, insurerPaidCents, reservedCents } = head;
  return {
    ...{ billId, number, clientId, clientName, status, issuedOn, dueOn },
    overdue: clientBalanceCents > 0 && isOver(dueOn, now, timeZone),
    ...{ totalCents, clientPortionCents, clientPaidCents, clientBalanceCents },
    ...{ insurerPortionCents, insurerPaidCents, reservedCents },
  };
}

/** As the paper shows it, with what the client paid; what staff note beside it stays with staff. */
export function ownBillView(opened: Opened, caller: ClientCaller, now: Instant): OwnBillObject {
  const { loaded, billId, practice, settings } = opened;
  const record = recordOf(loaded, billId);
  const facts = loaded.book.bills.get(billId);
  invariant(facts, `bill ${billId} is in the book`);
  const { head, text, entries } = record;
  const { currency } = text.letterhead;
  return {
    ...ownBillSummary(head, { now, timeZone: caller.timeZone }),
    practiceName: practice.billingName,
    currency,
    onlinePayments: takesCards(practice),
    allowPartial: settings.allowPartialOnline,
    minimumCents: stripeMinimum(currency),
    lines: linesNow(facts, entries).map(line => lineView(line, text.letterhead)),
    comments: text.comments,
    footer: text.footer,
    payments: paymentsView(loaded.book, record)
      .filter(({ payer, status }) => payer === 'client' && status !== 'failed')
      .map(payment => ownPaymentView(payment, opened, caller)),
  };
}

export const takesCards = ({ onlinePayments, stripe }: Practice): boolean =>
  onlinePayments && stripe.status === 'ready';

/** In the practice's own words where it has chosen some: then neither code nor description is told (`domain.md` 2.4). */
function lineView(line: BillLine, { serviceDescription }: BillText['letterhead']): OwnBillObject['lines'][number] {
  const { kind, dateOfService, code, description, units, amountCents, clientPortionCents, insurerPortionCents } = line;
  const custom = kind === 'service' && serviceDescription.mode === 'custom';
  return {
    kind,
    ...given({ dateOfService, code: custom ? undefined : code }),
    description: custom ? (serviceDescription.text ?? description) : description,
    ...{ units, amountCents, clientPortionCents, insurerPortionCents },
  };
}

/**
 * A client and a billing contact see each other's payments, for both pay the same bill, but neither the other one's card
 * nor the page of the other one's bank: these are shown to whoever paid here by a card of their own.
 */
export function ownPaymentView(
  payment: PaymentObject,
  { loaded, billId }: Pick<Opened, 'loaded' | 'billId'>,
  caller: ClientCaller,
): OwnPaymentObject {
  const { attempts, head } = recordOf(loaded, billId);
  const isOwn = payerInPortal(attempts, payment.paymentId) === ownerIn(caller, head.clientId).id;
  const { paymentId, type, source, amountCents, refundedCents, paidAt, status, card, redirectUrl } = payment;
  return {
    ...{ paymentId, type, amountCents, refundedCents, paidAt, status },
    ...given({ source }),
    ...(isOwn ? given({ redirectUrl, card: card && { brand: card.brand, last4: card.last4 } }) : {}),
  };
}
