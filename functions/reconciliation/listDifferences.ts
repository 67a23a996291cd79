import { type Run, reply, serve } from '../../shared/http/serve';
import { listDifferencesRow } from '../../shared/operations/reconciliation';
import { reconciliationStore } from '../../shared/store/reconciliationStore';

export const listDifferences =
  (): Run<typeof listDifferencesRow> =>
  async ({ caller: { practiceId }, path: { reconciliationId }, query: { limit, cursor } }) => {
    await reconciliationStore.load(practiceId, reconciliationId);
    const { items, nextCursor } = await reconciliationStore.differences(practiceId, reconciliationId, {
      limit,
      cursor,
    });
    return reply(200, { items: items.map(({ kinds, ...item }) => ({ ...item, kinds: [...kinds] })), nextCursor });
  };

export const handler = serve(listDifferencesRow, listDifferences());
