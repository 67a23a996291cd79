import { type Run, reply, serve } from '../../shared/http/serve';
import { real } from '../../shared/needs';
import { getOwnBillRow } from '../../shared/operations/ownBills';
import { openOwnBill } from '../../shared/store/ownBills';
import { ownBillView } from '../../shared/views/ownBillView';

export const getOwnBill =
  (needs = real): Run<typeof getOwnBillRow> =>
  async ({ caller, path: { billId } }) =>
    reply(200, ownBillView(await openOwnBill(caller, billId), caller, needs.clock.now()));

export const handler = serve(getOwnBillRow, getOwnBill());
