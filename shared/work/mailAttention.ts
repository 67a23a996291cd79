import type { Attention } from '../domain/attention';
import type { Instant } from '../domain/calendar';
import { given } from '../domain/given';
import type { Notice } from '../domain/notice';
import { idFrom } from '../ids';
import type { SharedDocument } from '../store/sharedDocument';

/** `mail_blocked` is of a notice, as `share_blocked` is of a share. */
export type MailTrouble = 'share_blocked' | 'mail_blocked' | 'mail_unknown' | 'mail_bounced' | 'mail_complained';

/** One item for each trouble of one mail: its id derives from both, so a repeat finds it there. */
export const mailAttentionId = (linkId: string, kind: MailTrouble): string => idFrom('wrk', linkId, kind);

interface Told {
  readonly linkId: string;
  readonly kind: MailTrouble;
  readonly at: Instant;
  readonly facts?: Attention['facts'];
}

/** What staff are told when a mail did not go out, or nobody knows whether it did. */
export function mailAttention(about: Pick<SharedDocument, 'kind' | 'id' | 'clientId'>, of: Told): Attention {
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

/** The same of a notice that is about no bill. */
export const mailAttentionWithoutBill = (
  { clientId, memberId, kind: mail }: Notice,
  { linkId, kind, at, facts = {} }: Told,
): Attention => ({
  attentionId: mailAttentionId(linkId, kind),
  kind,
  at,
  ...given({ clientId }),
  facts: { shareId: linkId, mail, ...given({ memberId }), ...facts },
});
