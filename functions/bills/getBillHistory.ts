import { type Run, reply, serve } from '../../shared/http/serve';
import { getBillHistoryRow } from '../../shared/operations/bills';
import { loadBillFor, recordOf } from '../../shared/store/billStore';
import { historyOf } from '../../shared/views/historyView';

export const getBillHistory =
  (): Run<typeof getBillHistoryRow> =>
  async ({ path: { billId }, caller }) => {
    const loaded = await loadBillFor(caller, billId);
    return reply(200, { items: historyOf(recordOf(loaded, billId)), nextCursor: null });
  };

export const handler = serve(getBillHistoryRow, getBillHistory());
