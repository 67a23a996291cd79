import { snapshotFiles } from '../../shared/documents/snapshotFiles';
import { invariant } from '../../shared/domain/invariant';
import { type Input, type Operation, reply, serve } from '../../shared/http/serve';
import { actOf, real } from '../../shared/needs';
import { shareSuperbillRow } from '../../shared/operations/superbills';
import { clientStore } from '../../shared/store/clientStore';
import { superbillStore } from '../../shared/store/superbillStore';
import { shownSuperbill } from '../../shared/views/superbillView';
import { shareByHand } from '../../shared/work/shareClientDocument';

/** The mail itself is due work of this transaction; no link in it leads to the superbill (`domain.md` rule 66). */
export const shareSuperbill = (needs = real, files = snapshotFiles): Operation<typeof shareSuperbillRow> => {
  const answer = async (
    { path, caller: { practiceId } }: Input<typeof shareSuperbillRow>,
    shareId: string | undefined,
  ) => {
    const superbill = await shownSuperbill(practiceId, await superbillStore.load(practiceId, path, files));
    const share = superbill.shares.find(known => known.shareId === shareId);
    invariant(share, 'what was shared has its share');
    return share.channel === 'portal' ? reply(200, { share, superbill }) : reply(202, { share, superbill });
  };
  return {
    run: async input => {
      const { path, body, caller, once } = input;
      const { clientId, superbillId: id } = path;
      await once.beside(clientStore.load(caller, clientId));
      const document = { kind: 'superbill', id, clientId } as const;
      const along = { act: actOf(caller, needs), newId: needs.newId, record: once.record };
      return answer(input, await shareByHand(caller.practiceId, { document, asked: body }, along));
    },
    replay: ({ ids: { shareId } }, input) => answer(input, shareId),
  };
};

export const handler = serve(shareSuperbillRow, shareSuperbill());
