import { type Run, reply, serve } from '../../shared/http/serve';
import { real } from '../../shared/needs';
import { deleteBillRow } from '../../shared/operations/bills';
import { loadBillFor } from '../../shared/store/billStore';
import { hideLoaded } from '../../shared/store/cancelStore';
import { decideAnew } from '../../shared/store/kernel';
import { lookFirst } from '../../shared/stripe/lookFirst';

export const deleteBill =
  (needs = real): Run<typeof deleteBillRow> =>
  ({ path: { billId }, query, caller, ifMatch }) =>
    decideAnew(async () => {
      const loaded = await lookFirst(() => loadBillFor(caller, billId), billId, needs);
      await hideLoaded(loaded, { ...query, billId, ifMatch, writes: [] }, caller, needs);
      return reply(204, undefined);
    });

export const handler = serve(deleteBillRow, deleteBill());
