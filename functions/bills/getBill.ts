import { type Run, reply, serve } from '../../shared/http/serve';
import { real } from '../../shared/needs';
import { getBillRow } from '../../shared/operations/bills';
import { loadBillFor } from '../../shared/store/billStore';
import { shownBill } from '../../shared/views/answers';

export const getBill =
  (needs = real): Run<typeof getBillRow> =>
  async ({ path: { billId }, caller }) =>
    reply(200, shownBill(await loadBillFor(caller, billId), billId, caller, needs));

export const handler = serve(getBillRow, getBill());
