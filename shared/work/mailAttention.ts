import type { Attention } from '../domain/attention';
import type { Instant } from '../domain/calendar';
import { idFrom } from '../ids';
import type { Loaded } from '../store/billStore';
import { recordOf } from '../store/billStore';

export type MailTrouble = 'share_blocked' | 'mail_unknown' | 'mail_bounced' | 'mail_complained';

/** One item for each trouble of one mail: its id derives from both, so a repeat finds it there. */
export const mailAttentionId = (linkId: string, kind: MailTrouble): string => idFrom('wrk', linkId, kind);

/** What staff are told when a mail did not go out, or nobody knows whether it did. */
export function mailAttention(
  loaded: Loaded,
  of: { billId: string; linkId: string; kind: MailTrouble; at: Instant; facts?: Attention['facts'] },
): Attention {
  const { billId, linkId, kind, at, facts = {} } = of;
  const { clientId } = recordOf(loaded, billId).head;
  return {
    attentionId: mailAttentionId(linkId, kind),
    kind,
    at,
    billId,
    clientId,
    facts: { shareId: linkId, ...facts },
  };
}
