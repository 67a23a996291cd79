import { left, type RunPart, type Task, type TaskResult, taskId } from '../../domain/automation/run';
import { addMinutes, addSeconds } from '../../domain/calendar';
import { given } from '../../domain/given';
import { logger } from '../../logger';
import { attentionStore } from '../../store/attentionStore';
import { automationStore } from '../../store/automationStore';
import { replaced } from '../../store/changes';
import { decideAnew, getItems, type Key, transact, type Write } from '../../store/kernel';
import { billHeadEntity, type DueItem } from '../../store/table';
import { type EngineNeeds, patienceMilliseconds, tell, unlessLost } from './engine';

/** Longer than a worker lives: until then nobody else takes the part. */
const claimSeconds = 90;
const mostTries = 5;

interface Came {
  readonly results: TaskResult[];
  readonly failed: Task[];
}

/** Does a part of a run, or what is left of it. Told twice at once, it is done by who claims it first. */
export async function doPart(item: DueItem, needs: EngineNeeds): Promise<void> {
  const { practiceId, homeId: runId } = item;
  const [part, run] = await Promise.all([automationStore.partAt(item), automationStore.find(practiceId, runId)]);
  const perform = part && needs.performs[part.job];
  if (!run || !perform || part.status === 'done') return;
  const now = needs.clock.now();
  const isClaimed = part.tries > 0 && part.dueAt !== undefined && part.dueAt > now;
  if (isClaimed) return;
  // Whoever had it each time died of it, and would for ever; what waits for this run would wait with it.
  if (part.tries >= mostTries) {
    await decideAnew(() => keep(item, { results: [], failed: left(part) }, needs));
    return;
  }
  const claim: RunPart = { ...part, tries: part.tries + 1, dueAt: addSeconds(now, claimSeconds) };
  if (!(await unlessLost([automationStore.goOnPart(practiceId, claim)]))) return;
  const started = performance.now();
  const came: Came = { results: [], failed: [] };
  const each = async (task: Task, doIt: () => Promise<readonly TaskResult[]>): Promise<void> => {
    if (performance.now() - started > patienceMilliseconds) return;
    try {
      came.results.push(...(await doIt()));
    } catch (error) {
      logger.error('a task of a run failed', { practiceId, runId, job: part.job, error: error as Error });
      came.failed.push(task);
    }
  };
  const { on } = part;
  const { startedAt, madeUntil } = run;
  await perform({ practiceId, on, startedAt, madeUntil, tasks: left(part), each });
  const outOfTime = await decideAnew(() => keep(item, came, needs));
  if (outOfTime) await tell([item], item.kind === 'CHARGES' ? 'charges' : 'work', needs);
}

/** What came of a part; what failed is tried again later, in the end told to staff. True when only time ran out. */
async function keep(item: Key & { practiceId: string }, came: Came, needs: EngineNeeds): Promise<boolean> {
  const { practiceId } = item;
  const part = await automationStore.partAt(item);
  if (!part || part.status === 'done') return false;
  const now = needs.clock.now();
  const known = new Set(part.results.map(taskId));
  const givenUp = part.tries >= mostTries ? came.failed : [];
  const results = [
    ...part.results,
    ...came.results.filter(result => !known.has(taskId(result))),
    ...givenUp.map(({ clientId, billId }) => ({ clientId, ...given({ billId }), outcome: 'failed' })),
  ];
  const isDone = left({ ...part, results }).length === 0;
  const hasFailed = came.failed.length > 0;
  const { dueAt: _, ...rest } = part;
  await transact([
    automationStore.goOnPart(practiceId, {
      ...rest,
      results,
      status: isDone ? 'done' : 'waiting',
      // What time ran out for is no failed try.
      tries: isDone || hasFailed ? part.tries : 0,
      ...(isDone ? {} : { dueAt: addMinutes(now, hasFailed ? 2 ** part.tries : 0) }),
    }),
    ...givenUp.map(({ clientId, billId }) =>
      attentionStore.add(practiceId, {
        attentionId: needs.newId('wrk'),
        kind: 'automation_failed',
        at: now,
        clientId,
        ...given({ billId }),
        facts: { job: part.job, on: part.on },
      }),
    ),
    ...(await raisedOnBills(practiceId, givenUp)),
  ]);
  return !isDone && !hasFailed;
}

/** A bill counts what there is to look at on it: by that it stands in the section that wants attention. */
async function raisedOnBills(practiceId: string, tasks: readonly Task[]): Promise<Write[]> {
  const billIds = [...new Set(tasks.flatMap(({ billId }) => billId ?? []))];
  const items = await getItems(billIds.map(billId => billHeadEntity.key(practiceId, { billId })));
  const heads = items.map(billHeadEntity.record);
  return heads.map(head => replaced(billHeadEntity, practiceId, { ...head, attention: head.attention + 1 }));
}
