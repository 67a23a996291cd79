import { addMinutes } from '../domain/calendar';
import { isProblem } from '../domain/problem';
import { type Difference, isOver, markAfter, type Reconciliation } from '../domain/reconciliation';
import { idFrom } from '../ids';
import { logger } from '../logger';
import type { Needs } from '../needs';
import { attentionStore } from '../store/attentionStore';
import { practiceOf } from '../store/cardStore';
import { LostRace, transact, type Write } from '../store/kernel';
import { reconciliationStore } from '../store/reconciliationStore';
import { raiseDifference } from './raiseDifference';
import { agreesNow } from './reconcileCharge';
import { disputePage, openDisputePage } from './reconcileDisputes';
import { ledgerPage, lookAtDay } from './reconcileLedger';
import { stripePage } from './reconcileMovements';
import { payoutPage } from './reconcilePayouts';
import type { At, Step, Stepped } from './reconcileStep';
import { stripeBalance } from './stripeBalance';

/** Less than the worker is given; what is left is due again at once. */
const patienceMilliseconds = 60_000;
/** As long as pages follow one another no sweep hands the run to a second worker. */
const leaseMinutes = 5;

const steps: Readonly<Record<Reconciliation['step']['kind'], Step>> = {
  stripe: stripePage,
  disputes: disputePage,
  openDisputes: openDisputePage,
  payouts: payoutPage,
  ledger: ledgerPage,
  days: lookAtDay,
  differences: tellDifferences,
};

/**
 * Works a reconciliation off, a page of Stripe's movements, of a payout or of the ledger after the other (`domain.md` rule
 * 36). Progress is kept with each page, so that a run which dies goes on where it was, and whoever takes the same page
 * twice finds its charges in line. Holds one page in memory.
 */
export async function runReconciliation(practiceId: string, reconciliationId: string, needs: Needs): Promise<void> {
  const started = performance.now();
  const practice = await practiceOf(practiceId);
  for (let first = true; ; first = false) {
    const run = await reconciliationStore.load(practiceId, reconciliationId);
    // A message that waited longer than the sweep's lease comes twice: one worker is enough.
    if (isOver(run) || (first && isInHands(run, needs))) return;
    const after = await oneStep(run, { practice, needs });
    const late = performance.now() - started > patienceMilliseconds;
    const kept = await keep(practiceId, after, { needs, late });
    if (!kept || late || isOver(after.run)) return;
  }
}

/** A page of work; or the end, where no later try would get further: else it would stand in the way of all that follow. */
async function oneStep(run: Reconciliation, at: At): Promise<Stepped> {
  if (run.accountId !== at.practice.stripe.accountId) return failed(run, 'account_changed', at);
  try {
    return await steps[run.step.kind](run, at);
  } catch (error) {
    if (!isProblem(error, 'stripe_refused')) throw error;
    return failed(run, String(error.facts.reason ?? 'stripe_refused'), at);
  }
}

/** Staff are told once for as long as it stays so: while nothing can be proved, each run begins at the same mark. */
async function failed(run: Reconciliation, code: string, { practice, needs }: At): Promise<Stepped> {
  const { reconciliationId, accountId = '', from } = run;
  const at = needs.clock.now();
  const attentionId = idFrom('wrk', practice.practiceId, 'reconciliation_failed', accountId, code, from);
  const facts = { reconciliationId, code };
  await attentionStore.raiseOnce(practice.practiceId, { attentionId, kind: 'reconciliation_failed', at, facts });
  return { run: { ...run, status: 'failed', finishedAt: at } };
}

const isInHands = ({ dueAt }: Reconciliation, { clock }: Needs): boolean => dueAt !== undefined && dueAt > clock.now();

/** False when another worker had the same page and was quicker. */
async function keep(
  practiceId: string,
  { run, writes = [] }: Stepped,
  { needs, late }: { needs: Needs; late: boolean },
): Promise<boolean> {
  const { dueAt: _, ...rest } = run;
  const now = needs.clock.now();
  const on = isOver(run)
    ? { status: run.status }
    : { status: 'running' as const, dueAt: late ? now : addMinutes(now, leaseMinutes) };
  try {
    await transact([reconciliationStore.goOn(practiceId, { ...rest, ...on }), ...writes]);
    return true;
  } catch (error) {
    if (error instanceof LostRace) return false;
    throw error;
  }
}

/** A page of what differed: what is open still asks for attention. With the last one the run is done. */
async function tellDifferences(run: Reconciliation, at: At): Promise<Stepped> {
  const { practiceId } = at.practice;
  const page = { limit: 100, cursor: run.step.cursor };
  const { items, nextCursor } = await reconciliationStore.differences(practiceId, run.reconciliationId, page);
  let mended = 0;
  for (const difference of items) {
    if (difference.mended || (await mendedSince(run, difference, at))) mended += 1;
    else await tellOpen(practiceId, difference, at.needs);
  }
  const after = { ...run, differences: run.differences + items.length, mended: run.mended + mended };
  if (nextCursor) return { run: { ...after, step: { kind: 'differences', cursor: nextCursor } } };
  logger.info('reconciled', { charges: run.charges, differences: after.differences, mended: after.mended });
  const done = { ...after, status: 'done' as const, finishedAt: at.needs.clock.now() };
  return { run: done, writes: await markWrites(run, at) };
}

/** With the end of a run, in its transaction. */
async function markWrites(run: Reconciliation, { practice }: At): Promise<Write[]> {
  const { practiceId } = practice;
  const before = await reconciliationStore.mark(practiceId, run.accountId);
  const mark = markAfter(run, before, practice);
  return mark === undefined || mark === before ? [] : [reconciliationStore.moveMark(practiceId, run.accountId, mark)];
}

/** What nothing was found about but that it does not agree is told as that. */
async function tellOpen(practiceId: string, difference: Difference, needs: Needs): Promise<void> {
  if (difference.kinds.length === 0)
    await reconciliationStore.note(practiceId, { ...difference, kinds: ['amount_differs'] });
  await raiseDifference(practiceId, difference, needs);
}

/** What a run that died had noted and then mended, or could not hold just then, agrees by now. */
async function mendedSince(run: Reconciliation, difference: Difference, { practice }: At): Promise<boolean> {
  if (difference.kinds.length > 0) return false;
  const { practiceId } = practice;
  const charge = await stripeBalance.readBooks(run.accountId, difference.paymentIntentId);
  if (!charge || !(await agreesNow({ practiceId, account: run.accountId, charge }))) return false;
  await reconciliationStore.note(practiceId, { ...difference, mended: true });
  return true;
}
