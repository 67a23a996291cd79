import { type Run, reply, serve } from '../../shared/http/serve';
import { listSuperbillsRow } from '../../shared/operations/superbills';
import { billVersions } from '../../shared/store/billVersions';
import { clientStore } from '../../shared/store/clientStore';
import { superbillStore } from '../../shared/store/superbillStore';
import { superbillSummary } from '../../shared/views/superbillView';

export const listSuperbills =
  (clients = clientStore): Run<typeof listSuperbillsRow> =>
  async ({ caller, path: { clientId }, query: { limit, cursor } }) => {
    const { practiceId } = caller;
    const [, page] = await Promise.all([
      clients.load(caller, clientId),
      superbillStore.page(practiceId, { clientId, limit, cursor }),
    ]);
    const versions = await billVersions(practiceId, page.superbills);
    return reply(200, {
      items: page.superbills.map(superbill => superbillSummary(superbill, versions)),
      nextCursor: page.nextCursor,
    });
  };

export const handler = serve(listSuperbillsRow, listSuperbills());
