import { addDays, localDate } from '../domain/calendar';
import { isUnderWay, newReconciliation } from '../domain/reconciliation';
import { idFromAt } from '../ids';
import type { Needs } from '../needs';
import { practiceOf } from '../store/cardStore';
import { LostRace, transact } from '../store/kernel';
import { reconciliationStore } from '../store/reconciliationStore';
import { mayReconcile } from '../store/stripeAccountStore';

/**
 * Begins the night's reconciliation of a practice and puts the next night in the same transaction. The run's id derives
 * from the night's instant, so it begins once, however often it is told.
 */
export async function reconcileNightly(practiceId: string, needs: Needs): Promise<void> {
  const now = needs.clock.now();
  const [next, practice, latest] = await Promise.all([
    reconciliationStore.next(practiceId),
    practiceOf(practiceId),
    reconciliationStore.latest(practiceId),
  ]);
  if (!next || next.dueAt > now) return;
  const { timeZone } = practice;
  const night = localDate(now, timeZone);
  const reconciliationId = idFromAt('rec', next.dueAt, practiceId);
  const begins = (await mayReconcile(practice)) && !isUnderWay(latest, practice);
  const mark = await reconciliationStore.mark(practiceId, practice.stripe.accountId);
  const run = newReconciliation(practice, mark, { reconciliationId, trigger: 'nightly', now });
  try {
    await transact([
      reconciliationStore.moveOn(practiceId, next, { on: addDays(night, 1), timeZone }),
      ...(begins ? [reconciliationStore.begin(practiceId, run)] : []),
    ]);
  } catch (error) {
    if (!(error instanceof LostRace)) throw error;
  }
}
