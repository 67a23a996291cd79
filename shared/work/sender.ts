import type { BillRecord } from '../domain/billRecord';
import { given } from '../domain/given';
import type { Practice } from '../domain/practice';
import type { Statement } from '../domain/statement';
import type { Superbill } from '../domain/superbill';
import type { OutgoingMail } from '../email/mailer';
import type { SenderFacts } from '../email/messages';
import { clientStore } from '../store/clientStore';
import { memberStore } from '../store/memberStore';

/** Who a mail comes from: the practice by its name, and where answers go. */
export interface Sender {
  readonly practice: Practice;
  /** Absent when nobody would read them. */
  readonly replyTo?: string;
}

/**
 * Answers go to the practice's address; where it has none, to the first of these members who is still there (S66): who
 * made the document, else who treats. `members` is asked only then.
 */
export async function senderOf(
  practice: Practice,
  members: () => readonly string[] | Promise<readonly string[]>,
): Promise<Sender> {
  if (practice.email) return { practice, replyTo: practice.email };
  for (const memberId of await members()) {
    const member = await memberStore.find(practice.practiceId, memberId);
    if (member?.active) return { practice, replyTo: member.email };
  }
  return { practice };
}

const idOf = (by: { readonly kind: string; readonly id?: string } | undefined): string[] =>
  by?.kind === 'staff' && by.id ? [by.id] : [];

export const membersOfBill = ({ head, entries }: BillRecord): string[] => [
  ...idOf(entries[0]?.actor),
  ...head.practitionerIds,
];

export async function membersOfClient(practiceId: string, clientId: string): Promise<string[]> {
  const clients = await clientStore.byIds(practiceId, [clientId]);
  return clients.flatMap(({ practitionerId }) => practitionerId ?? []);
}

export const membersOfDocument = async (
  practiceId: string,
  { by, clientId }: Statement | Superbill,
): Promise<string[]> => [...idOf(by), ...(await membersOfClient(practiceId, clientId))];

/** As the mail service is told. */
export const sentBy = ({ practice: { practiceId, billingName }, replyTo }: Sender): OutgoingMail['practice'] => ({
  practiceId,
  name: billingName,
  ...given({ replyTo }),
});

/** As the mail itself tells: a member's own address stays out of it. */
export const senderFacts = ({ practice: { billingName, email }, replyTo }: Sender): SenderFacts => ({
  practiceName: billingName,
  ...(email ? { practiceEmail: email } : {}),
  ...(replyTo ? {} : { noReply: true }),
});
