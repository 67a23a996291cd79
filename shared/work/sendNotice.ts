import { addMinutes, type Instant } from '../domain/calendar';
import { given } from '../domain/given';
import { type Notice, noticeStep } from '../domain/notice';
import type { Practice } from '../domain/practice';
import { mailRefusal } from '../domain/sharing';
import type { MailOutcome, OutgoingMail } from '../email/mailer';
import { logger } from '../logger';
import { attentionStore } from '../store/attentionStore';
import { recordOf } from '../store/billStore';
import { practiceOf } from '../store/cardStore';
import { isOnAutopay } from '../store/guestStore';
import { decideAnew, transact } from '../store/kernel';
import { noticeStore, noticeWrite } from '../store/noticeStore';
import { settingsStore } from '../store/settingsStore';
import { findBill } from '../store/sharedDocument';
import { shareStore } from '../store/shareStore';
import type { DueItem } from '../store/table';
import { clientLetter, type Letter, staffLetter } from './letters';
import { type MailTrouble, mailAttention, mailAttentionWithoutBill } from './mailAttention';
import {
  backoffMinutes,
  feedbackMinutes,
  handOver,
  type MailNeeds,
  mostTries,
  realMail,
  type Unsent,
  wonClaim,
} from './mailNeeds';
import { noticeMail } from './noticeMail';
import { membersOfBill, senderOf, sentBy } from './sender';

/** Sends one notice, with the discipline of a share: claimed once, handed over once, never sent again in doubt. */
export async function sendNotice(item: DueItem, needs: MailNeeds = realMail): Promise<void> {
  const due = await noticeStore.findDue(item);
  if (!due) return;
  const { notice, leasedTo } = due;
  const now = needs.clock.now();
  if (notice.status === 'sending') return forgotten(item, notice, needs);
  if (notice.status !== 'scheduled' || (notice.dueAt ?? now) > now) return;
  const mail = await mailOf(item.practiceId, notice, needs);
  if (typeof mail === 'string') return step({ item, from: 'scheduled', to: blockedFor(mail) }, needs);
  await needs.mailer.turn?.();
  const claim = noticeStep(notice, { status: 'sending', claimedAt: now, dueAt: leasedTo });
  if (!(await wonClaim(noticeStore.replace(item.practiceId, claim)))) return;
  const outcome = await handOver(mail, needs);
  await record(item, outcome, needs);
  if (outcome.outcome === 'unsent') throw outcome.error;
}

/** The mail, or why there is none. */
async function mailOf(practiceId: string, notice: Notice, needs: MailNeeds): Promise<OutgoingMail | string> {
  const [practice, key] = await Promise.all([practiceOf(practiceId), needs.linkKey()]);
  if (isReceipt(notice) && !(await settingsStore.loadBilling(practiceId)).receipts) return 'receipts_off';
  const letter = await letterOf(practice, notice, { key, now: needs.clock.now() });
  if (!letter) return 'nothing_to_say';
  const { sender, recipient, message } = letter;
  const refusal = mailRefusal(recipient);
  if (refusal || !recipient.email) return refusal ?? 'no_recipient_email';
  return {
    message,
    to: { name: recipient.name, email: recipient.email },
    practice: sentBy(sender),
    shareId: notice.noticeId,
  };
}

const isReceipt = ({ kind }: Notice): boolean => kind === 'receipt' || kind === 'refund_receipt';

/** To whom, and what; nothing when there is nothing to say any more, or nobody to say it to. */
async function letterOf(
  practice: Practice,
  notice: Notice,
  { key, now }: { key: string; now: Instant },
): Promise<Letter | undefined> {
  if (notice.memberId) return staffLetter(practice, notice, now);
  if (notice.clientId) return clientLetter(practice, notice, now);
  const loaded = await findBill(practice.practiceId, notice.billId);
  if (!loaded) return undefined;
  const record = recordOf(loaded, notice.billId);
  const sender = await senderOf(practice, () => membersOfBill(record));
  const cardSetup = notice.kind === 'autopay_failed' && (await isOnAutopay({ loaded, billId: notice.billId }));
  const message = noticeMail(loaded, { notice, sender, key, cardSetup });
  if (!message) return undefined;
  const { clientId } = record.head;
  const recipient = await shareStore.recipient(practice.practiceId, { ...record.text, clientId });
  return { sender, recipient, message };
}

const blockedFor = (blockedReason: string): Partial<Notice> => ({ status: 'blocked', blockedReason });

async function record(item: DueItem, outcome: MailOutcome | Unsent, needs: MailNeeds): Promise<void> {
  const sentAt = needs.clock.now();
  switch (outcome.outcome) {
    case 'sent':
      return step(
        { item, from: 'sending', to: { status: 'sent', sentAt, delivery: 'sent', messageId: outcome.messageId } },
        needs,
      );
    case 'throttled':
    case 'unsent':
      return step({ item, from: 'sending', to: { status: 'scheduled' } }, needs);
    case 'suppressed':
    case 'rejected':
      return step({ item, from: 'sending', to: blockedFor(`mail_${outcome.outcome}`) }, needs);
    case 'unknown':
      // It may be on its way. The claim stays; a delivery event settles it, or the sweep brings it to staff.
      logger.warn('the mail service did not answer', { noticeId: item.id });
  }
}

interface Step {
  readonly item: DueItem;
  readonly from: 'scheduled' | 'sending';
  readonly to: Partial<Notice>;
  readonly trouble?: MailTrouble;
}

function step({ item, from, to, trouble }: Step, needs: MailNeeds): Promise<void> {
  const { practiceId, homeId: billId, id: linkId, atBill } = item;
  return decideAnew(async () => {
    const notice = await noticeStore.at(item);
    if (notice?.status !== from) return;
    const at = needs.clock.now();
    const after = noticeStep(notice, to.status === 'scheduled' ? again(notice, at) : to);
    const kind = trouble ?? blockedTrouble(after);
    const loaded = kind && atBill ? await findBill(practiceId, billId) : undefined;
    // Whether a mail about no bill went out, the log tells; nobody has to do anything about it.
    if (!kind || (trouble && !loaded)) return noticeStore.replace(practiceId, after);
    const of = { linkId, kind, at, facts: { mail: notice.kind, ...given({ reason: after.blockedReason }) } };
    const writes = [noticeWrite(practiceId, after)];
    if (!loaded) return transact([...writes, attentionStore.add(practiceId, mailAttentionWithoutBill(notice, of))]);
    const { clientId } = recordOf(loaded, billId).head;
    const attention = [mailAttention({ kind: 'bill', id: billId, clientId }, of)];
    await shareStore.commit(loaded, billId, { shares: [], attention, writes }, needs.newId);
  });
}

/** Mails without which the client will not do what only they can do. */
const toActOn: readonly Notice['kind'][] = ['pay_link', 'autopay_failed', 'overdue_reminder'];
const refusals: readonly string[] = ['no_recipient_email', 'email_not_allowed', 'email_suppressed', 'mail_suppressed'];

/**
 * What does not go out is never silently skipped (rule 63): staff hear of what the client must act on, and of whatever the
 * mail service will not take. A receipt to somebody who allows no mail, or a mail with nothing left to say, is no news.
 */
function blockedTrouble({ status, kind, blockedReason = '' }: Notice): 'mail_blocked' | undefined {
  if (status !== 'blocked') return undefined;
  const refused = blockedReason === 'mail_rejected' || blockedReason === 'mail_throttled';
  return refused || (toActOn.includes(kind) && refusals.includes(blockedReason)) ? 'mail_blocked' : undefined;
}

/** Nothing was sent: later again, and after six tries no more. */
function again({ tries }: Notice, at: Parameters<typeof addMinutes>[0]): Partial<Notice> {
  if (tries + 1 >= mostTries) return blockedFor('mail_throttled');
  return { status: 'scheduled', tries: tries + 1, dueAt: addMinutes(at, backoffMinutes(tries)) };
}

/** Claimed by somebody who never came back: nobody knows whether the mail went out, so it is not sent again. */
async function forgotten(item: DueItem, notice: Notice, needs: MailNeeds): Promise<void> {
  if (needs.clock.now() < addMinutes(notice.claimedAt ?? notice.createdAt, feedbackMinutes)) return;
  await step({ item, from: 'sending', to: {}, trouble: 'mail_unknown' }, needs);
}
