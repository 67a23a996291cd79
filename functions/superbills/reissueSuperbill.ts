import { snapshotFiles } from '../../shared/documents/snapshotFiles';
import { type Operation, reply, serve } from '../../shared/http/serve';
import { actOf, real } from '../../shared/needs';
import { reissueSuperbillRow } from '../../shared/operations/superbills';
import { clientStore } from '../../shared/store/clientStore';
import { superbillStore } from '../../shared/store/superbillStore';
import { shownSuperbill } from '../../shared/views/superbillView';

/** What money did since is told by the next version; the one before stays as it was made (`domain.md` 2.6). */
export const reissueSuperbill = (needs = real, files = snapshotFiles): Operation<typeof reissueSuperbillRow> => ({
  run: async ({ path: { clientId, superbillId: reissueOf }, body: { providerId }, caller, once }) => {
    const { practiceId } = caller;
    await once.beside(clientStore.load(caller, clientId));
    const superbillId = needs.newId('sup');
    const made = await superbillStore.reissue(
      practiceId,
      { superbillId, clientId, reissueOf, providerId },
      { act: actOf(caller, needs), files, writes: once.record(201, { superbillId }) },
    );
    return reply(201, await shownSuperbill(practiceId, made));
  },
  replay: async ({ ids: { superbillId = '' } }, { path: { clientId }, caller: { practiceId } }) =>
    reply(
      201,
      await shownSuperbill(practiceId, await superbillStore.load(practiceId, { clientId, superbillId }, files)),
    ),
});

export const handler = serve(reissueSuperbillRow, reissueSuperbill());
