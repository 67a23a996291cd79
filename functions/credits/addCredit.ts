import { officeOnly } from '../../shared/access/officeOnly';
import { grantCredit } from '../../shared/domain/credit';
import { given } from '../../shared/domain/given';
import { invariant } from '../../shared/domain/invariant';
import { cents } from '../../shared/domain/money';
import { prepay } from '../../shared/domain/payment';
import { Problem } from '../../shared/domain/problem';
import { type Input, type Operation, serve } from '../../shared/http/serve';
import { actOf, real } from '../../shared/needs';
import { addCreditRow } from '../../shared/operations/credits';
import { commit, type Loaded, loadClientMoneyFor } from '../../shared/store/billStore';
import { decideAnew } from '../../shared/store/kernel';
import type { ChargePrepayment } from '../../shared/stripe/chargePrepayment';
import { creditAnswer, creditReplay, prepaymentAnswer } from '../../shared/views/creditAnswer';

type In = Input<typeof addCreditRow>;

/** Stripe is loaded when it shall charge. */
const atStripe: ChargePrepayment = async payment =>
  (await import('../../shared/stripe/chargePrepayment')).chargePrepayment()(payment);

/** R46: credit begins as a prepayment, an overpayment or a reimbursement; by hand it needs a reason (rule 72). */
export const addCredit = (needs = real, charge = atStripe): Operation<typeof addCreditRow> => ({
  run: input => (input.body.collect === 'stripe' ? chargeOnline(charge, input) : record(input, needs)),
  replay: (replay, { caller }) => creditReplay(replay, caller, needs),
});

async function chargeOnline(charge: ChargePrepayment, { path: { clientId }, body, caller, once }: In) {
  const { loaded, paymentId, status } = await charge({
    practiceId: caller.practiceId,
    by: { kind: 'staff', id: caller.memberId },
    clientId,
    amountCents: cents(body.amountCents),
    cardId: body.cardId,
    notes: body.notes,
    load: () => once.beside(loadClientMoneyFor(caller, clientId)),
    record: ids => once.record(201, ids),
    forget: once.forget,
  });
  return prepaymentAnswer(status, { loaded, clientId, paymentId });
}

const record = (input: In, needs: typeof real) =>
  decideAnew(async () => {
    const { path, body, caller, once } = input;
    if (body.reason === 'adjustment') officeOnly(caller);
    const loaded = await once.beside(loadClientMoneyFor(caller, path.clientId));
    if (loaded.client?.status === 'archived') throw new Problem('client_archived');
    const paymentId = body.reason === 'adjustment' ? '' : needs.newId('pay');
    const movement = movementOf(loaded, paymentId, input, needs);
    const [entry] = movement.entries;
    invariant(entry, 'credit leaves an entry');
    const ids = { clientId: path.clientId, entryId: entry.entryId, paymentId };
    // Two at once on the same lots lose to each other by the lots' revisions; a new lot disturbs nobody.
    const after = await commit(loaded, movement, { writes: once.record(201, ids), newId: needs.newId });
    return creditAnswer(after, ids);
  });

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
