import { clientPortalLink } from '../clientPortal';
import { config } from '../config';
import type { BillRecord } from '../domain/billRecord';
import type { Message } from '../email/letter';
import { billMessage, type MailFacts } from '../email/messages';
import { linkToken } from '../http/linkToken';
import { type Sender, senderFacts } from './sender';

const page = (path: string): string => new URL(path, config.publicUrl()).href;

/** The link of a mail: its token stands in the fragment, which no server and no log sees. */
export const payLink = (linkId: string, key: string): string => `${page('/pay')}#t=${linkToken(linkId, key)}`;

export const mailFacts = ({ head, text }: BillRecord, sender: Sender): MailFacts => ({
  ...senderFacts(sender),
  number: head.number,
  currency: text.letterhead.currency,
});

/** Where staff work. */
export const staffPortal = (): string => page('/');

export const portalOf = ({ practice }: Sender): { portalUrl?: string } => clientPortalLink(practice);

/** True while the practice takes cards on the web and something is owed. */
export const payableOnline = ({ head }: BillRecord, { practice: { onlinePayments, stripe } }: Sender): boolean =>
  head.clientBalanceCents > 0 && onlinePayments && stripe.status === 'ready' && head.responsibility !== 'external';

/** The mail of a bill: paid meanwhile it says so, and while online payments are off it carries no pay link (R32). */
export function billMail(
  record: BillRecord,
  sender: Sender,
  { linkId, key, attached }: { linkId: string; key: string; attached: boolean },
): Message {
  const { head, text } = record;
  return billMessage({
    ...mailFacts(record, sender),
    ...portalOf(sender),
    accessCode: text.accessCode,
    dueOn: head.dueOn,
    clientBalanceCents: head.clientBalanceCents,
    status: head.status,
    ...(payableOnline(record, sender) ? { payUrl: payLink(linkId, key) } : {}),
    lookupUrl: page('/pay'),
    attached,
  });
}
