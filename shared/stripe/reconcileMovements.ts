import { localDate } from '../domain/calendar';
import { withCounted } from '../domain/dayCounts';
import type { Entry } from '../domain/ledger';
import { cents } from '../domain/money';
import { type Reconciliation, withMovement, withOther } from '../domain/reconciliation';
import { systemAct } from '../needs';
import { practiceOf } from '../store/cardStore';
import { reconciliationStore } from '../store/reconciliationStore';
import { chargesOf } from './chargesOf';
import { type Holding, holdCharges } from './holdCharges';
import { tellOtherCurrency } from './otherCurrency';
import { notePayouts } from './reconcilePayouts';
import type { At, Stepped } from './reconcileStep';
import { type BalanceMovement, stripeBalance } from './stripeBalance';

/** A page of the account's movements: charges are held against the ledger, fees and payouts become entries. */
export async function stripePage(run: Reconciliation, at: At): Promise<Stepped> {
  const { accountId, from, to, step } = run;
  const { practiceId, currency } = at.practice;
  const { movements, nextCursor } = await stripeBalance.page(accountId, { from, to, cursor: step.cursor });
  const charges = await chargesOf(accountId, movements);
  await tellOtherCurrencies([...charges, ...movements], at);
  const held = await holdCharges(
    run,
    charges.filter(charge => charge.currency === currency),
    at,
  );
  const ownerOf = ({ paymentIntentId: id }: { paymentIntentId?: string }) => (id && held.get(id)?.owner) || practiceId;
  await recordEntries(movements, ownerOf, at);
  const ours = movements.filter(movement => ownerOf(movement) === practiceId);
  const own = ours.filter(movement => movement.currency === currency);
  for (const movement of own.filter(one => hasNoEntry(one, held))) await noteUnknown(run, movement, at);
  await notePayouts(run, ours, at);
  const made = ours.flatMap(({ charge }) =>
    charge?.currency === currency ? [{ at: charge.createdAt, amountCents: charge.capturedCents }] : [],
  );
  return {
    run: {
      ...run,
      step: nextCursor ? { kind: 'stripe', cursor: nextCursor } : { kind: 'disputes' },
      movements: run.movements + own.length,
      charges: run.charges + made.length,
      sums: own.reduce(withMovement, run.sums),
      otherCurrencies: ours.filter(one => one.currency !== currency).reduce(withOther, run.otherCurrencies),
      stripeDays: withCounted(run.stripeDays, made),
    },
  };
}

async function tellOtherCurrencies(all: readonly { currency: string }[], { practice, needs }: At): Promise<void> {
  const { practiceId } = practice;
  for (const currency of new Set(all.map(one => one.currency)))
    if (currency !== practice.currency) await tellOtherCurrency({ practiceId, currency }, needs);
}

/** Nor what Stripe exchanged: it is of a charge that the ledger, which is in one currency, cannot hold. */
const hasNoEntry = ({ kind, paymentIntentId }: BalanceMovement, held: ReadonlyMap<string, Holding>): boolean =>
  kind === 'other' || (paymentIntentId !== undefined && !held.has(paymentIntentId));

/** Each cent at Stripe is in one entry; of a movement that the ledger has no word for, staff are told. */
const noteUnknown = (
  { reconciliationId }: Reconciliation,
  { transactionId, amountCents: stripeCents }: BalanceMovement,
  { practice }: At,
): Promise<void> =>
  reconciliationStore.note(practice.practiceId, {
    ...{ reconciliationId, paymentIntentId: transactionId, paymentId: '' },
    ...{ kinds: ['entry_missing'], stripeCents, ledgerCents: 0, mended: false },
  });

/** In the ledger of whose charge it is; the fees and payouts of the account itself are this practice's. */
async function recordEntries(
  movements: readonly BalanceMovement[],
  ownerOf: (movement: BalanceMovement) => string,
  at: At,
): Promise<void> {
  const by = new Map<string, BalanceMovement[]>();
  for (const movement of movements) by.set(ownerOf(movement), [...(by.get(ownerOf(movement)) ?? []), movement]);
  for (const [owner, theirs] of by) {
    const practice = owner === at.practice.practiceId ? at.practice : await practiceOf(owner);
    const own = theirs.filter(({ currency }) => currency === practice.currency);
    const entries = own.flatMap(movement => ownEntries(movement, { ...at, practice }));
    await reconciliationStore.record(owner, entries);
  }
}

/** Fees and payouts are Stripe's own doing: one entry a balance transaction. A dispute's fee stands in its own entry. */
function ownEntries(
  { transactionId, kind, amountCents, feeCents, at }: BalanceMovement,
  { practice, needs }: At,
): Entry[] {
  const act = systemAct(practice.timeZone, needs, 'stripe');
  const postedOn = localDate(at, practice.timeZone);
  const home = { kind: 'stripe' as const, id: postedOn.slice(0, 7) };
  const common = { home, at: act.at, postedOn, actor: act.actor, sourceId: transactionId };
  const entry = (of: Pick<Entry, 'kind' | 'postings'>): Entry => ({ entryId: act.newId('ent'), ...common, ...of });
  const moved = (account: 'bank' | 'stripe_fees', amount: number): Entry['postings'] => [
    { account, amountCents: cents(amount) },
    { account: 'stripe_balance', amountCents: cents(0 - amount) },
  ];
  if (kind === 'payout') {
    // An instant payout costs a fee, in the same movement.
    const postings = [...moved('bank', 0 - amountCents), ...(feeCents === 0 ? [] : moved('stripe_fees', feeCents))];
    return [entry({ kind: 'stripe_payout', postings })];
  }
  const fee = kind === 'fee' ? 0 - amountCents : kind === 'dispute' ? 0 : feeCents;
  return fee === 0 ? [] : [entry({ kind: 'stripe_fee', postings: moved('stripe_fees', fee) })];
}
