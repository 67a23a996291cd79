import { officeOnly } from '../../shared/access/officeOnly';
import { given } from '../../shared/domain/given';
import { ownBills, paymentState } from '../../shared/domain/paymentState';
import { Problem } from '../../shared/domain/problem';
import { type RefundRequest, requestRefund } from '../../shared/domain/refund';
import { answerAfterLooking } from '../../shared/domain/refundOutcome';
import { type Input, type Operation, serve } from '../../shared/http/serve';
import { actOf, real } from '../../shared/needs';
import { refundPaymentRow } from '../../shared/operations/payments';
import { checkVersion, commit, type Loaded, loadPayment, loadPaymentFor } from '../../shared/store/billStore';
import { decideFrom, transact, type Write } from '../../shared/store/kernel';
import { planBeside } from '../../shared/store/refundBeside';
import type { Found } from '../../shared/stripe/bringIntoLine';
import { nothingFound, refundAnswer, refundReplay, refusedByStripe } from '../../shared/views/refundAnswer';
import { receiptWrites } from '../../shared/work/receipts';

type In = Input<typeof refundPaymentRow>;

/** Loaded when a card's money is at stake: the refund of cash need not wait for Stripe. */
const looking = () => import('../../shared/stripe/bringIntoLine');
const refunding = () => import('../../shared/stripe/refundOnline');

export const refundPayment = (needs = real): Operation<typeof refundPaymentRow> => ({
  run: async input => {
    const { path, body, caller, once } = input;
    const loaded = await once.beside(loadPaymentFor(caller, path.paymentId));
    checkRole(loaded, input);
    checkBill(loaded, input);
    checkSeen(loaded, input);
    const request: RefundRequest = { paymentId: path.paymentId, refundId: needs.newId('ref'), ...given(body) };
    const { collect } = paymentState(loaded.book, path.paymentId).payment;
    const from = { loaded, found: nothingFound, needs };
    return collect === 'stripe' ? afterLooking(input, request, from) : record(input, request, from);
  },
  replay: (known, { caller }) => refundReplay(known, caller, needs),
});

interface From {
  readonly needs: typeof real;
  /** The payment as it was read a moment ago; read anew after a lost race. */
  readonly loaded: Loaded;
  readonly found: Omit<Found, 'loaded'>;
}

/** What this system alone has to write down: money handed back by other means, credit, discounts. */
function record({ caller, once }: In, request: RefundRequest, { loaded, found, needs }: From) {
  const { paymentId, refundId } = request;
  const read = () => loadPaymentFor(caller, paymentId);
  return decideFrom(loaded, read, async fresh => {
    planBeside(fresh, request);
    const act = actOf(caller, needs);
    const movement = requestRefund(fresh.book, request, act);
    const writes = [...once.record(201, { paymentId, refundId }), ...receiptWrites(fresh, movement, act.at)];
    const after = await commit(fresh, movement, { writes, newId: needs.newId });
    return refundAnswer(201, { loaded: after, refundId, found }, caller, needs);
  });
}

/** Whoever says which version of the bill was looked at refunds nothing that changed since, a refund found meanwhile included. */
function checkSeen(loaded: Loaded, { path, ifMatch }: In): void {
  const [billId] = ownBills(loaded.book, path.paymentId);
  if (billId !== undefined) checkVersion(loaded, billId, ifMatch);
}

/** A payment is taken off a bill that it pays. */
function checkBill({ book }: Loaded, { path, body: { billId } }: In): void {
  const strange = billId !== undefined && !ownBills(book, path.paymentId).includes(billId);
  if (strange) throw new Problem('not_found', { what: 'bill' });
}

/** A card's money handed back in another way leaves no trace at Stripe: office only, and with a reason (clarification 5). */
function checkRole({ book }: Loaded, { path, body, caller }: In): void {
  const { payment } = paymentState(book, path.paymentId);
  if (payment.collect !== 'stripe' || body.destination !== 'offline') return;
  officeOnly(caller);
  if (!body.reason) {
    throw new Problem('invalid_input', {
      errors: [{ pointer: '/reason', message: 'is required when a card payment is refunded offline' }],
    });
  }
}

/** Looks at Stripe first, wherever the money shall go (R61, rule 24): what was given back there is not given back twice. */
async function afterLooking(input: In, request: RefundRequest, { loaded: known, needs }: From) {
  const { caller, once } = input;
  const { paymentId, destination = 'original' } = request;
  // Kept under the key, in one transaction with what was found: a repeat finds nothing new at Stripe, and would send the
  // money once more.
  const along = (told: Found): Write[] => {
    const { answer, refundId } = answerTo(told, request);
    return answer === 200 || answer === 201 ? once.record(answer, { paymentId, refundId }) : [];
  };
  const { bringIntoLine } = await looking();
  const found = await bringIntoLine({ practiceId: caller.practiceId, paymentId, known }, needs, { along });
  const { answer, refundId } = answerTo(found, request);
  if (answer instanceof Problem) throw answer;
  if (answer !== 'refund') {
    if (!found.kept) await transact(along(found));
    return refundAnswer(answer, { loaded: found.loaded, refundId, found }, caller, needs);
  }
  const from = { loaded: found.loaded, found, needs };
  return destination === 'original' ? send(input, request, from) : record(input, request, from);
}

/** Reserves, sends under the attempt's id, settles what Stripe says. */
async function send({ caller, once }: In, request: RefundRequest, { loaded: known, found, needs }: From) {
  const { paymentId, refundId } = request;
  const read = () => once.beside(loadPaymentFor(caller, paymentId));
  const { reserveRefund, sendRefund, settleRefund } = await refunding();
  const { attempt, loaded: reserved } = await decideFrom(known, read, async loaded => {
    const writes = once.record(201, { paymentId, refundId });
    return reserveRefund(loaded, { caller, request, writes }, needs);
  });
  const outcome = await sendRefund(attempt);
  const at = { practiceId: caller.practiceId, paymentId, attemptId: attempt.attemptId };
  if (outcome.kind === 'unknown') {
    const loaded = await loadPayment(caller.practiceId, paymentId);
    return refundAnswer(202, { loaded, refundId, found, attempt }, caller, needs);
  }
  const settle = { ...at, known: reserved, by: caller.memberId, ifRefused: once.forget() };
  const loaded = await settleRefund(settle, outcome, needs);
  if (outcome.kind === 'turned_away') throw new Problem('stripe_refused', { reason: outcome.code });
  if (outcome.kind === 'refused') throw await refusal(at, outcome.code, needs);
  return refundAnswer(201, { loaded, refundId, found }, caller, needs);
}

/** What a request comes to by what was found, and the found refund that stands for it. */
function answerTo(found: Found, request: RefundRequest): { answer: 200 | 201 | 'refund' | Problem; refundId: string } {
  const [refundId = ''] = found.refundIds;
  const { refundableCents } = paymentState(found.loaded.book, request.paymentId);
  const looked = { foundCents: found.amountCents, refundableCents, ...given({ requestedCents: request.amountCents }) };
  const answer = answerAfterLooking(looked);
  if (answer.kind === 'ask_again') return { answer: new Problem('refund_found_in_stripe', answer.facts), refundId };
  if (answer.kind === 'refund') return { answer: 'refund', refundId };
  return { answer: answer.kind === 'found_was_meant' ? 201 : 200, refundId };
}

/** Stripe knows something that the ledger did not: it is looked at again, and the refusal tells the facts. */
async function refusal(
  at: { practiceId: string; paymentId: string },
  code: string,
  needs: typeof real,
): Promise<Problem> {
  const { bringIntoLine } = await looking();
  const found = await bringIntoLine(at, needs);
  const { refundableCents } = paymentState(found.loaded.book, at.paymentId);
  return found.amountCents > 0
    ? new Problem('refund_found_in_stripe', { foundCents: found.amountCents, refundableCents })
    : refusedByStripe(code, { paymentId: at.paymentId, refundableCents });
}

export const handler = serve(refundPaymentRow, refundPayment());
