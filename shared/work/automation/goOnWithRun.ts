import { jobPlans } from '../../domain/automation/jobs';
import {
  counted,
  leaseMinutes,
  type Run,
  type RunPart,
  standing,
  sumOf,
  type TaskResult,
} from '../../domain/automation/run';
import { addMinutes } from '../../domain/calendar';
import { logger } from '../../logger';
import { automationStore } from '../../store/automationStore';
import { decideAnew, transact } from '../../store/kernel';
import { runEntity, runPartEntity } from '../../store/table';
import { type EngineNeeds, type JobList, patienceMilliseconds, portions, tell, unlessLost } from './engine';

/** Walks the list of what the run may have to do and hands it out in parts; then looks until all of them are done. */
export async function goOnWithRun(practiceId: string, runId: string, needs: EngineNeeds): Promise<void> {
  const started = performance.now();
  let run = await automationStore.find(practiceId, runId);
  if (!run || run.status === 'done') return;
  const list = needs.lists[run.job];
  const { after } = jobPlans[run.job];
  if (after && !run.walked && !(await automationStore.isFinished(practiceId, after, run.on))) {
    await unlessLost([automationStore.goOn(practiceId, { ...run, dueAt: addMinutes(needs.clock.now(), 1) })]);
    return;
  }
  while (run && !run.walked) {
    if (performance.now() - started > patienceMilliseconds) {
      return tell([runEntity.key(practiceId, run)], 'work', needs);
    }
    run = await walkOn(practiceId, run, list, needs);
  }
  if (run) await close(practiceId, runId, needs);
}

/** One page: its parts and how far the walk is, in one transaction. Nothing when another walker was quicker. */
async function walkOn(practiceId: string, run: Run, list: JobList, needs: EngineNeeds): Promise<Run | undefined> {
  const { tasks, passed, nextCursor } = await list.page(practiceId, run.on, run.cursor);
  const now = needs.clock.now();
  const { runId, job, on } = run;
  const parts = portions(tasks, list.tasksOfPart).map((some, index): RunPart => {
    const part = run.parts + index + 1;
    const dueAt = addMinutes(now, leaseMinutes);
    return { runId, part, job, on, status: 'waiting', tasks: some, results: [], tries: 0, dueAt };
  });
  const { cursor: _, ...rest } = run;
  const walked: Run = {
    ...rest,
    ...(nextCursor === null ? {} : { cursor: nextCursor }),
    walked: nextCursor === null,
    parts: run.parts + parts.length,
    outcomes: counted(
      run.outcomes,
      Object.entries(passed).map(([reason, count]) => [`skipped_${reason}`, count]),
    ),
    dueAt: addMinutes(now, nextCursor === null ? 1 : leaseMinutes),
  };
  const won = await unlessLost([
    automationStore.goOn(practiceId, walked),
    ...parts.map(part => automationStore.addPart(practiceId, part)),
  ]);
  if (!won) return undefined;
  await tell(
    parts.map(part => runPartEntity.key(practiceId, part)),
    job === 'autopay' ? 'charges' : 'work',
    needs,
  );
  return automationStore.find(practiceId, runId);
}

/** Ends the run once every part is done; until then it looks again each minute. */
function close(practiceId: string, runId: string, needs: EngineNeeds): Promise<void> {
  return decideAnew(async () => {
    const run = await automationStore.find(practiceId, runId);
    if (!run || run.status === 'done') return;
    const now = needs.clock.now();
    const results: TaskResult[] = [];
    for await (const part of automationStore.parts(practiceId, run)) {
      if (part.status === 'done') results.push(...standing(run, part));
      else return transact([automationStore.goOn(practiceId, { ...run, dueAt: addMinutes(now, 1) })]);
    }
    const { dueAt: _, ...rest } = run;
    const sum = sumOf(results);
    const outcomes = counted(run.outcomes, Object.entries(sum.outcomes));
    logger.info('a run is done', { practiceId, runId, job: run.job, on: run.on, outcomes });
    const done: Run = { ...rest, status: 'done', finishedAt: now, outcomes, amountCents: sum.amountCents };
    await transact([automationStore.goOn(practiceId, done)]);
  });
}
