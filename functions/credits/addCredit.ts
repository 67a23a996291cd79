import { creditBalance, creditEntries, grantCredit } from '../../shared/domain/credit';
import { given } from '../../shared/domain/given';
import { invariant } from '../../shared/domain/invariant';
import { cents } from '../../shared/domain/money';
import { prepay } from '../../shared/domain/payment';
import { type Input, type Operation, reply, serve } from '../../shared/http/serve';
import { actOf, real } from '../../shared/needs';
import { addCreditRow } from '../../shared/operations/credits';
import { commit, type Loaded, loadClientMoney } from '../../shared/store/billStore';
import { checkClient } from '../../shared/store/clientCheck';
import { decideAnew } from '../../shared/store/kernel';
import { paymentView } from '../../shared/views/billView';

type In = Input<typeof addCreditRow>;

/** R46: credit begins as a prepayment, an overpayment or a reimbursement; by hand it needs a reason (rule 72). */
export const addCredit = (needs = real): Operation<typeof addCreditRow> => ({
  run: input =>
    decideAnew(async () => {
      const { path, caller, once } = input;
      const [loaded] = await once.beside(
        Promise.all([loadClientMoney(caller.practiceId, path.clientId), checkClient(caller, path.clientId)]),
      );
      const paymentId = input.body.reason === 'adjustment' ? '' : needs.newId('pay');
      const movement = movementOf(loaded, paymentId, input, needs);
      const [entry] = movement.entries;
      invariant(entry, 'credit leaves an entry');
      const ids = { clientId: path.clientId, entryId: entry.entryId, paymentId };
      // Two at once on the same lots lose to each other by the lots' revisions; a new lot disturbs nobody.
      const after = await commit(loaded, movement, { writes: once.record(201, ids), newId: needs.newId });
      return answer(after, ids);
    }),
  replay: async ({ ids }, { caller }) => {
    const { clientId = '', entryId = '', paymentId = '' } = ids;
    return answer(await loadClientMoney(caller.practiceId, clientId), { clientId, entryId, paymentId });
  },
});

function answer(
  loaded: Loaded,
  { clientId, entryId, paymentId }: { clientId: string; entryId: string; paymentId: string },
) {
  const [credit] = creditEntries(loaded.book.entries.filter(entry => entry.entryId === entryId));
  invariant(credit, 'the entry moved credit');
  return reply(201, {
    credit,
    ...(paymentId ? { payment: paymentView(loaded.book, paymentId) } : {}),
    client: { clientId, creditCents: creditBalance(loaded.book) },
  });
}

function movementOf(loaded: Loaded, paymentId: string, { path: { clientId }, body, caller }: In, needs: typeof real) {
  const act = actOf(caller, needs);
  const { amountCents, notes, type, collect, description, reason } = body;
  if (reason === 'adjustment') return grantCredit(loaded.book, { clientId, amountCents, reason: notes ?? '' }, act);
  invariant(type, 'money has a type');
  const payment = {
    paymentId,
    clientId,
    payer: 'client' as const,
    type,
    amountCents: cents(amountCents),
    paidAt: act.at,
    ...given({ notes, collect, description }),
  };
  return prepay(loaded.book, { payment, creditReason: reason }, act);
}

export const handler = serve(addCreditRow, addCredit());
