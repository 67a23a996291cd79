import type { CalendarDate } from '../domain/calendar';
import { cardText } from '../domain/cardText';
import { formatCents } from '../domain/money';
import { compose, type Message } from './letter';
import { closing, longDate, type MailFacts, type SenderFacts } from './messages';

/** What the automation of a practice mails: to clients as little as every mail (`domain.md` 4.1), to staff numbers only. */

interface CardWords {
  readonly brand: string;
  readonly last4: string;
}

export interface AutopayFailedMail extends MailFacts {
  readonly amountCents: number;
  readonly card: CardWords;
  /** When the card is tried again; absent when it is not. */
  readonly nextOn?: CalendarDate;
  readonly payUrl?: string;
  /** The page that the link opens takes another card for automatic payments. */
  readonly cardSetup: boolean;
}

/** A card that AutoPay was refused: what happens next, and a way to pay or to give another card at once. */
export function autopayFailedMessage(mail: AutopayFailedMail): Message {
  const { practiceName, number, currency, card, nextOn, payUrl, cardSetup } = mail;
  const amount = formatCents(mail.amountCents, currency);
  return compose({
    subject: `Your automatic payment to ${practiceName} did not go through`,
    preview: `${amount} was not charged.`,
    practiceName,
    lead: 'Your bank refused this payment. Nothing was charged.',
    amount,
    ...(payUrl ? { button: { label: `Pay ${amount}`, url: payUrl } } : {}),
    facts: [
      ['Card', cardText(card)],
      ['Bill number', number],
    ],
    paragraphs: [
      nextOn
        ? `We try this card again on ${longDate(nextOn)}, unless the bill is paid by then.`
        : 'We do not try this card again.',
      ...(payUrl ? ['Pay with any card on the page that the button opens.'] : []),
      payUrl && cardSetup
        ? 'There you can also give another card for automatic payments.'
        : `To use another card for automatic payments, ask ${practiceName}.`,
    ],
    closing: closing(mail),
  });
}

export interface ReminderMail extends MailFacts {
  readonly clientBalanceCents: number;
  readonly dueOn: CalendarDate;
  readonly payUrl?: string;
}

export function overdueMessage(mail: ReminderMail): Message {
  const { practiceName, number, currency, payUrl } = mail;
  const amount = formatCents(mail.clientBalanceCents, currency);
  return compose({
    subject: `A reminder from ${practiceName}`,
    preview: `${amount} was due on ${longDate(mail.dueOn)}.`,
    practiceName,
    lead: 'Still due',
    amount,
    ...(payUrl ? { button: { label: `Pay ${amount}`, url: payUrl } } : {}),
    facts: [
      ['Was due', longDate(mail.dueOn)],
      ['Bill number', number],
    ],
    paragraphs: ['If you have paid already, thank you: nothing more is to do.'],
    closing: closing(mail),
  });
}

export interface CardExpiringMail extends SenderFacts {
  readonly card: CardWords;
  /** `2026-03`. */
  readonly month: string;
  readonly portalUrl?: string;
}

export function cardExpiringMessage(mail: CardExpiringMail): Message {
  const { practiceName, card, month, portalUrl } = mail;
  const until = new Intl.DateTimeFormat('en-US', { month: 'long', year: 'numeric', timeZone: 'UTC' }).format(
    new Date(`${month}-01T00:00:00Z`),
  );
  return compose({
    subject: `Your card on file with ${practiceName} expires soon`,
    preview: `${cardText(card)} is good until the end of ${until}.`,
    practiceName,
    lead: `Your card for automatic payments is good until the end of ${until}.`,
    facts: [['Card', cardText(card)]],
    paragraphs: [
      portalUrl
        ? `Give us a new card in the client portal: ${portalUrl}`
        : `${practiceName} sends you a page for a new card when you ask for it.`,
    ],
    closing: closing(mail),
  });
}

export interface AutopayNoticeMail extends SenderFacts {
  readonly currency: string;
  readonly on: CalendarDate;
  /** What each card is charged. */
  readonly charges: readonly { readonly card: CardWords; readonly amountCents: number }[];
  readonly portalUrl?: string;
}

/** To the client, the evening before (`domain.md` 4.1). */
export function autopayNoticeMessage(mail: AutopayNoticeMail): Message {
  const { practiceName, currency, charges, portalUrl } = mail;
  const amount = formatCents(
    charges.reduce((sum, { amountCents }) => sum + amountCents, 0),
    currency,
  );
  const [only, ...others] = charges.map(({ card }) => cardText(card));
  const cards = others.length === 0 && only ? only : 'your cards';
  return compose({
    subject: `Your automatic payment to ${practiceName} is tonight`,
    preview: `We charge ${cards} ${amount} tonight.`,
    practiceName,
    lead: `Tonight we charge ${cards}`,
    amount,
    facts: [
      ['When', `Night to ${longDate(mail.on)}`],
      ...(others.length === 0 ? [] : charges.map(each => chargedOf(each, currency))),
    ],
    paragraphs: [
      'You need not do anything. A bill that is paid before midnight is not charged.',
      `To use another card, or to stop automatic payments, ask ${practiceName}.`,
      ...(portalUrl ? [`All your bills are in the client portal: ${portalUrl}`] : []),
    ],
    closing: closing(mail),
  });
}

const chargedOf = ({ card, amountCents }: AutopayNoticeMail['charges'][number], currency: string): [string, string] => [
  cardText(card),
  formatCents(amountCents, currency),
];

export interface StaffMail {
  readonly practiceName: string;
  readonly currency: string;
  readonly portalUrl: string;
}

export interface AutopayPreviewMail extends StaffMail {
  readonly on: CalendarDate;
  readonly charges: number;
  readonly chargeCents: number;
  readonly skipped: number;
}

/** The evening before (`domain.md` rule 12). */
export function autopayPreviewMessage(mail: AutopayPreviewMail): Message {
  const { practiceName, currency, charges, skipped, portalUrl } = mail;
  const amount = formatCents(mail.chargeCents, currency);
  return compose({
    subject: `AutoPay tonight at ${practiceName}`,
    preview: `${counted(charges, 'charge')}, ${amount} in all.`,
    practiceName,
    lead: `AutoPay of ${longDate(mail.on)} will charge`,
    amount,
    facts: [
      ['Charges', String(charges)],
      ['Passed over', String(skipped)],
    ],
    paragraphs: [`Look at them, or hold a bill, before midnight: ${portalUrl}`],
    closing: ['You get this mail as an admin or biller of the practice, on evenings before AutoPay charges.'],
  });
}

export interface DigestMail extends StaffMail {
  readonly on: CalendarDate;
  /** What happened since the digest before, in the words and order of the mail; what did not happen is left out. */
  readonly happened: readonly (readonly [label: string, count: number, amountCents?: number])[];
}

export function digestMessage({ practiceName, currency, portalUrl, on, happened }: DigestMail): Message {
  return compose({
    subject: `Your day at ${practiceName}`,
    preview: happened.map(([label, count]) => `${label}: ${count}`).join(', '),
    practiceName,
    lead: `What happened up to ${longDate(on)}`,
    facts: happened.map(([label, count, cents]): [string, string] => [
      label,
      cents === undefined ? String(count) : `${count}, ${formatCents(cents, currency)}`,
    ]),
    paragraphs: [`See what waits for you: ${portalUrl}`],
    closing: ['You get this mail as a member of the practice; an admin switches it off in the automation settings.'],
  });
}

const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;
