import { config } from '../config';
import type { BillRecord } from '../domain/billRecord';
import type { Practice } from '../domain/practice';
import type { Message } from '../email/letter';
import { billMessage, type MailFacts } from '../email/messages';
import { linkToken } from '../http/linkToken';

const page = (path: string): string => new URL(path, config.publicUrl()).href;

/** The link of a mail: its token stands in the fragment, which no server and no log sees. */
export const payLink = (linkId: string, key: string): string => `${page('/pay')}#t=${linkToken(linkId, key)}`;

export const mailFacts = ({ head, text }: BillRecord, practice: Practice): MailFacts => ({
  practiceName: practice.billingName,
  ...(practice.email ? { practiceEmail: practice.email } : {}),
  number: head.number,
  currency: text.letterhead.currency,
});

/** Where staff work. */
export const staffPortal = (): string => page('/');

export const portalOf = ({ portalEnabled }: Practice): { portalUrl?: string } =>
  portalEnabled ? { portalUrl: page('/client') } : {};

/** True while the practice takes cards on the web and something is owed. */
export const payableOnline = ({ head }: BillRecord, { onlinePayments, stripe }: Practice): boolean =>
  head.clientBalanceCents > 0 && onlinePayments && stripe.status === 'ready' && head.responsibility !== 'external';

/** The mail of a bill: paid meanwhile it is a receipt, and while online payments are off it carries no pay link (R32). */
export function billMail(
  record: BillRecord,
  practice: Practice,
  { linkId, key, attached }: { linkId: string; key: string; attached: boolean },
): Message {
  const { head, text } = record;
  return billMessage({
    ...mailFacts(record, practice),
    ...portalOf(practice),
    accessCode: text.accessCode,
    dueOn: head.dueOn,
    clientBalanceCents: head.clientBalanceCents,
    paid: head.clientBalanceCents === 0,
    ...(payableOnline(record, practice) ? { payUrl: payLink(linkId, key) } : {}),
    lookupUrl: page('/pay'),
    attached,
  });
}
