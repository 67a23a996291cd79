import type { Share } from '../domain/billRecord';
import type { Act } from '../domain/book';
import { type Instant, instant } from '../domain/calendar';
import type { ClientDocumentRef } from '../domain/documentRef';
import { invariant } from '../domain/invariant';
import { Problem } from '../domain/problem';
import { newShare, withdrawn } from '../domain/sharing';
import type { NewId } from '../ids';
import { statusOf } from '../store/documentStatus';
import { decideAnew, type Write } from '../store/kernel';
import { commitShares, findShared, type SharedDocument } from '../store/sharedDocument';
import { shareStore } from '../store/shareStore';
import { type HowToShare, replacedBy, shareTerms } from './shareTerms';

export interface ShareWish extends HowToShare {
  readonly document: ClientDocumentRef;
  readonly shareId: string;
  readonly trigger: Share['trigger'];
  /** Later than now; at once unless given. */
  readonly sendAt?: Instant | undefined;
}

interface Along {
  readonly act: Act;
  readonly newId: (prefix: 'wrk') => string;
  readonly writes?: readonly Write[];
}

/**
 * Asks for a statement or superbill to be shared, for staff or for a run: a mail is due work of this transaction, a share
 * in the portal has happened at once. A share id that is there already is the same wish again, and changes nothing.
 * Problems: `not_found`, `document_superseded`, `document_out_of_date`, those of `newShare` and `shareTerms`.
 */
export function shareClientDocument(practiceId: string, wish: ShareWish, along: Along): Promise<SharedDocument> {
  const { document, shareId } = wish;
  const { act, newId, writes = [] } = along;
  return decideAnew(async () => {
    const [shared, terms] = await Promise.all([findShared(practiceId, document), shareTerms(practiceId, wish)]);
    if (!shared) throw new Problem('not_found', { what: document.kind });
    if (shared.shares.some(known => known.shareId === shareId)) return shared;
    invariant(shared.kind !== 'bill', 'a bill is shared with its code and its link');
    const { supersededBy } = shared.head;
    if (supersededBy) throw new Problem('document_superseded', { supersededBy });
    if ((await statusOf(practiceId, shared.head)) === 'out_of_date') throw new Problem('document_out_of_date');
    const recipient = await shareStore.recipient(practiceId, shared);
    const share = newShare(recipient, { ...wish, ...terms }, act);
    const shares = [...replacedBy(share, shared.shares).map(known => withdrawn(known, act.at, share.by)), share];
    return commitShares(shared, { shares, writes }, newId);
  });
}

/** What staff ask of a share, as the rows of statements and superbills take it. */
interface AskedShare extends HowToShare {
  readonly sendAt?: string | undefined;
}

/** A share that staff ask for now, with the record of their request; its id. Problems: as `shareClientDocument`. */
export async function shareByHand(
  practiceId: string,
  { document, asked: { sendAt, ...how } }: { document: ClientDocumentRef; asked: AskedShare },
  { act, newId, record }: { act: Act; newId: NewId; record: (status: 200 | 202, ids: { shareId: string }) => Write[] },
): Promise<string> {
  const shareId = newId('share');
  const at = sendAt === undefined ? undefined : instant(sendAt);
  const wish = { document, shareId, trigger: 'manual' as const, ...how, sendAt: at };
  await shareClientDocument(practiceId, wish, {
    act,
    newId,
    writes: record(how.channel === 'portal' ? 200 : 202, { shareId }),
  });
  return shareId;
}
