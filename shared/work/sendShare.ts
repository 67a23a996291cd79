import type { Share } from '../domain/billRecord';
import { addMinutes, type Instant } from '../domain/calendar';
import { blocked, claimed, deferred, mailRefusal, postponed, sent, unknown, withdrawn } from '../domain/sharing';
import type { MailOutcome, OutgoingMail } from '../email/mailer';
import { logger } from '../logger';
import { automationStore } from '../store/automationStore';
import { recordOf } from '../store/billStore';
import { practiceOf } from '../store/cardStore';
import { statusOf } from '../store/documentStatus';
import { decideAnew } from '../store/kernel';
import { commitShares, findShared, type SharedDocument } from '../store/sharedDocument';
import { shareStore } from '../store/shareStore';
import type { DueItem } from '../store/table';
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
import { makeAnew } from './makeAnew';
import { membersOfBill, membersOfDocument, senderOf, sentBy } from './sender';
import { shareMail } from './shareMail';

/**
 * Sends one share of whatever document: check again, write the mail, claim, send, record. Only who made the claim hands it
 * to the mail service, and a claim is never handed over twice: exactly one mail a share, or none and a reason (`domain.md`
 * rule 61). All that can fail for other reasons comes before the claim.
 */
export async function sendShare(item: DueItem, needs: MailNeeds = realMail): Promise<void> {
  const due = await shareStore.findDue(item);
  if (!due) return;
  const { share, leasedTo } = due;
  const now = needs.clock.now();
  if (share.status === 'sending') return forgotten(item, share, needs);
  if (share.status !== 'scheduled' || (share.dueAt ?? now) > now) return;
  const shared = await findShared(item.practiceId, share.document);
  if (!shared) return shareStore.claim(item.practiceId, withdrawn(share, now, { kind: 'system' }));
  if (await waitsForAutopay(shared, share)) {
    const later = (known: Share, at: Instant): Share => postponed(known, addMinutes(at, waitMinutes));
    return step({ item, share, from: 'scheduled', to: later }, needs);
  }
  const mail = await mailOf(shared, share, needs);
  if (!mail) return;
  if (!('message' in mail)) return step({ item, share, from: 'scheduled', ...mail }, needs);
  await needs.mailer.turn?.();
  if (!(await wonClaim(shareStore.claim(item.practiceId, claimed(share, now, leasedTo))))) return;
  const outcome = await handOver(mail, needs);
  await record(item, { share, outcome }, needs);
  if (outcome.outcome === 'unsent') throw outcome.error;
}

const waitMinutes = 5;

/** A share that goes out by itself never overtakes AutoPay: the night's charges are through, and a bill's has an answer. */
async function waitsForAutopay(shared: SharedDocument, { afterAutopayOn }: Share): Promise<boolean> {
  if (afterAutopayOn === undefined) return false;
  if (shared.kind === 'bill' && recordOf(shared.loaded, shared.id).head.reservedCents > 0) return true;
  return !(await automationStore.isFinished(shared.practiceId, 'autopay', afterAutopayOn));
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

const ended: Turn = { to: (share, at) => withdrawn(share, at, { kind: 'system' }) };

/**
 * The mail, or why there is none: cancelled meanwhile means no mail, no permission is never silent (rules 63, 64). Nothing
 * where the share has moved to a version that was made anew for it.
 */
async function mailOf(
  shared: SharedDocument,
  share: Share,
  needs: MailNeeds,
): Promise<OutgoingMail | Turn | undefined> {
  const { practiceId } = shared;
  if (isCancelled(shared)) return ended;
  if (isForOthers(shared)) return block('external_payer');
  if (share.trigger === 'auto' && isInQuestion(shared)) return block('held');
  const status = shared.kind === 'bill' ? 'current' : await statusOf(practiceId, shared.head);
  if (status !== 'current') {
    const stale = `document_${status}`;
    const reason = share.trigger === 'auto' && shared.kind !== 'bill' ? await makeAnew(shared, needs) : stale;
    return reason ? block(reason) : undefined;
  }
  const [recipient, practice] = await Promise.all([shareStore.recipient(practiceId, shared), practiceOf(practiceId)]);
  const refusal = mailRefusal(recipient);
  if (refusal || !recipient.email) return block(refusal ?? 'no_recipient_email');
  const sender = await senderOf(practice, () => membersOf(shared));
  return {
    ...(await shareMail({ shared, share, sender }, needs)),
    to: { name: recipient.name, email: recipient.email },
    practice: sentBy(sender),
    shareId: share.shareId,
  };
}

const membersOf = (shared: SharedDocument) =>
  shared.kind === 'bill'
    ? membersOfBill(recordOf(shared.loaded, shared.id))
    : membersOfDocument(shared.practiceId, shared.head);

const isCancelled = (shared: SharedDocument): boolean =>
  shared.kind === 'bill' && recordOf(shared.loaded, shared.id).head.status === 'cancelled';

const isForOthers = (shared: SharedDocument): boolean =>
  shared.kind === 'bill' && recordOf(shared.loaded, shared.id).head.responsibility === 'external';

/** Money came back on it (rule 26): staff decide what the client is asked for. Their own hold keeps AutoPay away, no mail. */
function isInQuestion(shared: SharedDocument): boolean {
  const hold = shared.kind === 'bill' ? recordOf(shared.loaded, shared.id).head.hold : undefined;
  return hold !== undefined && hold.reason !== 'staff';
}

interface Handed {
  readonly share: Share;
  readonly outcome: MailOutcome | Unsent;
}

async function record(item: DueItem, { share, outcome }: Handed, needs: MailNeeds): Promise<void> {
  const turn = turnOf(outcome);
  if (turn) return step({ item, share, from: 'sending', ...turn }, needs);
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
  /** As it was read; what stands now is read anew. */
  readonly share: Share;
  /** Feedback, or staff, may have been quicker than we are: then nothing is left to do. */
  readonly from: 'scheduled' | 'sending';
}

function step({ item, share: { document, shareId }, from, ...turn }: Step, needs: MailNeeds): Promise<void> {
  return decideAnew(async () => {
    const shared = await findShared(item.practiceId, document);
    const known = shared?.shares.find(share => share.shareId === shareId);
    if (!shared || known?.status !== from) return;
    const at = needs.clock.now();
    const wanted = turn.to(known, at);
    const spent = wanted.status === 'scheduled' && wanted.tries >= mostTries;
    const share = spent ? blocked(known, at, 'mail_throttled') : wanted;
    const kind = spent ? 'share_blocked' : turn.trouble;
    const reason = share.blockedReason ? { facts: { reason: share.blockedReason } } : {};
    const attention = kind ? [mailAttention(shared, { linkId: shareId, kind, at, ...reason })] : [];
    await commitShares(shared, { shares: [share], attention }, needs.newId);
  });
}

/** Claimed by somebody who never came back: nobody knows whether the mail went out, so it is not sent again. */
async function forgotten(item: DueItem, share: Share, needs: MailNeeds): Promise<void> {
  const now = needs.clock.now();
  if (now < addMinutes(share.claimedAt ?? share.scheduledAt, feedbackMinutes)) return;
  if (!(await findShared(item.practiceId, share.document))) {
    return shareStore.claim(item.practiceId, unknown(share, now));
  }
  await step({ item, share, from: 'sending', to: unknown, trouble: 'mail_unknown' }, needs);
}
