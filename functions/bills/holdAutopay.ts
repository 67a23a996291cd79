import { happened } from '../../shared/domain/happened';
import { Problem } from '../../shared/domain/problem';
import { type Run, reply, serve } from '../../shared/http/serve';
import { actOf, real } from '../../shared/needs';
import { holdAutopayRow } from '../../shared/operations/bills';
import { commit, loadBillFor, recordOf } from '../../shared/store/billStore';
import { decideAnew } from '../../shared/store/kernel';
import { shownBill } from '../../shared/views/answers';

export const holdAutopay =
  (needs = real): Run<typeof holdAutopayRow> =>
  ({ path: { billId }, body, caller }) =>
    decideAnew(async () => {
      const loaded = await loadBillFor(caller, billId);
      const { head } = recordOf(loaded, billId);
      if (head.status === 'cancelled') throw new Problem('bill_cancelled');
      if (head.hold) return reply(200, shownBill(loaded, billId, caller, needs));
      const movement = happened(head, 'autopay_held', actOf(caller, needs), body.reason ? { reason: body.reason } : {});
      const heads = new Map([[billId, { hold: { reason: 'staff' } }]]);
      const after = await commit(loaded, movement, { heads, newId: needs.newId });
      return reply(200, shownBill(after, billId, caller, needs));
    });

export const handler = serve(holdAutopayRow, holdAutopay());
