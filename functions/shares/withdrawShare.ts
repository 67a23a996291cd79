import { Problem } from '../../shared/domain/problem';
import { withdrawn } from '../../shared/domain/sharing';
import { type Run, reply, serve } from '../../shared/http/serve';
import { actOf, real } from '../../shared/needs';
import { withdrawShareRow } from '../../shared/operations/shares';
import { loadBillFor, recordOf } from '../../shared/store/billStore';
import { decideAnew } from '../../shared/store/kernel';
import { shareStore } from '../../shared/store/shareStore';
import { shownBill } from '../../shared/views/answers';
import { receiptsInItsPlace } from '../../shared/work/receipts';

/** A repeat finds nothing scheduled any more and changes nothing, as long as nothing was sent. */
export const withdrawShare =
  (needs = real): Run<typeof withdrawShareRow> =>
  ({ path: { billId }, caller }) =>
    decideAnew(async () => {
      const loaded = await loadBillFor(caller, billId);
      const { shares } = recordOf(loaded, billId);
      const scheduled = shares.filter(({ status }) => status === 'scheduled');
      if (scheduled.length === 0) {
        if (shares.some(({ status }) => status === 'sent' || status === 'sending' || status === 'revoked')) {
          throw new Problem('share_already_sent');
        }
        return reply(200, shownBill(loaded, billId, caller, needs));
      }
      const by = { kind: 'staff', id: caller.memberId } as const;
      const { at } = actOf(caller, needs);
      const writes = await receiptsInItsPlace(loaded, billId, at);
      const change = { shares: scheduled.map(share => withdrawn(share, at, by)), writes };
      const after = await shareStore.commit(loaded, billId, change, needs.newId);
      return reply(200, shownBill(after, billId, caller, needs));
    });

export const handler = serve(withdrawShareRow, withdrawShare());
