import type { CalendarDate } from '../domain/calendar';
import type { Notice } from '../domain/notice';
import type { Practice } from '../domain/practice';
import type { Recipient } from '../domain/sharing';
import {
  autopayPreviewMessage,
  cardExpiringMessage,
  type DigestMail,
  digestMessage,
} from '../email/automationMessages';
import type { Message } from '../email/letter';
import { cardStore } from '../store/cardStore';
import { memberStore } from '../store/memberStore';
import { shareStore } from '../store/shareStore';
import { portalOf, staffPortal } from './billMail';

export interface Letter {
  readonly recipient: Recipient;
  readonly message: Message;
}

/** A mail to a client that is about no bill: a card that expires. Nothing once the card is gone. */
export async function clientLetter(practice: Practice, notice: Notice): Promise<Letter | undefined> {
  const { practiceId } = practice;
  const { clientId = '', cardId } = notice;
  const card = (await cardStore.of(practice, clientId)).find(known => known.cardId === cardId);
  if (!card) return undefined;
  const { brand, last4, expMonth, expYear } = card;
  const message = cardExpiringMessage({
    practiceName: practice.billingName,
    ...(practice.email ? { practiceEmail: practice.email } : {}),
    card: { brand, last4 },
    month: `${expYear}-${String(expMonth).padStart(2, '0')}`,
    ...portalOf(practice),
  });
  const { kind, id } = card.owner;
  return {
    recipient: await shareStore.recipient(practiceId, { clientId, recipient: { kind, id, name: '' } }),
    message,
  };
}

/** A mail to a member of staff; nothing to one who left. */
export async function staffLetter(practice: Practice, notice: Notice): Promise<Letter | undefined> {
  const { practiceId } = practice;
  const member = await memberStore.find(practiceId, notice.memberId ?? '');
  if (!member?.active) return undefined;
  const { memberId: id, name, email } = member;
  const suppressed = (await shareStore.suppression(practiceId, email)) !== undefined;
  const recipient: Recipient = { kind: 'contact', id, name, email, emailAllowed: true, suppressed };
  return { recipient, message: staffMessage(practice, notice) };
}

function staffMessage({ billingName, currency }: Practice, { kind, facts = {} }: Notice): Message {
  const mail = { practiceName: billingName, currency, portalUrl: staffPortal(), on: String(facts.on) as CalendarDate };
  const number = (name: string): number => Number(facts[name] ?? 0);
  if (kind === 'digest') return digestMessage({ ...mail, happened: happenedOf(number) });
  return autopayPreviewMessage({
    ...mail,
    charges: number('charges'),
    chargeCents: number('chargeCents'),
    skipped: number('skipped'),
  });
}

/** What a digest counts, in the order in which it tells. */
export const digestLines = [
  ['payments', 'Payments by clients'],
  ['autopayCharged', 'AutoPay charges'],
  ['autopayFailed', 'AutoPay refused'],
  ['refundsFound', 'Refunds found in Stripe'],
  ['disputes', 'Disputes'],
  ['billsMade', 'Bills made by night'],
  ['mailsReturned', 'Mails that came back'],
  ['attention', 'Other things to look at'],
] as const;
export type DigestLine = (typeof digestLines)[number][0];

const happenedOf = (number: (name: string) => number): DigestMail['happened'] =>
  digestLines.flatMap(([name, label]) => {
    const count = number(name);
    if (count === 0) return [];
    const cents = number(`${name}Cents`);
    return [cents > 0 ? ([label, count, cents] as const) : ([label, count] as const)];
  });
