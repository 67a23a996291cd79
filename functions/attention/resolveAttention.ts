import { endsAttempt, isStrangeEnding } from '../../shared/domain/attempt';
import type { Attention } from '../../shared/domain/attention';
import { given } from '../../shared/domain/given';
import { invalidInput, isProblem } from '../../shared/domain/problem';
import { type Operation, reply, serve } from '../../shared/http/serve';
import { real } from '../../shared/needs';
import { resolveAttentionRow } from '../../shared/operations/attention';
import { attentionStore } from '../../shared/store/attentionStore';
import { type Loaded, loadBill } from '../../shared/store/billStore';
import { decideAnew, transact, type Write } from '../../shared/store/kernel';
import { shareStore } from '../../shared/store/shareStore';

/** Loaded when an attempt shall end: Stripe is asked once more before. */
const ending = () => import('../../shared/stripe/endByHand');

/** Leaves the list of bills that need attention in the same transaction. A repeat changes nothing. */
export const resolveAttention = (needs = real): Operation<typeof resolveAttentionRow> => ({
  run: ({ path: { attentionId }, body: { choice }, caller, once }) =>
    decideAnew(async () => {
      const { practiceId } = caller;
      const open = await once.beside(attentionStore.load(practiceId, attentionId));
      if (isStrangeEnding(open.kind, choice)) throw invalidInput('/choice', 'must be one of the choices of this kind');
      if (choice !== undefined && endsAttempt(open.kind, choice)) {
        const { endByHand } = await ending();
        await endByHand({ caller, told: open, choice, writes: once.record(200, { attentionId }) }, needs);
        return reply(200, await attentionStore.load(practiceId, attentionId));
      }
      if (open.resolvedAt) return reply(200, open);
      const resolved = { ...open, resolvedAt: needs.clock.now(), resolvedBy: caller.memberId, ...given({ choice }) };
      const writes = [
        attentionStore.replace(practiceId, resolved),
        ...consequences(practiceId, resolved),
        ...once.record(200, { attentionId }),
      ];
      const loaded = await billOf(practiceId, open);
      if (!loaded || !open.billId) await transact(writes);
      else await shareStore.commit(loaded, open.billId, { shares: [], settled: 1, writes }, needs.newId);
      return reply(200, resolved);
    }),
  replay: async ({ ids: { attentionId = '' } }, { caller }) =>
    reply(200, await attentionStore.load(caller.practiceId, attentionId)),
});

/** A bill that was deleted meanwhile has no head to lower. */
async function billOf(practiceId: string, { billId }: Attention): Promise<Loaded | undefined> {
  if (!billId) return undefined;
  return loadBill(practiceId, billId).catch((error: unknown) => {
    if (isProblem(error, 'not_found')) return undefined;
    throw error;
  });
}

/** Staff know that the address is right after all: mail may go there again. */
const consequences = (practiceId: string, { kind, choice, facts }: Attention): Write[] =>
  kind.startsWith('mail_') && choice === 'allow_again' && typeof facts.addressHash === 'string'
    ? [shareStore.allowAgain(practiceId, facts.addressHash)]
    : [];

export const handler = serve(resolveAttentionRow, resolveAttention());
