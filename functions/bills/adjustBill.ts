import { adjustBill as adjust } from '../../shared/domain/bill';
import { billAmounts } from '../../shared/domain/billAmounts';
import { billOf } from '../../shared/domain/draft';
import { Problem } from '../../shared/domain/problem';
import { type Operation, reply, serve } from '../../shared/http/serve';
import { actOf, real } from '../../shared/needs';
import { adjustBillRow } from '../../shared/operations/bills';
import { checkVersion, commit, loadBillFor } from '../../shared/store/billStore';
import { decideAnew } from '../../shared/store/kernel';
import { lookFirst } from '../../shared/stripe/lookFirst';
import { shownBill } from '../../shared/views/answers';

export const adjustBill = (needs = real): Operation<typeof adjustBillRow> => ({
  run: ({ path: { billId }, body, caller, once, ifMatch }) =>
    decideAnew(async () => {
      const loaded = await lookFirst(() => once.beside(loadBillFor(caller, billId)), billId, needs);
      checkVersion(loaded, billId, ifMatch);
      const { reservedCents } = billOf(loaded.book, billId);
      const { clientBalanceCents } = billAmounts(loaded.book, billId);
      // A charge under way was asked against the old balance; lowering it now would overpay the bill.
      if (body.amountCents < 0 && clientBalanceCents + body.amountCents < reservedCents && reservedCents > 0) {
        throw new Problem('payment_in_progress', { reservedCents, clientBalanceCents });
      }
      const movement = adjust(loaded.book, { ...body, billId }, actOf(caller, needs));
      const after = await commit(loaded, movement, { writes: once.record(201, { billId }), newId: needs.newId });
      return reply(201, shownBill(after, billId, caller, needs));
    }),
  replay: async ({ ids: { billId = '' } }, { caller }) =>
    reply(201, shownBill(await loadBillFor(caller, billId), billId, caller, needs)),
});

export const handler = serve(adjustBillRow, adjustBill());
