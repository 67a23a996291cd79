import { billPdf } from '../documents/billPdf';
import type { Attention } from '../domain/attention';
import type { Share } from '../domain/billRecord';
import { addMinutes, type Instant } from '../domain/calendar';
import { blocked, claimed, deferred, mailRefusal, sent, unknown, withdrawn } from '../domain/sharing';
import { type Mailer, mailer } from '../email/mailer';
import { logger } from '../logger';
import type { Needs } from '../needs';
import { type Loaded, loadBill, recordOf } from '../store/billStore';
import { practiceOf } from '../store/cardStore';
import { decideAnew, LostRace } from '../store/kernel';
import { shareOf, shareStore } from '../store/shareStore';
import type { DueItem } from '../store/table';
import { billMail } from './billMail';

/** A throttled mail is tried again, ever later, and then left to staff. */
const mostTries = 6;
/** A mail whose answer was lost is settled by its delivery event, or after this by staff. */
const feedbackMinutes = 15;

/**
 * Sends one share: claim, check again, send, record. Only who claimed it hands it to the mail service, and a claim is never
 * handed over twice: exactly one mail a share, or none and a reason (`domain.md` rule 61, clarification 44).
 */
export async function sendShare(item: DueItem, needs: Needs, mail: Mailer = mailer): Promise<void> {
  const due = await shareStore.findDue(item);
  if (!due) return;
  const now = needs.clock.now();
  if (due.share.status === 'sending') return forgotten(item, due.share, needs);
  if (due.share.status !== 'scheduled' || due.share.scheduledAt > now) return;
  const share = claimed(due.share, now, due.leasedTo);
  try {
    await shareStore.claim(item.practiceId, share);
  } catch (error) {
    if (error instanceof LostRace) return;
    throw error;
  }
  await sendClaimed(item, share, { needs, mail });
}

interface With {
  readonly needs: Needs;
  readonly mail: Mailer;
}

async function sendClaimed(
  { practiceId, homeId: billId }: DueItem,
  share: Share,
  { needs, mail }: With,
): Promise<void> {
  const loaded = await loadBill(practiceId, billId);
  const record = recordOf(loaded, billId);
  const end = (change: (share: Share, at: Instant) => Share, attention?: string) =>
    finish(loaded, { billId, shareId: share.shareId, change, attention }, needs);
  // Checked again at the very moment: cancelled meanwhile means no mail (rule 64).
  if (record.head.status === 'cancelled') return end((known, at) => withdrawn(known, at, { kind: 'system' }));
  const recipient = await shareStore.recipient(practiceId, record);
  const refusal = mailRefusal(recipient);
  if (refusal || !recipient.email)
    return end((known, at) => blocked(known, at, refusal ?? 'no_recipient_email'), 'share_blocked');
  const practice = await practiceOf(practiceId);
  const pdf = share.includePdf ? await billPdf(loaded, billId) : undefined;
  const message = await billMail(record, practice, { linkId: share.shareId, attached: pdf !== undefined });
  const outcome = await mail.send({
    message,
    to: { name: recipient.name, email: recipient.email },
    practice: { practiceId, name: practice.billingName, ...(practice.email ? { email: practice.email } : {}) },
    shareId: share.shareId,
    ...(pdf ? { attachments: [{ filename: pdf.filename, bytes: pdf.bytes }] } : {}),
  });
  switch (outcome.outcome) {
    case 'sent':
      return end((known, at) => sent(known, at, outcome.messageId));
    case 'throttled':
      return share.tries + 1 >= mostTries
        ? end((known, at) => blocked(known, at, 'mail_throttled'), 'share_blocked')
        : end((known, at) => deferred(known, addMinutes(at, 2 ** share.tries)));
    case 'rejected':
    case 'suppressed':
      return end(
        (known, at) => blocked(known, at, outcome.outcome === 'suppressed' ? 'email_suppressed' : 'mail_rejected'),
        'share_blocked',
      );
    case 'unknown':
      // It may be on its way. The claim stays; a delivery event settles it, or the sweep brings it to staff.
      logger.warn('the mail service did not answer', { shareId: share.shareId });
  }
}

interface End {
  readonly billId: string;
  readonly shareId: string;
  readonly change: (share: Share, at: Instant) => Share;
  readonly attention: string | undefined;
}

async function finish(first: Loaded, { billId, shareId, change, attention }: End, needs: Needs): Promise<void> {
  await decideAnew(async () => {
    const loaded = await loadBill(first.practiceId, billId);
    const known = shareOf(loaded, billId, shareId);
    // Feedback may have been quicker than we are.
    if (known.status !== 'sending') return;
    const at = needs.clock.now();
    const items: Attention[] = attention
      ? [
          {
            attentionId: needs.newId('wrk'),
            kind: attention,
            at,
            billId,
            clientId: recordOf(loaded, billId).head.clientId,
            facts: { shareId },
          },
        ]
      : [];
    await shareStore.commit(loaded, billId, { shares: [change(known, at)], attention: items }, needs.newId);
  });
}

/** Claimed by somebody who never came back: nobody knows whether the mail went out, so it is not sent again. */
async function forgotten({ practiceId, homeId: billId }: DueItem, share: Share, needs: Needs): Promise<void> {
  const now = needs.clock.now();
  if (now < addMinutes(share.claimedAt ?? share.scheduledAt, feedbackMinutes)) return;
  const loaded = await loadBill(practiceId, billId);
  await finish(loaded, { billId, shareId: share.shareId, change: unknown, attention: 'mail_unknown' }, needs);
}
