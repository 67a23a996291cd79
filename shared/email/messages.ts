import type { BillStatus } from '../domain/billRecord';
import type { CalendarDate } from '../domain/calendar';
import { formatCents } from '../domain/money';
import { compose, type Message } from './letter';

export interface SenderFacts {
  /** The practice's billing name. */
  readonly practiceName: string;
  readonly practiceEmail?: string;
  /** True when nobody would read an answer. */
  readonly noReply?: boolean;
}

/**
 * What clients are mailed. The least that lets them act (`domain.md` 4.1): practice, amount, date, number, code. Never a
 * service, a procedure or diagnosis code, a session's date or a clinician: mail is read on lock screens and by others.
 */
export interface MailFacts extends SenderFacts {
  readonly number: string;
  readonly currency: string;
}

export interface BillMail extends MailFacts {
  readonly accessCode: string;
  readonly dueOn: CalendarDate;
  readonly clientBalanceCents: number;
  /** With nothing due it asks for nothing; only what is paid for good is called so. */
  readonly status: BillStatus;
  /** `<PUBLIC_URL>/pay#t=<linkToken>`; absent while online payments are off. */
  readonly payUrl?: string;
  /** `<PUBLIC_URL>/pay`: where number and access code are entered. */
  readonly lookupUrl: string;
  readonly portalUrl?: string;
  readonly attached: boolean;
}

export const longDate = (on: CalendarDate): string =>
  new Intl.DateTimeFormat('en-US', { dateStyle: 'long', timeZone: 'UTC' }).format(new Date(`${on}T00:00:00Z`));

export function billMessage(mail: BillMail): Message {
  const { practiceName, number, currency, payUrl } = mail;
  if (mail.clientBalanceCents === 0) return nothingDueMessage(mail);
  const amount = formatCents(mail.clientBalanceCents, currency);
  const due = longDate(mail.dueOn);
  return compose({
    subject: newBillSubject(practiceName),
    preview: `${amount} is due by ${due}.`,
    practiceName,
    lead: 'Amount due',
    amount,
    ...(payUrl ? { button: { label: `Pay ${amount}`, url: payUrl } } : {}),
    facts: [
      ['Due', due],
      ['Bill number', number],
      ['Access code', spaced(mail.accessCode)],
    ],
    paragraphs: [
      payUrl
        ? `Or go to ${mail.lookupUrl} and enter the bill number and access code.`
        : `To see the bill, go to ${mail.lookupUrl} and enter the bill number and access code. ${howToPay(mail)}`,
      ...(mail.attached ? ['The bill is attached as a PDF.'] : []),
      ...portal(mail),
    ],
    closing: closing(mail),
  });
}

export const newBillSubject = (practiceName: string): string => `You have a new bill from ${practiceName}`;

/** Of a bill that waits for somebody else's answer nothing is paid yet, and who that is tells that somebody is treated. */
function nothingDueMessage(mail: BillMail): Message {
  const { practiceName, number, status } = mail;
  const words =
    status === 'paid'
      ? {
          subject: `Your bill from ${practiceName} is paid`,
          preview: 'Nothing more is due from you on this bill.',
          lead: 'Paid. Thank you. Nothing more is due from you on this bill.',
        }
      : {
          subject: newBillSubject(practiceName),
          preview: 'Nothing is due from you now.',
          lead: `Nothing is due from you now. Should a part of this bill fall to you later, ${practiceName} tells you.`,
        };
  return compose({
    ...words,
    practiceName,
    facts: [
      ['Bill number', number],
      ['Access code', spaced(mail.accessCode)],
    ],
    paragraphs: [
      `To see the bill, go to ${mail.lookupUrl} and enter the bill number and access code.`,
      ...(mail.attached ? ['The bill is attached as a PDF.'] : []),
      ...portal(mail),
    ],
    closing: closing(mail),
  });
}

export interface ConfirmPaymentMail extends MailFacts {
  readonly amountCents: number;
  readonly payUrl: string;
}

/** The bank wants the cardholder present (3-D Secure): a charge in their absence was refused, so they pay themselves. */
export function confirmPaymentMessage(mail: ConfirmPaymentMail): Message {
  const { practiceName, number, currency, payUrl } = mail;
  const amount = formatCents(mail.amountCents, currency);
  return compose({
    subject: `Please confirm your payment to ${practiceName}`,
    preview: `Your bank asks you to confirm ${amount}. Nothing was charged.`,
    practiceName,
    lead: 'Your bank asks you to confirm this payment yourself. Nothing was charged.',
    amount,
    button: { label: `Confirm and pay ${amount}`, url: payUrl },
    facts: [['Bill number', number]],
    paragraphs: [],
    closing: closing(mail),
  });
}

export interface DocumentMail extends SenderFacts {
  /** A superbill is told as "a document": what it is for says already that somebody is treated. */
  readonly kind: 'statement' | 'superbill';
  /** Of a statement, its range; of a superbill it would tell when somebody was treated. */
  readonly period?: { readonly from: CalendarDate; readonly to: CalendarDate };
  readonly attached: boolean;
  readonly portalUrl?: string;
}

/** No link leads to it from here: it is attached, or it stands in the portal, behind the client's own sign-in (rule 66). */
export function documentMessage(mail: DocumentMail): Message {
  const { practiceName, kind, period, attached, portalUrl } = mail;
  const [subject, lead] =
    kind === 'statement'
      ? [`Your statement from ${practiceName}`, 'Your statement is ready.']
      : [`A document from ${practiceName}`, 'A document for your records is ready.'];
  return compose({
    subject,
    preview: lead,
    practiceName,
    lead,
    facts: period ? [['Period', `${longDate(period.from)} to ${longDate(period.to)}`]] : [],
    paragraphs: [
      ...(attached ? ['It is attached as a PDF.'] : []),
      ...(portalUrl ? [`You find it in the client portal: ${portalUrl}`] : []),
      ...(attached || portalUrl ? [] : [`To get a copy, ask ${practiceName}.`]),
    ],
    closing: closing(mail),
  });
}

const howToPay = ({ practiceName }: MailFacts): string => `To pay, ask ${practiceName} how it takes payments.`;

export const portal = ({ portalUrl }: { portalUrl?: string }): string[] =>
  portalUrl ? [`All your bills are in the client portal: ${portalUrl}`] : [];

export const closing = ({ practiceName, practiceEmail, noReply }: SenderFacts): string[] => [
  practiceEmail
    ? `Questions? Reply to this mail, or write to ${practiceEmail}.`
    : noReply
      ? `Questions? Ask ${practiceName}.`
      : 'Questions? Reply to this mail.',
  `You get this mail because you agreed to e-mail from ${practiceName}. To stop it, tell the practice.`,
];

const spaced = (accessCode: string): string => accessCode.replace(/^(\d{3})(\d{3})$/, '$1 $2');
