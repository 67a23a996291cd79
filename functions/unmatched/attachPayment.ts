import { attachMoney, creditBalance } from '../../shared/domain/credit';
import { given } from '../../shared/domain/given';
import { Problem } from '../../shared/domain/problem';
import { type Operation, reply, serve } from '../../shared/http/serve';
import { actOf, type Needs, real } from '../../shared/needs';
import type { StaffCaller } from '../../shared/operations/caller';
import { attachPaymentRow } from '../../shared/operations/unmatched';
import { commit, type Loaded, recordOf } from '../../shared/store/billStore';
import { decideAnew } from '../../shared/store/kernel';
import { unmatchedStore } from '../../shared/store/unmatchedStore';
import { shownBill } from '../../shared/views/answers';
import { paymentView } from '../../shared/views/billView';

/** Money made by hand in Stripe finds its bill or client, in one call (W20); what attention it had is seen to. */
export const attachPayment = (needs = real): Operation<typeof attachPaymentRow> => ({
  run: ({ path: { paymentId }, body, caller, once }) =>
    decideAnew(async () => {
      const { practiceId } = caller;
      const loaded = await once.beside(unmatchedStore.withTarget(practiceId, paymentId, body));
      if (loaded.unmatched.get(paymentId)?.status === 'attached') throw new Problem('already_attached', { paymentId });
      const { billId = '' } = body;
      const clientId = body.clientId ?? recordOf(loaded, billId).head.clientId;
      const act = actOf(caller, needs);
      const movement = attachMoney(loaded.book, { paymentId, clientId, ...given({ billId: body.billId }) }, act);
      const seen = { resolvedAt: act.at, resolvedBy: caller.memberId, choice: 'attached' };
      const writes = [
        ...(await unmatchedStore.seenTo(practiceId, paymentId, seen)),
        ...once.record(200, { paymentId, billId, clientId }),
      ];
      const after = await commit(loaded, movement, { writes, newId: needs.newId });
      return answer(after, { paymentId, billId, clientId }, { caller, needs });
    }),
  replay: async ({ ids: { paymentId = '', billId = '', clientId = '' } }, { caller }) => {
    const target = billId === '' ? { clientId } : { billId };
    const loaded = await unmatchedStore.withTarget(caller.practiceId, paymentId, target);
    return answer(loaded, { paymentId, billId, clientId }, { caller, needs });
  },
});

interface Attached {
  readonly paymentId: string;
  /** Empty: to the client. */
  readonly billId: string;
  readonly clientId: string;
}

const answer = (
  loaded: Loaded,
  { paymentId, billId, clientId }: Attached,
  { caller, needs }: { caller: StaffCaller; needs: Needs },
) =>
  reply(200, {
    payment: paymentView(loaded.book, paymentId),
    bill: billId === '' ? null : shownBill(loaded, billId, caller, needs),
    client: { clientId, creditCents: creditBalance(loaded.book) },
  });

export const handler = serve(attachPaymentRow, attachPayment());
