import { type Run, reply, serve } from '../../shared/http/serve';
import { listBillSharesRow } from '../../shared/operations/shares';
import { loadBillFor, recordOf } from '../../shared/store/billStore';
import { shareView } from '../../shared/views/billView';

export const listBillShares =
  (): Run<typeof listBillSharesRow> =>
  async ({ path: { billId }, caller }) => {
    const { shares } = recordOf(await loadBillFor(caller, billId), billId);
    const newestFirst = [...shares].sort((a, b) => (a.createdAt + a.shareId < b.createdAt + b.shareId ? 1 : -1));
    return reply(200, { items: newestFirst.map(shareView), nextCursor: null });
  };

export const handler = serve(listBillSharesRow, listBillShares());
