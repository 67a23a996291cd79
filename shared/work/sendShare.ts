import type { Share } from '../domain/billRecord';
import { addMinutes, type Instant } from '../domain/calendar';
import { blocked, claimed, deferred, mailRefusal, sent, unknown, withdrawn } from '../domain/sharing';
import type { MailOutcome, OutgoingMail } from '../email/mailer';
import { logger } from '../logger';
import { type Loaded, recordOf } from '../store/billStore';
import { practiceOf } from '../store/cardStore';
import { decideAnew } from '../store/kernel';
import { shareOf, shareStore } from '../store/shareStore';
import type { DueItem } from '../store/table';
import { billMail } from './billMail';
import { findBill } from './findBill';
import { type MailTrouble, mailAttention } from './mailAttention';
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

/**
 * Sends one share: check again, write the mail, claim, send, record. Only who made the claim hands it to the mail service,
 * and a claim is never handed over twice: exactly one mail a share, or none and a reason (`domain.md` rule 61). All that
 * can fail for other reasons comes before the claim.
 */
export async function sendShare(item: DueItem, needs: MailNeeds = realMail): Promise<void> {
  const due = await shareStore.findDue(item);
  if (!due) return;
  const { share, leasedTo } = due;
  const now = needs.clock.now();
  if (share.status === 'sending') return forgotten(item, share, needs);
  if (share.status !== 'scheduled' || (share.dueAt ?? now) > now) return;
  const loaded = await findBill(item.practiceId, share.billId);
  if (!loaded) return shareStore.claim(item.practiceId, withdrawn(share, now, { kind: 'system' }));
  const mail = await mailOf(loaded, share, needs);
  if (!('message' in mail)) return step({ item, from: 'scheduled', ...mail }, needs);
  if (!(await wonClaim(shareStore.claim(item.practiceId, claimed(share, now, leasedTo))))) return;
  const outcome = await handOver(mail, needs);
  await record(item, outcome, needs);
  if (outcome.outcome === 'unsent') throw outcome.error;
}

/** What a share becomes, and what staff are told of it. */
interface Turn {
  readonly to: (share: Share, at: Instant) => Share;
  readonly trouble?: MailTrouble;
}

const block = (reason: string): Turn => ({
  to: (share, at) => blocked(share, at, reason),
  trouble: 'share_blocked',
});

/** The mail, or why there is none: cancelled meanwhile means no mail, no permission is never silent (rules 63, 64). */
async function mailOf(loaded: Loaded, share: Share, needs: MailNeeds): Promise<OutgoingMail | Turn> {
  const { practiceId } = loaded;
  const { billId, shareId } = share;
  const bill = recordOf(loaded, billId);
  if (bill.head.status === 'cancelled') return { to: (known, at) => withdrawn(known, at, { kind: 'system' }) };
  if (bill.head.responsibility === 'external') return block('external_payer');
  const [recipient, practice, key] = await Promise.all([
    shareStore.recipient(practiceId, bill),
    practiceOf(practiceId),
    needs.linkKey(),
  ]);
  const refusal = mailRefusal(recipient);
  if (refusal || !recipient.email) return block(refusal ?? 'no_recipient_email');
  const pdf = share.includePdf ? await needs.billPdf(loaded, billId) : undefined;
  return {
    message: billMail(bill, practice, { linkId: shareId, key, attached: pdf !== undefined }),
    to: { name: recipient.name, email: recipient.email },
    practice: { practiceId, name: practice.billingName, ...(practice.email ? { email: practice.email } : {}) },
    shareId,
    ...(pdf ? { attachments: [{ filename: pdf.filename, bytes: pdf.bytes }] } : {}),
  };
}

async function record(item: DueItem, outcome: MailOutcome | Unsent, needs: MailNeeds): Promise<void> {
  const turn = turnOf(outcome);
  if (turn) return step({ item, from: 'sending', ...turn }, needs);
  // It may be on its way. The claim stays; a delivery event settles it, or the sweep brings it to staff.
  logger.warn('the mail service did not answer', { shareId: item.id });
}

function turnOf(outcome: MailOutcome | Unsent): Turn | undefined {
  switch (outcome.outcome) {
    case 'sent':
      return { to: (share, at) => sent(share, at, outcome.messageId) };
    case 'throttled':
    case 'unsent':
      return { to: (share, at) => deferred(share, addMinutes(at, backoffMinutes(share.tries))) };
    case 'suppressed':
      return block('email_suppressed');
    case 'rejected':
      return block('mail_rejected');
    case 'unknown':
      return undefined;
  }
}

interface Step extends Turn {
  readonly item: DueItem;
  /** Feedback, or staff, may have been quicker than we are: then nothing is left to do. */
  readonly from: 'scheduled' | 'sending';
}

function step({ item: { practiceId, homeId: billId, id }, from, ...turn }: Step, needs: MailNeeds): Promise<void> {
  return decideAnew(async () => {
    const loaded = await findBill(practiceId, billId);
    if (!loaded) return;
    const known = shareOf(loaded, billId, id);
    if (known.status !== from) return;
    const at = needs.clock.now();
    const wanted = turn.to(known, at);
    const spent = wanted.status === 'scheduled' && wanted.tries >= mostTries;
    const share = spent ? blocked(known, at, 'mail_throttled') : wanted;
    const kind = spent ? 'share_blocked' : turn.trouble;
    const reason = share.blockedReason ? { facts: { reason: share.blockedReason } } : {};
    const attention = kind ? [mailAttention(loaded, { billId, linkId: id, kind, at, ...reason })] : [];
    await shareStore.commit(loaded, billId, { shares: [share], attention }, needs.newId);
  });
}

/** Claimed by somebody who never came back: nobody knows whether the mail went out, so it is not sent again. */
async function forgotten(item: DueItem, share: Share, needs: MailNeeds): Promise<void> {
  const now = needs.clock.now();
  if (now < addMinutes(share.claimedAt ?? share.scheduledAt, feedbackMinutes)) return;
  if (!(await findBill(item.practiceId, share.billId))) {
    return shareStore.claim(item.practiceId, unknown(share, now));
  }
  await step({ item, from: 'sending', to: unknown, trouble: 'mail_unknown' }, needs);
}
