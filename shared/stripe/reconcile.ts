import { addMinutes, localDate } from '../domain/calendar';
import type { Entry } from '../domain/ledger';
import { cents } from '../domain/money';
import type { Practice } from '../domain/practice';
import { isProblem } from '../domain/problem';
import {
  type BalanceSums,
  type Difference,
  dayOf,
  daysThatDiffer,
  type Reconciliation,
  receivedAtStripe,
  withCounted,
} from '../domain/reconciliation';
import { idFrom } from '../ids';
import { logger } from '../logger';
import { type Needs, systemAct } from '../needs';
import { practiceOf } from '../store/cardStore';
import { decideAnew, LostRace, transact } from '../store/kernel';
import { reconciliationStore } from '../store/reconciliationStore';
import { agreesNow, type Compared, ownerOf, reconcileCharge } from './reconcileCharge';
import { type BalanceMovement, type ChargeBooks, stripeBalance } from './stripeBalance';
import { stripeGateway } from './stripeGateway';

/** Less than the worker is given; what is left is due again at once. */
const patienceMilliseconds = 60_000;
const atOnce = 5;

interface At {
  readonly practice: Practice;
  readonly needs: Needs;
}

/**
 * Works a reconciliation off, a page of Stripe's movements or of the ledger after the other (`domain.md` rule 36). Progress
 * is kept with each page, so that a run which dies goes on where it was, and whoever takes the same page twice finds its
 * charges in line. Holds one page in memory.
 */
export async function runReconciliation(practiceId: string, reconciliationId: string, needs: Needs): Promise<void> {
  const started = performance.now();
  const practice = await practiceOf(practiceId);
  for (let first = true; ; first = false) {
    const run = await reconciliationStore.load(practiceId, reconciliationId);
    // A message that waited longer than the sweep's lease comes twice: one worker is enough.
    if (run.status === 'done' || (first && isInHands(run, needs))) return;
    const after = await steps[run.step.kind](run, { practice, needs });
    const late = performance.now() - started > patienceMilliseconds;
    const kept = await keep(
      practiceId,
      { ...after, status: after.status === 'done' ? 'done' : 'running' },
      { needs, late },
    );
    if (!kept || late || after.status === 'done') return;
  }
}

const isInHands = ({ dueAt }: Reconciliation, { clock }: Needs): boolean => dueAt !== undefined && dueAt > clock.now();

type Step = (run: Reconciliation, at: At) => Promise<Reconciliation>;
const steps: Readonly<Record<Reconciliation['step']['kind'], Step>> = {
  stripe: stripePage,
  ledger: ledgerPage,
  days: lookAtDays,
};

/** False when another worker had the same page and was quicker. */
async function keep(practiceId: string, run: Reconciliation, { needs, late }: { needs: Needs; late: boolean }) {
  const { dueAt: _, ...rest } = run;
  const now = needs.clock.now();
  // While pages follow one another no sweep hands the run to a second worker.
  const again = run.status === 'done' ? {} : { dueAt: late ? now : addMinutes(now, 5) };
  try {
    await transact([reconciliationStore.goOn(practiceId, { ...rest, ...again })]);
    return true;
  } catch (error) {
    if (error instanceof LostRace) return false;
    throw error;
  }
}

async function stripePage(run: Reconciliation, at: At): Promise<Reconciliation> {
  const { accountId, from, to, step } = run;
  const { movements, nextCursor } = await stripeBalance.page(accountId, { from, to, cursor: step.cursor });
  const charges = await chargesOf(run, movements);
  for (let start = 0; start < charges.length; start += atOnce)
    await Promise.all(charges.slice(start, start + atOnce).map(charge => hold(run, charge, at)));
  await reconciliationStore.record(
    at.practice.practiceId,
    movements.flatMap(movement => ownEntries(movement, at)),
  );
  const { practiceId } = at.practice;
  const made = movements.flatMap(({ charge }) =>
    charge && ownerOf(charge, { account: accountId, practiceId }) === practiceId
      ? [{ at: charge.createdAt, amountCents: charge.capturedCents }]
      : [],
  );
  return {
    ...run,
    step: nextCursor
      ? { kind: 'stripe', cursor: nextCursor }
      : { kind: 'ledger', cursor: `${dayOf(from).slice(0, 7)}.` },
    movements: run.movements + movements.length,
    charges: run.charges + made.length,
    sums: movements.reduce(withMovement, run.sums),
    stripeDays: withCounted(run.stripeDays, made),
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

const withMovement = (sums: BalanceSums, { kind, amountCents, feeCents }: BalanceMovement): BalanceSums => {
  const part = sumOf[kind];
  const after = { ...sums, [part]: sums[part] + amountCents };
  return { ...after, feeCents: after.feeCents - feeCents };
};
const sumOf: Readonly<Record<BalanceMovement['kind'], keyof BalanceSums>> = {
  ...{ charge: 'capturedCents', refund: 'refundedCents', dispute: 'disputedCents' },
  ...{ payout: 'payoutCents', fee: 'feeCents', other: 'otherCents' },
} as const;

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

/** Payments that the ledger says Stripe took in the span, counted by day; the cursor is `<yyyy-mm>.<page>`. */
async function ledgerPage(run: Reconciliation, { practice, needs }: At): Promise<Reconciliation> {
  const [month = '', ...rest] = (run.step.cursor ?? '').split('.');
  const page = await reconciliationStore.ledgerPage(practice.practiceId, month, rest.join('.') || undefined);
  const received = receivedIn(run, page.entries);
  const last = dayOf(needs.clock.now()).slice(0, 7);
  const cursor = page.nextCursor ? `${month}.${page.nextCursor}` : month < last ? `${monthAfter(month)}.` : undefined;
  return {
    ...run,
    step: cursor ? { kind: 'ledger', cursor } : { kind: 'days' },
    ledgerDays: withCounted(
      run.ledgerDays,
      received.map(({ paidAt, amountCents }) => ({ at: paidAt, amountCents })),
    ),
  };
}

const receivedIn = ({ accountId, from, to }: Reconciliation, entries: readonly Entry[]) =>
  entries
    .flatMap(receivedAtStripe)
    .filter(({ paidAt, stripe }) => paidAt >= from && paidAt < to && stripe.accountId === accountId);

const monthAfter = (month: string): string => {
  const [year = 0, number = 0] = month.split('-').map(Number);
  return number === 12 ? `${year + 1}-01` : `${year}-${String(number + 1).padStart(2, '0')}`;
};

/** Where the ledger has other charges than Stripe, each payment of that day is looked up; then the run is done. */
async function lookAtDays(run: Reconciliation, at: At): Promise<Reconciliation> {
  const { practiceId } = at.practice;
  const days = new Set(daysThatDiffer(run));
  if (days.size > 0) await lookUp(run, days, at);
  await lookAgain(run, at);
  const differences = await reconciliationStore.allDifferences(practiceId, run.reconciliationId);
  await raise(
    run,
    differences.filter(difference => !difference.mended),
    at,
  );
  const mended = differences.filter(difference => difference.mended).length;
  logger.info('reconciled', { charges: run.charges, differences: differences.length, mended });
  const finishedAt = at.needs.clock.now();
  return { ...run, status: 'done', finishedAt, differences: differences.length, mended };
}

/** What a run that died had noted and then mended agrees by now. */
async function lookAgain(run: Reconciliation, { practice }: At): Promise<void> {
  const { practiceId } = practice;
  for (const difference of await reconciliationStore.allDifferences(practiceId, run.reconciliationId)) {
    if (difference.mended || difference.kinds.length > 0) continue;
    const charge = await stripeGateway.readBooks(run.accountId, difference.paymentIntentId);
    const still = charge && (await agreesNow({ practiceId, account: run.accountId, charge }));
    if (still) await reconciliationStore.note(practiceId, { ...difference, mended: true });
  }
}

/** A day of Stripe's charges is held at a time; only what is not among them is asked for by itself. */
async function lookUp(run: Reconciliation, days: ReadonlySet<string>, { practice, needs }: At): Promise<void> {
  const { reconciliationId, accountId } = run;
  for (const day of days) {
    const atStripe = await stripeBalance.intentsOn(accountId, day);
    for await (const { paymentId, paidAt, amountCents, stripe } of receivedSince(run, { practice, needs })) {
      const { paymentIntentId } = stripe;
      if (dayOf(paidAt) !== day || atStripe.has(paymentIntentId)) continue;
      if (await stripeGateway.readBooks(accountId, paymentIntentId)) continue;
      const facts = { paymentIntentId, paymentId, stripeCents: 0, ledgerCents: amountCents, mended: false };
      await reconciliationStore.note(practice.practiceId, { reconciliationId, ...facts, kinds: ['not_at_stripe'] });
    }
  }
}

/** Payments of the span that the ledger says Stripe took, a page after the other. */
async function* receivedSince(run: Reconciliation, { practice, needs }: At) {
  const last = dayOf(needs.clock.now()).slice(0, 7);
  for (let month = dayOf(run.from).slice(0, 7); month <= last; month = monthAfter(month)) {
    let cursor: string | undefined;
    do {
      const page = await reconciliationStore.ledgerPage(practice.practiceId, month, cursor);
      yield* receivedIn(run, page.entries);
      cursor = page.nextCursor ?? undefined;
    } while (cursor);
  }
}

/** What nobody but staff can mend; once each, however often it is found. */
async function raise(run: Reconciliation, open: readonly Difference[], { practice, needs }: At): Promise<void> {
  const { practiceId } = practice;
  for (const { paymentIntentId, paymentId, stripeCents, ledgerCents } of open) {
    const attentionId = idFrom('wrk', practiceId, 'reconciliation', paymentIntentId);
    const facts = { paymentIntentId, stripeCents, ledgerCents, reconciliationId: run.reconciliationId };
    const item = { attentionId, kind: 'reconciliation_difference', at: needs.clock.now(), paymentId, facts };
    await decideAnew(() => transact([reconciliationStore.addAttention(practiceId, item)]).catch(knownAlready));
  }
}

const knownAlready = (error: unknown): void => {
  if (!(error instanceof LostRace) || !error.failed.some(({ found }) => found)) throw error;
};
