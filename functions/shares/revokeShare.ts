import type { Share } from '../../shared/domain/billRecord';
import { Problem } from '../../shared/domain/problem';
import { revoked, withdrawn } from '../../shared/domain/sharing';
import { type Operation, reply, serve } from '../../shared/http/serve';
import { actOf, real } from '../../shared/needs';
import type { StaffCaller } from '../../shared/operations/caller';
import { revokeShareRow } from '../../shared/operations/shares';
import { type Loaded, recordOf, seesBill } from '../../shared/store/billStore';
import { decideAnew } from '../../shared/store/kernel';
import { shareOf, shareStore } from '../../shared/store/shareStore';
import { shownBill } from '../../shared/views/answers';
import { shareView } from '../../shared/views/billView';

/** The link in the mail is dead from now on; one that is still scheduled is taken back. A repeat changes nothing. */
export const revokeShare = (needs = real): Operation<typeof revokeShareRow> => {
  const answer = (loaded: Loaded, { billId, shareId }: Share, caller: StaffCaller) =>
    reply(200, {
      share: shareView(shareOf(loaded, billId, shareId)),
      bill: shownBill(loaded, billId, caller, needs),
    });
  return {
    run: ({ path: { shareId }, caller, once }) =>
      decideAnew(async () => {
        const { loaded, share } = await once.beside(loadFor(caller, shareId));
        const { billId, status } = share;
        if (status === 'revoked' || status === 'withdrawn' || status === 'blocked') {
          return answer(loaded, share, caller);
        }
        const { at } = actOf(caller, needs);
        const by = { kind: 'staff', id: caller.memberId } as const;
        const ended = status === 'scheduled' ? withdrawn(share, at, by) : revoked(share, at, by);
        const writes = once.record(200, { shareId });
        const after = await shareStore.commit(loaded, billId, { shares: [ended], writes }, needs.newId);
        return answer(after, share, caller);
      }),
    replay: async ({ ids: { shareId = '' } }, { caller }) => {
      const { loaded, share } = await loadFor(caller, shareId);
      return answer(loaded, share, caller);
    },
  };
};

async function loadFor(caller: StaffCaller, shareId: string) {
  const found = await shareStore.load(caller.practiceId, shareId);
  if (!seesBill(caller, recordOf(found.loaded, found.share.billId).head)) {
    throw new Problem('not_found', { what: 'share' });
  }
  return found;
}

export const handler = serve(revokeShareRow, revokeShare());
