import { type CalendarDate, type Instant, localDate } from '../domain/calendar';
import { autopayOwner, type Card } from '../domain/client';
import { given } from '../domain/given';
import type { Notice } from '../domain/notice';
import type { Practice } from '../domain/practice';
import type { Recipient } from '../domain/sharing';
import {
  autopayNoticeMessage,
  autopayPreviewMessage,
  cardExpiringMessage,
  type DigestMail,
  digestMessage,
} from '../email/automationMessages';
import type { Message } from '../email/letter';
import { loadClientMoney } from '../store/billStore';
import { cardStore } from '../store/cardStore';
import { clientStore } from '../store/clientStore';
import { memberStore } from '../store/memberStore';
import { shareStore } from '../store/shareStore';
import { portalOf, staffPortal } from './billMail';
import { receiptMail, refundReceiptMail } from './receiptMail';
import { membersOfClient, type Sender, senderFacts, senderOf } from './sender';

export interface Letter {
  readonly sender: Sender;
  readonly recipient: Recipient;
  readonly message: Message;
}

/** A mail to a client that is about no bill; nothing when there is nothing to say any more. */
export async function clientLetter(practice: Practice, notice: Notice, now: Instant): Promise<Letter | undefined> {
  const { practiceId } = practice;
  const { clientId = '', kind } = notice;
  const sender = await senderOf(practice, () => membersOfClient(practiceId, clientId));
  if (kind === 'card_expiring') return cardLetter(sender, notice);
  if (kind === 'autopay_notice') return autopayLetter(sender, notice, now);
  const loaded = await loadClientMoney(practiceId, clientId);
  const facts = { ...senderFacts(sender), currency: practice.currency };
  const message =
    kind === 'receipt' ? receiptMail(loaded, notice, { sender, facts }) : refundReceiptMail(loaded, notice, facts);
  const to = autopayOwner({ clientId, ...given({ billingContact: loaded.billingContact }) });
  return message && letterTo(sender, { clientId, to }, message);
}

/** Nothing once the card is gone. */
async function cardLetter(sender: Sender, { clientId = '', cardId }: Notice): Promise<Letter | undefined> {
  const { practice } = sender;
  const card = (await cardStore.of(practice, clientId)).find(known => known.cardId === cardId);
  if (!card) return undefined;
  const { brand, last4, expMonth, expYear, owner } = card;
  const message = cardExpiringMessage({
    ...senderFacts(sender),
    card: { brand, last4 },
    month: `${expYear}-${String(expMonth).padStart(2, '0')}`,
    ...portalOf(sender),
  });
  const recipient = { kind: owner.kind, id: owner.id, name: '' };
  return { sender, message, recipient: await shareStore.recipient(practice.practiceId, { clientId, recipient }) };
}

/** Nothing once the night has come, or when the client is off AutoPay. */
async function autopayLetter(sender: Sender, notice: Notice, now: Instant): Promise<Letter | undefined> {
  const { practiceId, timeZone, currency } = sender.practice;
  const { clientId = '', on, charges = [], payer } = notice;
  const [billing] = await clientStore.billingOf(practiceId, [clientId]);
  if (!billing?.autopay || !on || localDate(now, timeZone) >= on) return undefined;
  const message = autopayNoticeMessage({ ...senderFacts(sender), ...portalOf(sender), currency, on, charges });
  return letterTo(sender, { clientId, to: payer ?? autopayOwner(billing) }, message);
}

async function letterTo(
  sender: Sender,
  { clientId, to }: { clientId: string; to: Card['owner'] },
  message: Message,
): Promise<Letter> {
  const recipient = { ...to, name: '' };
  return {
    sender,
    message,
    recipient: await shareStore.recipient(sender.practice.practiceId, { clientId, recipient }),
  };
}

/** A mail to a member of staff; nothing to one who left, and nothing of AutoPay to come once its night has come. */
export async function staffLetter(practice: Practice, notice: Notice, now: Instant): Promise<Letter | undefined> {
  const { practiceId, timeZone } = practice;
  if (notice.kind === 'autopay_preview' && localDate(now, timeZone) >= String(notice.facts?.on)) return undefined;
  const member = await memberStore.find(practiceId, notice.memberId ?? '');
  if (!member?.active) return undefined;
  const { memberId: id, name, email } = member;
  const suppressed = (await shareStore.suppression(practiceId, email)) !== undefined;
  const recipient: Recipient = { kind: 'contact', id, name, email, emailAllowed: true, suppressed };
  const sender = await senderOf(practice, () => []);
  return { sender, recipient, message: staffMessage(practice, notice) };
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
