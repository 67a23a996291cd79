import type { BillStatus } from '../domain/billRecord';
import type { CalendarDate } from '../domain/calendar';
import { cardText } from '../domain/cardText';
import { formatCents } from '../domain/money';
import { compose, type Message } from './letter';
import { closing, longDate, type MailFacts, portal, type SenderFacts } from './messages';

/** The bill that a payment is about; a prepayment and its refund have none. */
interface OfBill {
  readonly number?: string;
}

export interface PaymentReceipt extends Omit<MailFacts, 'number'>, OfBill {
  readonly amountCents: number;
  readonly paidOn: CalendarDate;
  readonly receiptNumber: string;
  readonly card?: { readonly brand: string; readonly last4: string };
  /** Of a payment of a bill. */
  readonly bill?: {
    readonly status: BillStatus;
    /** What the client still owes on it. */
    readonly clientBalanceCents: number;
    /** What of this money came when it was no longer due, and became the client's credit. */
    readonly creditedCents: number;
  };
  readonly portalUrl?: string;
}

export function paymentReceiptMessage(mail: PaymentReceipt): Message {
  const { practiceName, currency, card, bill } = mail;
  const amount = formatCents(mail.amountCents, currency);
  return compose({
    subject: `Your payment to ${practiceName}`,
    preview: `We received ${amount}. Thank you.`,
    practiceName,
    lead: 'We received your payment. Thank you.',
    amount,
    facts: [
      ['When', longDate(mail.paidOn)],
      ...(card ? ([['Card', cardText(card)]] as const) : []),
      ...billNumber(mail),
      ['Receipt', mail.receiptNumber],
    ],
    paragraphs: [...(bill ? whereItWent(mail, bill) : [keptAsCredit(mail)]), ...portal(mail)],
    closing: closing(mail),
  });
}

const keptAsCredit = ({ practiceName }: SenderFacts): string =>
  `The money is kept as your credit with ${practiceName} and pays for what comes next.`;

/** Money may come late: by then the bill may be paid otherwise, in part or in whole, or be cancelled. */
function whereItWent(
  { practiceName, currency, amountCents }: PaymentReceipt,
  { status, clientBalanceCents, creditedCents }: NonNullable<PaymentReceipt['bill']>,
): string[] {
  if (creditedCents === amountCents)
    return [`Nothing was due on this bill any more. ${keptAsCredit({ practiceName })}`];
  const left = formatCents(clientBalanceCents, currency);
  const leaves =
    clientBalanceCents > 0
      ? `${left} is still due from you on this bill.`
      : `Nothing more is due from you on this bill${status === 'paid' ? '' : ' now'}.`;
  if (creditedCents === 0) return [leaves];
  const kept = formatCents(creditedCents, currency);
  return [
    `${kept} of it was more than was due: it is kept as your credit with ${practiceName} and pays for what comes next.`,
    leaves,
  ];
}

export interface RefundReceipt extends Omit<MailFacts, 'number'>, OfBill {
  readonly amountCents: number;
  readonly refundedOn: CalendarDate;
  /** Where the money goes: back to the card, by the practice's own means, or to the client's credit. */
  readonly destination: 'original' | 'offline' | 'credit';
  readonly card?: { readonly brand: string; readonly last4: string };
}

export function refundReceiptMessage(mail: RefundReceipt): Message {
  const { practiceName, currency, destination, card } = mail;
  const amount = formatCents(mail.amountCents, currency);
  const where = {
    original: card
      ? `The money goes back to ${cardText(card)}. Banks take 5 to 10 working days to show it.`
      : 'The money goes back the way it was paid.',
    offline: `${practiceName} returns the money to you directly.`,
    credit: keptAsCredit(mail),
  }[destination];
  return compose({
    subject: `A refund from ${practiceName}`,
    preview: `${amount} is refunded to you.`,
    practiceName,
    lead: 'Refunded to you',
    amount,
    facts: [['When', longDate(mail.refundedOn)], ...billNumber(mail)],
    paragraphs: [where],
    closing: closing(mail),
  });
}

const billNumber = ({ number }: OfBill): [string, string][] => (number ? [['Bill number', number]] : []);
