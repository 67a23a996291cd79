import { given } from '../../shared/domain/given';
import { paymentState } from '../../shared/domain/paymentState';
import { Problem } from '../../shared/domain/problem';
import { planRefund, type RefundRequest, requestRefund } from '../../shared/domain/refund';
import { answerAfterLooking } from '../../shared/domain/refundOutcome';
import { type Input, type Operation, serve } from '../../shared/http/serve';
import { actOf, real } from '../../shared/needs';
import { refundPaymentRow } from '../../shared/operations/payments';
import { commit, type Loaded, loadPayment, loadPaymentFor } from '../../shared/store/billStore';
import { decideAnew } from '../../shared/store/kernel';
import { bringIntoLine, type Found } from '../../shared/stripe/bringIntoLine';
import { reserveRefund, sendRefund, settleRefund } from '../../shared/stripe/refundOnline';
import { nothingFound, refundAnswer, refundReplay } from '../../shared/views/refundAnswer';

type In = Input<typeof refundPaymentRow>;

export const refundPayment = (needs = real): Operation<typeof refundPaymentRow> => ({
  run: async input => {
    const { path, body, caller, once } = input;
    const loaded = await once.beside(loadPaymentFor(caller, path.paymentId));
    checkRole(loaded, input);
    const refundId = needs.newId('ref');
    const request: RefundRequest = { paymentId: path.paymentId, refundId, ...given(body) };
    const { payment, destination } = wanted(loaded, request);
    if (payment.collect === 'stripe' && destination === 'original') return online(input, request);
    let read: Loaded | undefined = loaded;
    return decideAnew(async () => {
      const fresh = read ?? (await loadPaymentFor(caller, path.paymentId));
      read = undefined;
      const movement = requestRefund(fresh.book, request, actOf(caller, needs));
      const writes = once.record(201, { paymentId: path.paymentId, refundId });
      const after = await commit(fresh, movement, { writes, newId: needs.newId });
      return refundAnswer(201, { loaded: after, refundId, found: nothingFound }, caller, needs);
    });
  },
  replay: (record, { caller }) => refundReplay(record, caller, needs),
});

/** Defaults filled in without a judgement of the amount, which comes after Stripe was looked at. */
function wanted({ book }: Loaded, request: RefundRequest) {
  const { payment } = paymentState(book, request.paymentId);
  const destination = request.destination ?? (payment.collect === 'stripe' ? 'original' : undefined);
  return { payment, destination };
}

/** A card's money handed back in another way leaves no trace at Stripe: office only, and with a reason (clarification 5). */
function checkRole({ book }: Loaded, { path, body, caller }: In): void {
  const { payment } = paymentState(book, path.paymentId);
  if (payment.collect !== 'stripe' || body.destination !== 'offline') return;
  const roles = ['admin', 'biller'] as const;
  if (!caller.roles.some(role => role === 'admin' || role === 'biller')) throw new Problem('forbidden', { roles });
  if (!body.reason) {
    throw new Problem('invalid_input', {
      errors: [{ pointer: '/reason', message: 'is required when a card payment is refunded offline' }],
    });
  }
}

/** Looks at Stripe first (R61), then reserves, sends under the attempt's id, settles what Stripe says. */
async function online({ path: { paymentId }, caller, once }: In, request: RefundRequest, needs = real) {
  const found = await bringIntoLine(caller.practiceId, paymentId, needs);
  const answer = answered(found, request);
  if (answer !== 'refund') {
    const [refundId = ''] = found.refundIds;
    return refundAnswer(answer, { loaded: found.loaded, refundId, found }, caller, needs);
  }
  const attempt = await decideAnew(async () => {
    const loaded = await once.beside(loadPaymentFor(caller, paymentId));
    planRefund(loaded.book, request);
    const writes = once.record(201, { paymentId, refundId: request.refundId });
    return reserveRefund(loaded, { caller, request, writes }, needs);
  });
  const outcome = await sendRefund(attempt);
  const at = { practiceId: caller.practiceId, paymentId, attemptId: attempt.attemptId };
  if (outcome.kind === 'unknown') {
    return refundAnswer(
      202,
      { loaded: await loadPayment(caller.practiceId, paymentId), refundId: request.refundId, found, attempt },
      caller,
      needs,
    );
  }
  const loaded = await settleRefund(at, outcome, needs, caller.memberId);
  if (outcome.kind === 'refused') throw await refusal(at, outcome.code);
  return refundAnswer(201, { loaded, refundId: request.refundId, found }, caller, needs);
}

function answered(found: Found, request: RefundRequest): 200 | 201 | 'refund' {
  const { refundableCents } = paymentState(found.loaded.book, request.paymentId);
  const looked = { foundCents: found.amountCents, refundableCents, ...given({ requestedCents: request.amountCents }) };
  const answer = answerAfterLooking(looked);
  if (answer.kind === 'ask_again') throw new Problem('refund_found_in_stripe', answer.facts);
  if (answer.kind === 'refund') return 'refund';
  return answer.kind === 'found_was_meant' ? 201 : 200;
}

/** Stripe knows something that the ledger did not: it is looked at again, and the refusal tells the facts. */
async function refusal(at: { practiceId: string; paymentId: string }, code: string, needs = real): Promise<Problem> {
  if (code === 'charge_disputed' || code === 'refund_disputed_payment')
    return new Problem('payment_disputed', { paymentId: at.paymentId });
  const found = await bringIntoLine(at.practiceId, at.paymentId, needs);
  const { refundableCents } = paymentState(found.loaded.book, at.paymentId);
  return found.amountCents > 0
    ? new Problem('refund_found_in_stripe', { foundCents: found.amountCents, refundableCents })
    : new Problem('refund_exceeds_payment', { refundableCents });
}

export const handler = serve(refundPaymentRow, refundPayment());
