import { happened } from '../../shared/domain/happened';
import { type Run, reply, serve } from '../../shared/http/serve';
import { actOf, real } from '../../shared/needs';
import { releaseAutopayHoldRow } from '../../shared/operations/bills';
import { commit, loadBillFor, recordOf } from '../../shared/store/billStore';
import { decideAnew } from '../../shared/store/kernel';
import { shownBill } from '../../shared/views/answers';

export const releaseAutopayHold =
  (needs = real): Run<typeof releaseAutopayHoldRow> =>
  ({ path: { billId }, caller }) =>
    decideAnew(async () => {
      const loaded = await loadBillFor(caller, billId);
      const { head } = recordOf(loaded, billId);
      if (!head.hold) return reply(200, shownBill(loaded, billId, caller, needs));
      const movement = happened(head, 'autopay_released', actOf(caller, needs));
      const after = await commit(loaded, movement, { dropHold: billId, newId: needs.newId });
      return reply(200, shownBill(after, billId, caller, needs));
    });

export const handler = serve(releaseAutopayHoldRow, releaseAutopayHold());
