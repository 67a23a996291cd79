import { snapshotFiles } from '../../shared/documents/snapshotFiles';
import { type Run, reply, serve } from '../../shared/http/serve';
import { getSuperbillRow } from '../../shared/operations/superbills';
import { clientStore } from '../../shared/store/clientStore';
import { superbillStore } from '../../shared/store/superbillStore';
import { shownSuperbill } from '../../shared/views/superbillView';

export const getSuperbill =
  (files = snapshotFiles): Run<typeof getSuperbillRow> =>
  async ({ caller, path }) => {
    const [, found] = await Promise.all([
      clientStore.load(caller, path.clientId),
      superbillStore.load(caller.practiceId, path, files),
    ]);
    return reply(200, await shownSuperbill(caller.practiceId, found));
  };

export const handler = serve(getSuperbillRow, getSuperbill());
