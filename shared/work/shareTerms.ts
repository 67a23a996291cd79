import type { Share } from '../domain/billRecord';
import { attaches } from '../domain/clientDocument';
import { invalidInput } from '../domain/problem';
import { practiceOf } from '../store/cardStore';
import { settingsStore } from '../store/settingsStore';

/** How somebody wants a document to be shared. */
export interface HowToShare {
  readonly channel: Share['channel'];
  /** The practice's setting unless given. */
  readonly includePdf?: boolean | undefined;
}

/**
 * What the practice makes of that, for whatever document: whether the paper goes with the mail (R25), and in the portal
 * only where there is one. Problem: `invalid_input`.
 */
export async function shareTerms(
  practiceId: string,
  { channel, includePdf }: HowToShare,
): Promise<{ includePdf: boolean }> {
  if (channel === 'portal') {
    const { portalEnabled } = await practiceOf(practiceId);
    if (!portalEnabled) throw invalidInput('/channel', 'must not be portal while the practice has no client portal');
    return { includePdf: false };
  }
  if (includePdf === false) return { includePdf };
  return { includePdf: attaches(includePdf, await settingsStore.loadBilling(practiceId)) };
}

/** A mail takes the place of one that waits, so that the client gets one; a share in the portal is no mail. */
export const replacedBy = ({ channel }: Pick<Share, 'channel'>, shares: readonly Share[]): Share[] =>
  channel === 'email' ? shares.filter(({ status }) => status === 'scheduled') : [];
