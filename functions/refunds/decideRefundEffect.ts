import { invariant } from '../../shared/domain/invariant';
import { Problem } from '../../shared/domain/problem';
import { decideEffect } from '../../shared/domain/refundOutcome';
import { type Operation, reply, serve } from '../../shared/http/serve';
import { actOf, real } from '../../shared/needs';
import type { StaffCaller } from '../../shared/operations/caller';
import { decideRefundEffectRow } from '../../shared/operations/payments';
import { commit, type Loaded, loadRefund, seesBill } from '../../shared/store/billStore';
import { decideAnew } from '../../shared/store/kernel';
import { shownBill } from '../../shared/views/answers';
import { refundOf } from '../../shared/views/billView';

export const decideRefundEffect = (needs = real): Operation<typeof decideRefundEffectRow> => {
  const load = async (caller: StaffCaller, refundId: string): Promise<Loaded> => {
    const loaded = await loadRefund(caller.practiceId, refundId);
    const heads = [...loaded.records.values()].map(record => record.head);
    if (!heads.some(head => seesBill(caller, head))) throw new Problem('not_found', { what: 'refund' });
    return loaded;
  };
  const answer = (loaded: Loaded, refundId: string, caller: StaffCaller) => {
    const onBills = loaded.book.entries.filter(
      ({ refund, home }) => refund?.refundId === refundId && home.kind === 'bill',
    );
    // The bill that the decision reduced; of a refund that came off no bill, the one that its payment had paid.
    const reduced = onBills.find(({ kind, postings }) => kind === 'refund_effect_decided' && postings.length > 0);
    const entry = reduced ?? onBills[0];
    invariant(entry, 'a refund with an effect stands on a bill');
    return reply(200, {
      refund: refundOf(loaded.book, refundId),
      bill: shownBill(loaded, entry.home.id, caller, needs),
    });
  };
  return {
    run: ({ path: { refundId }, caller, once }) =>
      decideAnew(async () => {
        const loaded = await once.beside(load(caller, refundId));
        const movement = decideEffect(loaded.book, { refundId }, actOf(caller, needs));
        const writes = once.record(200, { refundId });
        return answer(await commit(loaded, movement, { writes, newId: needs.newId }), refundId, caller);
      }),
    replay: async ({ ids: { refundId = '' } }, { caller }) => answer(await load(caller, refundId), refundId, caller),
  };
};

export const handler = serve(decideRefundEffectRow, decideRefundEffect());
