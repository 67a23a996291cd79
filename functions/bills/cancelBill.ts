import { type Operation, reply, serve } from '../../shared/http/serve';
import { real } from '../../shared/needs';
import { cancelBillRow } from '../../shared/operations/bills';
import { loadBillFor } from '../../shared/store/billStore';
import { cancelLoaded } from '../../shared/store/cancelStore';
import { decideAnew } from '../../shared/store/kernel';
import { lookFirst } from '../../shared/stripe/lookFirst';
import { shownBill } from '../../shared/views/answers';
import { receiptsInItsPlace } from '../../shared/work/receipts';

export const cancelBill = (needs = real): Operation<typeof cancelBillRow> => ({
  run: ({ path: { billId }, body, caller, once, ifMatch }) =>
    decideAnew(async () => {
      const loaded = await lookFirst(() => once.beside(loadBillFor(caller, billId)), billId, needs);
      const receipts = await receiptsInItsPlace(loaded, billId, needs.clock.now());
      const writes = [...once.record(200, { billId }), ...receipts];
      const after = await cancelLoaded(loaded, { ...body, billId, ifMatch, writes }, caller, needs);
      return reply(200, shownBill(after, billId, caller, needs));
    }),
  replay: async ({ ids: { billId = '' } }, { caller }) =>
    reply(200, shownBill(await loadBillFor(caller, billId), billId, caller, needs)),
});

export const handler = serve(cancelBillRow, cancelBill());
