import type { EventBridgeEvent } from 'aws-lambda';
import type { Attention } from '../../shared/domain/attention';
import { instant } from '../../shared/domain/calendar';
import { type Feedback, told } from '../../shared/domain/sharing';
import { logger } from '../../shared/logger';
import { type Needs, real } from '../../shared/needs';
import { recordOf } from '../../shared/store/billStore';
import { decideAnew } from '../../shared/store/kernel';
import { addressHash, shareStore } from '../../shared/store/shareStore';

interface MailEvent {
  readonly eventType: string;
  readonly mail: {
    readonly timestamp: string;
    readonly messageId: string;
    readonly destination: readonly string[];
    readonly tags: Readonly<Record<string, readonly string[]>>;
  };
}

const words: Readonly<Record<string, Feedback['what']>> = {
  Send: 'sent',
  Delivery: 'delivered',
  Bounce: 'bounced',
  Complaint: 'complained',
};

/** What became of a mail comes back to its share, in any order and more than once (`domain.md` rule 62). */
export const receiveEmailFeedback =
  (needs: Needs = real) =>
  async ({ detail, time }: Pick<EventBridgeEvent<string, MailEvent>, 'detail' | 'time'>): Promise<void> => {
    const { mail, eventType } = detail;
    const what = words[eventType];
    const [shareId] = mail.tags.shareId ?? [];
    const [practiceId] = mail.tags.practiceId ?? [];
    if (!what || !shareId || !practiceId) return;
    const place = await shareStore.locate(shareId, practiceId);
    if (place?.kind !== 'SHARE') {
      logger.info('feedback on a mail that is no share', { what });
      return;
    }
    await decideAnew(() =>
      apply({ practiceId, shareId, detail, feedback: { what, at: instant(time), messageId: mail.messageId } }, needs),
    );
  };

interface Told {
  readonly practiceId: string;
  readonly shareId: string;
  readonly detail: MailEvent;
  readonly feedback: Feedback;
}

async function apply({ practiceId, shareId, detail, feedback }: Told, needs: Needs): Promise<void> {
  const { loaded, share } = await shareStore.load(practiceId, shareId);
  const after = told(share, feedback);
  if (after === share) return;
  const { billId } = share;
  const { what, at } = feedback;
  const bad = what === 'bounced' || what === 'complained' ? what : undefined;
  const { clientId } = recordOf(loaded, billId).head;
  const attention: Attention[] = bad
    ? [{ attentionId: needs.newId('wrk'), kind: 'mail_bounced', at, billId, clientId, facts: { shareId, what } }]
    : [];
  const writes = bad
    ? detail.mail.destination.map(address =>
        shareStore.suppress(practiceId, { addressHash: addressHash(address), reason: bad, at }),
      )
    : [];
  await shareStore.commit(loaded, billId, { shares: [after], attention, writes }, needs.newId);
}

export const handler = receiveEmailFeedback();
