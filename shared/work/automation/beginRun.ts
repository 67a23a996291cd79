import { jobs, nextDateOf, startOfJob } from '../../domain/automation/jobs';
import { newRun } from '../../domain/automation/run';
import { addDays } from '../../domain/calendar';
import { invariant } from '../../domain/invariant';
import { automationStore, runIdOf } from '../../store/automationStore';
import { practiceOf } from '../../store/cardStore';
import { settingsStore } from '../../store/settingsStore';
import { runEntity } from '../../store/table';
import { type EngineNeeds, tell, unlessLost } from './engine';

/**
 * A job's instant has come: begins its run and puts the next one, in one transaction. The run's id derives from job and
 * date, so it begins once, however many sweeps and messages tell of it. Dates that were missed come one after the other.
 */
export async function beginRun(practiceId: string, name: string, needs: EngineNeeds): Promise<void> {
  const job = jobs.find(known => known === name);
  invariant(job, `${name} is a job`);
  const now = needs.clock.now();
  const [next, { timeZone }, settings] = await Promise.all([
    automationStore.next(practiceId, job),
    practiceOf(practiceId),
    settingsStore.loadAutomation(practiceId),
  ]);
  if (!next || next.dueAt > now) return;
  const later = nextDateOf(job, addDays(next.on, 1), settings);
  const to = later && { on: later, dueAt: startOfJob(job, later, settings, timeZone) };
  const runId = runIdOf(practiceId, job, next.on);
  // By hand somebody may have run it already.
  const isKnown = (await automationStore.find(practiceId, runId)) !== undefined;
  const run = newRun({ runId, job, on: next.on, trigger: 'night' }, now);
  const begun = await unlessLost([
    automationStore.moveOn(practiceId, next, to),
    ...(isKnown ? [] : [automationStore.begin(practiceId, run)]),
  ]);
  if (begun && !isKnown) await tell([runEntity.key(practiceId, run)], 'work', needs);
}
