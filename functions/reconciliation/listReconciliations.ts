import { addDays, calendarDate, instantOfLocal } from '../../shared/domain/calendar';
import { type Run, reply, serve } from '../../shared/http/serve';
import { listReconciliationsRow } from '../../shared/operations/reconciliation';
import { reconciliationStore } from '../../shared/store/reconciliationStore';
import { reconciliationView } from '../../shared/views/reconciliationView';

export const listReconciliations =
  (): Run<typeof listReconciliationsRow> =>
  async ({ caller: { practiceId, timeZone }, query: { from, to, limit, cursor } }) => {
    const { records, nextCursor } = await reconciliationStore.page(practiceId, { limit, cursor });
    const after = from && instantOfLocal(calendarDate(from), '00:00', timeZone);
    const before = to && instantOfLocal(addDays(calendarDate(to), 1), '00:00', timeZone);
    const asked = records.filter(({ createdAt }) => (!after || createdAt >= after) && (!before || createdAt < before));
    return reply(200, { items: asked.map(reconciliationView), nextCursor });
  };

export const handler = serve(listReconciliationsRow, listReconciliations());
