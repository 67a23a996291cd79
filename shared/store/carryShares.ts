import type { Share } from '../domain/billRecord';
import type { ClientDocument } from '../domain/clientDocument';
import type { ClientDocumentRef } from '../domain/documentRef';
import { movedTo, sharingOf, withdrawn } from '../domain/sharing';
import { idFrom } from '../ids';
import { shareWrite } from './billStore';
import { queryAll, type Write } from './kernel';
import { documentPartition, shareEntity, sharesPrefix } from './table';

/** A new version, and the one whose place it takes. */
interface Versions<D> {
  readonly after: D;
  readonly before?: D | undefined;
}

interface Carried<D> extends Versions<D> {
  /** Of the new version. */
  readonly shares: readonly Share[];
  readonly moves: readonly Write[];
}

/**
 * A mail that waits with a version that is superseded goes out with what takes its place, at its time: one mail, of what is
 * so now. For the transaction that makes the new version; the heads come back as they are then.
 */
export async function carryShares<D extends ClientDocument>(
  practiceId: string,
  { after, before }: Versions<D>,
  refOf: (document: D) => ClientDocumentRef,
): Promise<Carried<D>> {
  if (!before) return { after, shares: [], moves: [] };
  const partition = documentPartition(practiceId, refOf(before));
  const known = (await queryAll({ partition, prefix: sharesPrefix })).map(shareEntity.record);
  const waiting = known.filter(({ status }) => status === 'scheduled');
  const { createdAt: at, recipient } = after;
  const document = refOf(after);
  const left = waiting.map(share => withdrawn(share, at, { kind: 'system' }));
  const shares = waiting.map(share => {
    const shareId = idFrom('share', practiceId, document.id, share.shareId);
    return movedTo(share, { shareId, document, recipient, at });
  });
  const rest = known.filter(({ status }) => status !== 'scheduled');
  return {
    after: withSharing(after, shares),
    before: withSharing(before, [...rest, ...left]),
    shares,
    moves: [...left, ...shares].map(share => shareWrite(practiceId, share)),
  };
}

const withSharing = <D extends ClientDocument>(head: D, shares: readonly Share[]): D => ({
  ...head,
  sharing: sharingOf(shares, head.sharing),
});
