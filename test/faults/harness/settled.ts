import type Stripe from 'stripe';
import type { BookRow } from '../../../local/stripe/control';
import { platformId } from '../../../local/stripe/desk';
import { isUnderWay } from '../../../shared/domain/attempt';
import { isOver, type Reconciliation } from '../../../shared/domain/reconciliation';
import { practiceEntity } from '../../../shared/store/table';
import { atStripe, balanceOf } from './ledger';
import type { Outcome, Told } from './story';

/** What no story may break, whatever befell its calls. Each line says what is wrong. */
export function wrongs(outcome: Outcome): string[] {
  return [
    ...unfinished(outcome),
    ...moneyApart(outcome),
    ...refundsApart(outcome),
    ...movementsApart(outcome),
    ...marksApart(outcome),
    ...answersApart(outcome),
  ];
}

/** Nothing is left to do, and nobody waits for ever. */
function unfinished({ system, ledger, quiet }: Outcome): string[] {
  const listed = new Set(ledger.attention.map(({ facts }) => facts.attemptId));
  const failed = ledger.reconciliations.filter(({ status }) => status === 'failed');
  const toldOfFailure = ledger.attention.some(({ kind }) => kind === 'reconciliation_failed');
  return [
    ...(quiet ? [] : ['something is due still after 26 hours']),
    ...system.queues.dead.map(({ body }) => `a dead letter: ${body}`),
    ...ledger.attempts
      .filter(attempt => isUnderWay(attempt) && !listed.has(attempt.attemptId))
      .map(({ kind, status }) => `a ${kind} is ${status} for ever, and nobody is told`),
    ...ledger.checkouts
      .filter(({ status }) => status === 'open' || status === 'closing')
      .map(({ status }) => `a hosted page is ${status} for ever`),
    ...ledger.reconciliations.filter(run => !isOver(run)).map(({ status }) => `a reconciliation is ${status} for ever`),
    ...failed.filter(() => !toldOfFailure).map(() => 'a reconciliation failed, and nobody is told'),
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

/** The whole of it, whoever it is said to belong to: what went to fees and to the bank was Stripe's as well. */
function wholeApart(ledger: Outcome['ledger'], charged: readonly BookRow[]): string[] {
  const kept = charged.reduce((sum, { captured, refunded, disputed }) => sum + captured - refunded - disputed, 0);
  const told = balanceOf(ledger, 'stripe_balance', 'stripe_fees', 'bank');
  return told === kept ? [] : [`Stripe holds ${kept} in all, the ledger says ${told}`];
}

/**
 * What Stripe takes and pays out by itself stands in the ledger under its movement's id: at most once, and once where a
 * reconciliation is done that looked at it. Where all was looked at, the ledger has the balance that Stripe has.
 */
function movementsApart({ system, ledger }: Outcome): string[] {
  const done = ledger.reconciliations.filter(({ status }) => status === 'done');
  const wrong: string[] = [];
  const known = new Set<string>();
  let unseen = 0;
  let netCents = 0;
  for (const { id: account } of system.stripe.accounts())
    for (const movement of system.stripe.movements(account)) {
      known.add(movement.id);
      netCents += movement.net;
      const seen = done.some(run => (run.accountId ?? platformId) === account && looksAt(run, movement.created));
      if (!seen) unseen += 1;
      const entries = ofStripe(ledger).filter(({ sourceId }) => sourceId === movement.id);
      const told = balanceOf({ entries }, 'stripe_balance');
      const due = ownPart(movement);
      if (entries.length > 1 || ((seen || entries.length > 0) && told !== due))
        wrong.push(`${movement.type} ${movement.id} of ${due} is ${entries.length} entries of ${told}`);
    }
  const told = balanceOf(ledger, 'stripe_balance');
  if (unseen === 0 && told !== netCents) wrong.push(`Stripe’s balance is ${netCents}, the ledger says ${told}`);
  const strange = ofStripe(ledger).filter(({ sourceId }) => sourceId === undefined || !known.has(sourceId));
  return [...wrong, ...strange.map(({ kind, sourceId }) => `a ${kind} of ${sourceId}, which Stripe has not`)];
}

const ofStripe = ({ entries }: Outcome['ledger']) =>
  entries.filter(({ kind }) => kind === 'stripe_fee' || kind === 'stripe_payout');

/** Stripe counts whole seconds. */
const looksAt = ({ from, to }: Reconciliation, created: number): boolean =>
  created >= Math.floor(Date.parse(from) / 1000) && created < Math.floor(Date.parse(to) / 1000);

/** A charge and a refund stand with their payment, a dispute with its fee as well. */
const ownPart = ({ type, net, fee }: Stripe.BalanceTransaction): number =>
  type === 'payout' ? net : type === 'adjustment' ? 0 : 0 - fee;

/** No mark lies beyond what runs that are done looked at without a gap, from the practice's beginning on. */
function marksApart({ ledger }: Outcome): string[] {
  const [practice] = ledger.items.filter(practiceEntity.is).map(practiceEntity.record);
  return ledger.marks.flatMap(({ accountId, to }) => {
    const runs = ledger.reconciliations.filter(run => run.accountId === accountId && run.status === 'done');
    let reached: string = practice?.createdAt ?? '';
    for (const run of [...runs].sort((a, b) => (a.from < b.from ? -1 : 1)))
      if (run.from <= reached && run.to > reached) reached = run.to;
    return to <= reached ? [] : [`the mark is at ${to}, and only until ${reached} was all looked at`];
  });
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
