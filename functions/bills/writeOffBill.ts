import { writeOffClient } from '../../shared/domain/bill';
import { type Operation, reply, serve } from '../../shared/http/serve';
import { actOf, real } from '../../shared/needs';
import { writeOffBillRow } from '../../shared/operations/bills';
import { checkVersion, commit, loadBillFor } from '../../shared/store/billStore';
import { decideAnew } from '../../shared/store/kernel';
import { lookFirst } from '../../shared/stripe/lookFirst';
import { shownBill } from '../../shared/views/answers';

export const writeOffBill = (needs = real): Operation<typeof writeOffBillRow> => ({
  run: ({ path: { billId }, body, caller, once, ifMatch }) =>
    decideAnew(async () => {
      const loaded = await lookFirst(() => once.beside(loadBillFor(caller, billId)), billId, needs);
      checkVersion(loaded, billId, ifMatch);
      const movement = writeOffClient(loaded.book, { ...body, billId }, actOf(caller, needs));
      const after = await commit(loaded, movement, { writes: once.record(201, { billId }), newId: needs.newId });
      return reply(201, shownBill(after, billId, caller, needs));
    }),
  replay: async ({ ids: { billId = '' } }, { caller }) =>
    reply(201, shownBill(await loadBillFor(caller, billId), billId, caller, needs)),
});

export const handler = serve(writeOffBillRow, writeOffBill());
