import type { Attention } from '../domain/attention';
import type { Instant } from '../domain/calendar';
import { idFrom } from '../ids';
import type { SharedDocument } from '../store/sharedDocument';

export type MailTrouble = 'share_blocked' | 'mail_unknown' | 'mail_bounced' | 'mail_complained';

/** One item for each trouble of one mail: its id derives from both, so a repeat finds it there. */
export const mailAttentionId = (linkId: string, kind: MailTrouble): string => idFrom('wrk', linkId, kind);

/** What staff are told when a mail did not go out, or nobody knows whether it did. */
export function mailAttention(
  about: Pick<SharedDocument, 'kind' | 'id' | 'clientId'>,
  of: { linkId: string; kind: MailTrouble; at: Instant; facts?: Attention['facts'] },
): Attention {
  const { linkId, kind, at, facts = {} } = of;
  return {
    attentionId: mailAttentionId(linkId, kind),
    kind,
    at,
    ...(about.kind === 'bill' ? { billId: about.id } : {}),
    clientId: about.clientId,
    facts: { shareId: linkId, ...(about.kind === 'bill' ? {} : { [`${about.kind}Id`]: about.id }), ...facts },
  };
}
