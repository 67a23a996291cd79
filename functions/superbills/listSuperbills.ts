import { type Run, reply, serve } from '../../shared/http/serve';
import { listSuperbillsRow } from '../../shared/operations/superbills';
import { clientStore } from '../../shared/store/clientStore';
import { statusesOf } from '../../shared/store/documentStatus';
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
    const statusOf = await statusesOf(practiceId, page.superbills);
    return reply(200, {
      items: page.superbills.map(superbill => superbillSummary(superbill, statusOf(superbill))),
      nextCursor: page.nextCursor,
    });
  };

export const handler = serve(listSuperbillsRow, listSuperbills());
