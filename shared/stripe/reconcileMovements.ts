import { localDate } from '../domain/calendar';
import type { Entry } from '../domain/ledger';
import { cents } from '../domain/money';
import { isProblem } from '../domain/problem';
import { type Reconciliation, withCounted, withMovement, withOther } from '../domain/reconciliation';
import { logger } from '../logger';
import { systemAct } from '../needs';
import { reconciliationStore } from '../store/reconciliationStore';
import { tellOtherCurrency } from './otherCurrency';
import { type Compared, ownerOf, reconcileCharge } from './reconcileCharge';
import { notePayouts } from './reconcilePayouts';
import type { At, Stepped } from './reconcileStep';
import { type BalanceMovement, type ChargeBooks, stripeBalance } from './stripeBalance';
import { stripeGateway } from './stripeGateway';

const atOnce = 5;

/** A page of the account's movements: charges are held against the ledger, fees and payouts become entries. */
export async function stripePage(run: Reconciliation, at: At): Promise<Stepped> {
  const { accountId, from, to, step } = run;
  const { practiceId, currency } = at.practice;
  const { movements, nextCursor } = await stripeBalance.page(accountId, { from, to, cursor: step.cursor });
  const all = await chargesOf(run, movements);
  const charges = all.filter(charge => charge.currency === currency);
  const own = movements.filter(movement => movement.currency === currency);
  const others = movements.filter(movement => movement.currency !== currency);
  const currencies = [...all, ...others].map(one => one.currency);
  for (const other of new Set(currencies.filter(one => one !== currency)))
    await tellOtherCurrency({ practiceId, currency: other }, at.needs);
  for (let start = 0; start < charges.length; start += atOnce)
    await Promise.all(charges.slice(start, start + atOnce).map(charge => hold(run, charge, at)));
  await reconciliationStore.record(
    practiceId,
    own.flatMap(movement => ownEntries(movement, at)),
  );
  const held = new Set(charges.map(({ paymentIntentId }) => paymentIntentId));
  for (const movement of own.filter(one => hasNoEntry(one, held))) await noteUnknown(run, movement, at);
  await notePayouts(run, movements, at);
  const made = movements.flatMap(({ charge }) =>
    charge?.currency === currency && ownerOf(charge, { account: accountId, practiceId }) === practiceId
      ? [{ at: charge.createdAt, amountCents: charge.capturedCents }]
      : [],
  );
  return {
    run: {
      ...run,
      step: nextCursor ? { kind: 'stripe', cursor: nextCursor } : { kind: 'payouts' },
      movements: run.movements + own.length,
      charges: run.charges + made.length,
      sums: own.reduce(withMovement, run.sums),
      otherCurrencies: others.reduce(withOther, run.otherCurrencies),
      stripeDays: withCounted(run.stripeDays, made),
    },
  };
}

/** Every charge that the page's movements are about, once: of those that are not on it, Stripe is asked how they stand. */
async function chargesOf({ accountId }: Reconciliation, movements: readonly BalanceMovement[]): Promise<ChargeBooks[]> {
  const charges = new Map(movements.flatMap(({ charge }) => (charge ? [[charge.paymentIntentId, charge]] : [])));
  const others = new Set(movements.flatMap(({ paymentIntentId: id }) => (id && !charges.has(id) ? [id] : [])));
  for (const paymentIntentId of others) {
    const books = await stripeGateway.readBooks(accountId, paymentIntentId);
    if (books) charges.set(paymentIntentId, books);
  }
  return [...charges.values()];
}

async function hold(run: Reconciliation, charge: ChargeBooks, { practice, needs }: At): Promise<void> {
  const { practiceId } = practice;
  const { reconciliationId, accountId } = run;
  const { paymentIntentId } = charge;
  const note = (compared: Compared): Promise<void> =>
    reconciliationStore.note(practiceId, { reconciliationId, paymentIntentId, ...compared });
  try {
    const compared = await reconcileCharge({ practiceId, account: accountId, charge }, needs, note);
    if (compared) await note(compared);
  } catch (error) {
    // What will pass is tried again with the page; one charge that never comes right must not end the proof of the others.
    if (isProblem(error, 'dependency_down') || isProblem(error, 'busy')) throw error;
    logger.error('a charge cannot be reconciled', { error: error as Error });
    const facts = {
      paymentId: charge.metadata.paymentId ?? '',
      stripeCents: charge.capturedCents - charge.refundedCents,
    };
    await note({ ...facts, ledgerCents: 0, kinds: ['amount_differs'], mended: false });
  }
}

/** Nor what Stripe exchanged: it is of a charge that the ledger, which is in one currency, cannot hold. */
const hasNoEntry = ({ kind, paymentIntentId }: BalanceMovement, held: ReadonlySet<string>): boolean =>
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
