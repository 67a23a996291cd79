import { localDate } from '../domain/calendar';
import { withCounted } from '../domain/dayCounts';
import type { Entry } from '../domain/ledger';
import { cents } from '../domain/money';
import { isProblem } from '../domain/problem';
import { type Reconciliation, withMovement, withOther } from '../domain/reconciliation';
import { logger } from '../logger';
import { systemAct } from '../needs';
import { practiceOf } from '../store/cardStore';
import { reconciliationStore } from '../store/reconciliationStore';
import { chargesOf } from './chargesOf';
import { tellOtherCurrency } from './otherCurrency';
import { raiseDifference } from './raiseDifference';
import { type Compared, reconcileCharge } from './reconcileCharge';
import { notePayouts } from './reconcilePayouts';
import type { At, Stepped } from './reconcileStep';
import { type BalanceMovement, type ChargeBooks, stripeBalance } from './stripeBalance';

const atOnce = 5;

/** A page of the account's movements: charges are held against the ledger, fees and payouts become entries. */
export async function stripePage(run: Reconciliation, at: At): Promise<Stepped> {
  const { accountId, from, to, step } = run;
  const { practiceId, currency } = at.practice;
  const { movements, nextCursor } = await stripeBalance.page(accountId, { from, to, cursor: step.cursor });
  const charges = await chargesOf(accountId, movements);
  await tellOtherCurrencies([...charges, ...movements], at);
  const owners = await holdAll(
    run,
    charges.filter(charge => charge.currency === currency),
    at,
  );
  const ownerOf = ({ paymentIntentId: id }: { paymentIntentId?: string }) => (id && owners.get(id)) ?? practiceId;
  await recordEntries(movements, ownerOf, at);
  const ours = movements.filter(movement => ownerOf(movement) === practiceId);
  const own = ours.filter(movement => movement.currency === currency);
  for (const movement of own.filter(one => hasNoEntry(one, owners))) await noteUnknown(run, movement, at);
  await notePayouts(run, ours, at);
  const made = ours.flatMap(({ charge }) =>
    charge?.currency === currency ? [{ at: charge.createdAt, amountCents: charge.capturedCents }] : [],
  );
  return {
    run: {
      ...run,
      step: nextCursor ? { kind: 'stripe', cursor: nextCursor } : { kind: 'payouts' },
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

/** Whose each charge is, once it was held. */
async function holdAll(run: Reconciliation, charges: readonly ChargeBooks[], at: At): Promise<Map<string, string>> {
  const owners = new Map<string, string>();
  for (let start = 0; start < charges.length; start += atOnce) {
    const few = charges.slice(start, start + atOnce);
    await Promise.all(few.map(async charge => owners.set(charge.paymentIntentId, await hold(run, charge, at))));
  }
  return owners;
}

async function hold(run: Reconciliation, charge: ChargeBooks, { practice, needs }: At): Promise<string> {
  const { practiceId } = practice;
  const { reconciliationId, accountId } = run;
  const { paymentIntentId } = charge;
  const note = (compared: Compared): Promise<void> =>
    reconciliationStore.note(practiceId, { reconciliationId, paymentIntentId, ...compared });
  try {
    const held = await reconcileCharge({ practiceId, account: accountId, charge }, needs, note);
    const { compared, practiceId: owner } = held;
    if (compared && owner === practiceId) await note(compared);
    // No difference of this practice: what stays open is told to the one whose it is.
    else if (compared && !compared.mended)
      await raiseDifference(owner, { reconciliationId, paymentIntentId, ...compared }, needs);
    return owner;
  } catch (error) {
    // What will pass is tried again with the page; one charge that never comes right must not end the proof of the others.
    if (isProblem(error, 'dependency_down') || isProblem(error, 'busy')) throw error;
    logger.error('a charge cannot be reconciled', { error: error as Error });
    const facts = {
      paymentId: charge.metadata.paymentId ?? '',
      stripeCents: charge.capturedCents - charge.refundedCents,
    };
    await note({ ...facts, ledgerCents: 0, kinds: ['amount_differs'], mended: false });
    return practiceId;
  }
}

/** Nor what Stripe exchanged: it is of a charge that the ledger, which is in one currency, cannot hold. */
const hasNoEntry = ({ kind, paymentIntentId }: BalanceMovement, held: ReadonlyMap<string, string>): boolean =>
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
