import type { BookRow } from '../../../local/stripe/control';
import { isUnderWay } from '../../../shared/domain/attempt';
import { atStripe } from './ledger';
import type { Outcome, Told } from './story';

/** What no story may break, whatever befell its calls. Each line says what is wrong. */
export function wrongs(outcome: Outcome): string[] {
  return [...unfinished(outcome), ...moneyApart(outcome), ...refundsApart(outcome), ...answersApart(outcome)];
}

/** Nothing is left to do, and nobody waits for ever. */
function unfinished({ system, ledger, quiet }: Outcome): string[] {
  const listed = new Set(ledger.attention.map(({ facts }) => facts.attemptId));
  return [
    ...(quiet ? [] : ['something is due still after 26 hours']),
    ...system.queues.dead.map(({ body }) => `a dead letter: ${body}`),
    ...ledger.attempts
      .filter(attempt => isUnderWay(attempt) && !listed.has(attempt.attemptId))
      .map(({ kind, status }) => `a ${kind} is ${status} for ever, and nobody is told`),
    ...ledger.checkouts
      .filter(({ status }) => status === 'open' || status === 'closing')
      .map(({ status }) => `a hosted page is ${status} for ever`),
  ];
}

/** Each charge at Stripe is one payment in the ledger, of what was captured less refunded; and the other way round. */
function moneyApart({ system, ledger }: Outcome): string[] {
  const payments = new Map<string, Set<string>>();
  for (const { payment, unmatched } of ledger.entries) {
    const received = payment ?? unmatched;
    if (!received?.stripe) continue;
    const { paymentIntentId } = received.stripe;
    payments.set(paymentIntentId, (payments.get(paymentIntentId) ?? new Set()).add(received.paymentId));
  }
  const charged = system.stripe.books().filter(({ captured }) => captured > 0);
  const known = new Set(charged.map(row => row.payment_intent));
  return [
    ...charged.flatMap(({ payment_intent, captured, refunded, disputed }) => {
      const ids = [...(payments.get(payment_intent) ?? [])];
      const [paymentId] = ids;
      if (paymentId === undefined || ids.length > 1) return [`charge ${payment_intent} is ${ids.length} payments`];
      const kept = captured - refunded - disputed;
      const told = atStripe(ledger, paymentId);
      return told === kept ? [] : [`Stripe holds ${kept} of ${payment_intent}, the ledger says ${told}`];
    }),
    ...[...payments.keys()]
      .filter(id => !known.has(id))
      .map(id => `the ledger has a payment of ${id}, Stripe no charge`),
    ...wholeApart(ledger, charged),
  ];
}

/** The whole of it, whoever it is said to belong to: fees and payouts come with reconciliation, which no story has. */
function wholeApart(ledger: Outcome['ledger'], charged: readonly BookRow[]): string[] {
  const kept = charged.reduce((sum, { captured, refunded, disputed }) => sum + captured - refunded - disputed, 0);
  const told = ledger.entries
    .filter(({ kind }) => kind !== 'stripe_fee' && kind !== 'stripe_payout')
    .flatMap(({ postings }) => postings)
    .filter(({ account }) => account === 'stripe_balance')
    .reduce((sum, { amountCents }) => sum + amountCents, 0);
  return told === kept ? [] : [`Stripe holds ${kept} in all, the ledger says ${told}`];
}

/** Each refund at Stripe stands in the ledger, once, as Stripe tells it. */
function refundsApart({ system, ledger }: Outcome): string[] {
  const { entries } = ledger;
  return system.stripe.refunds().flatMap(({ id, status, amount }) => {
    const told = entries.filter(entry => entry.refund?.stripeRefundId === id);
    const counted = told.filter(entry => entry.sourceId === `${id}#counted`);
    const last = told.at(-1)?.refund;
    if (status === 'failed' && told.length === 0) return [];
    if (counted.length !== 1) return [`refund ${id} of ${amount} is counted ${counted.length} times`];
    return last?.status === status ? [] : [`refund ${id} is ${status} at Stripe, ${last?.status} in the ledger`];
  });
}

/** What was said holds: a success stays what it was, a refused card too; who repeats learns the truth, or staff are told. */
function answersApart({ person, ledger }: Outcome): string[] {
  const requests = new Map<string, Told[]>();
  for (const answer of person.told) {
    const request = `${answer.operation} ${answer.key ?? ''}`;
    requests.set(request, [...(requests.get(request) ?? []), answer]);
  }
  return [...requests].flatMap(([request, told]) => {
    const settled = told.filter(({ status }) => status === 201 || status === 402);
    const [first] = settled;
    const other = first && settled.find(later => later.status !== first.status || madeBy(later) !== madeBy(first));
    if (other) return [`${request}: first ${first.status} ${madeBy(first)}, then ${other.status} ${madeBy(other)}`];
    const gone = first && told.slice(told.indexOf(first)).find(({ status }) => status !== first.status && status < 500);
    if (gone) return [`${request}: ${first.status}, then ${gone.status} ${JSON.stringify(gone.body)}`];
    const inDoubt = told.some(({ status }) => status === 202) && ledger.attention.length > 0;
    const learns = person.manner === 'leaves' || inDoubt || told.some(answer => answer.isDefinite);
    return learns ? [] : [`${request}: no definite answer: ${told.map(({ status }) => status).join(', ')}`];
  });
}

/** The id of what an answer says was made. */
const madeBy = ({ body }: Told): string =>
  [body.payment?.paymentId, body.refund?.refundId, body.billId, body.importId].find(Boolean) ?? body.code ?? '';
