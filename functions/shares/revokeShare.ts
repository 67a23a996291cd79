import type { Share } from '../../shared/domain/billRecord';
import { Problem } from '../../shared/domain/problem';
import { revoked, withdrawn } from '../../shared/domain/sharing';
import { type Operation, reply, serve } from '../../shared/http/serve';
import { actOf, real } from '../../shared/needs';
import { maySee, type StaffCaller } from '../../shared/operations/caller';
import { revokeShareRow } from '../../shared/operations/shares';
import { recordOf, seesBill } from '../../shared/store/billStore';
import { clientStore } from '../../shared/store/clientStore';
import { decideAnew } from '../../shared/store/kernel';
import { commitShares, findShared, type SharedDocument } from '../../shared/store/sharedDocument';
import { shareStore } from '../../shared/store/shareStore';
import { shownBill } from '../../shared/views/answers';
import { shareView } from '../../shared/views/billView';

/** The link in the mail is dead from now on; one that is still scheduled is taken back. A repeat changes nothing. */
export const revokeShare = (needs = real): Operation<typeof revokeShareRow> => {
  const answer = (shared: SharedDocument, shareId: string, caller: StaffCaller) =>
    reply(200, {
      share: shareView(shareIn(shared, shareId)),
      ...(shared.kind === 'bill' ? { bill: shownBill(shared.loaded, shared.id, caller, needs) } : {}),
    });
  return {
    run: ({ path: { shareId }, caller, once }) =>
      decideAnew(async () => {
        const shared = await once.beside(loadFor(caller, shareId));
        const share = shareIn(shared, shareId);
        const { status } = share;
        if (status === 'revoked' || status === 'withdrawn' || status === 'blocked') {
          return answer(shared, shareId, caller);
        }
        const { at } = actOf(caller, needs);
        const by = { kind: 'staff', id: caller.memberId } as const;
        const ended = status === 'scheduled' ? withdrawn(share, at, by) : revoked(share, at, by);
        const writes = once.record(200, { shareId });
        return answer(await commitShares(shared, { shares: [ended], writes }, needs.newId), shareId, caller);
      }),
    replay: async ({ ids: { shareId = '' } }, { caller }) => answer(await loadFor(caller, shareId), shareId, caller),
  };
};

/** The document with this share, for a member of staff: a practitioner finds only own clients'. */
async function loadFor(caller: StaffCaller, shareId: string): Promise<SharedDocument> {
  const { practiceId } = caller;
  const place = await shareStore.locate(shareId, practiceId);
  const document = place?.kind === 'SHARE' && place.practiceId === practiceId && (await shareStore.documentOf(place));
  const shared = document ? await findShared(practiceId, document) : undefined;
  if (!shared || !(await isSeen(caller, shared))) throw new Problem('not_found', { what: 'share' });
  return shared;
}

async function isSeen(caller: StaffCaller, shared: SharedDocument): Promise<boolean> {
  if (shared.kind === 'bill') return seesBill(caller, recordOf(shared.loaded, shared.id).head);
  const client = await clientStore.find(caller.practiceId, shared.clientId);
  return client !== undefined && maySee(caller, client.practitionerId);
}

function shareIn({ shares }: SharedDocument, shareId: string): Share {
  const share = shares.find(known => known.shareId === shareId);
  if (!share) throw new Problem('not_found', { what: 'share' });
  return share;
}

export const handler = serve(revokeShareRow, revokeShare());
