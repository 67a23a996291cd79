import { type Run, reply, serve } from '../../shared/http/serve';
import { listPayoutsRow } from '../../shared/operations/reconciliation';
import { reconciliationStore } from '../../shared/store/reconciliationStore';
import { payoutView } from '../../shared/views/reconciliationView';

export const listPayouts =
  (): Run<typeof listPayoutsRow> =>
  async ({ caller: { practiceId }, path: { reconciliationId }, query: { limit, cursor } }) => {
    await reconciliationStore.load(practiceId, reconciliationId);
    const { items, nextCursor } = await reconciliationStore.payouts(practiceId, reconciliationId, { limit, cursor });
    return reply(200, { items: items.map(payoutView), nextCursor });
  };

export const handler = serve(listPayoutsRow, listPayouts());
