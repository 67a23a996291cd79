import { firstDateOf, type Job, jobPlans, jobs, startOfJob } from '../domain/automation/jobs';
import type { NextRun, Run, RunPart } from '../domain/automation/run';
import type { CalendarDate, Instant } from '../domain/calendar';
import type { AutomationSettings } from '../domain/practice';
import { Problem } from '../domain/problem';
import { idFromAt } from '../ids';
import { added, removed, replaced } from './changes';
import { getItem, getItems, type Key, queryAll, queryPage, type Write } from './kernel';
import { automationPartition, nextRunEntity, partsPartition, runEntity, runPartEntity, runsPrefix } from './table';

/** One id for each job of each date, so that a second run of it is a failed put. */
export const runIdOf = (practiceId: string, job: Job, on: CalendarDate): string =>
  idFromAt('run', `${on}T00:00:00.000Z`, practiceId, job);

export const automationStore = {
  async nexts(practiceId: string): Promise<NextRun[]> {
    const items = await queryAll({ partition: automationPartition(practiceId), prefix: 'NEXT#' });
    return items.map(nextRunEntity.record);
  },
  async next(practiceId: string, job: Job): Promise<NextRun | undefined> {
    const item = await getItem(nextRunEntity.key(practiceId, { job }));
    return item && nextRunEntity.record(item);
  },

  async find(practiceId: string, runId: string): Promise<Run | undefined> {
    const item = await getItem(runEntity.key(practiceId, { runId }));
    return item && runEntity.record(item);
  },
  async load(practiceId: string, runId: string): Promise<Run> {
    const run = await automationStore.find(practiceId, runId);
    if (!run) throw new Problem('not_found', { what: 'run' });
    return run;
  },
  /** Those of them that there are, in no order. */
  async several(practiceId: string, runIds: readonly string[]): Promise<Run[]> {
    return (await getItems(runIds.map(runId => runEntity.key(practiceId, { runId })))).map(runEntity.record);
  },
  /** The latest dates first. */
  async page(practiceId: string, page: { limit: number; cursor: string | undefined }) {
    const partition = automationPartition(practiceId);
    const found = await queryPage({ partition, prefix: runsPrefix, newestFirst: true, ...page });
    return { items: found.items.map(runEntity.record), nextCursor: found.nextCursor };
  },

  /** A part by its key, as due work is told of. */
  async partAt({ pk, sk }: Key): Promise<RunPart | undefined> {
    const item = await getItem({ pk, sk });
    return item && runPartEntity.record(item);
  },
  /** Those of every time of the run, in their order. */
  async *parts(practiceId: string, { runId }: Run): AsyncGenerator<RunPart> {
    let cursor: string | undefined;
    do {
      const page = await queryPage({ partition: partsPartition(practiceId, runId), cursor });
      for (const item of page.items) yield runPartEntity.record(item);
      cursor = page.nextCursor ?? undefined;
    } while (cursor);
  },
  async partsPage(practiceId: string, { runId }: Run, cursor: string | undefined) {
    const page = await queryPage({ partition: partsPartition(practiceId, runId), limit: 10, cursor });
    return { parts: page.items.map(runPartEntity.record), nextCursor: page.nextCursor };
  },

  /**
   * True when this job of this date is behind us: begun, and everything in it done. A job that has no run of the date,
   * since it is switched off or was not on yet, keeps nobody waiting itself, but what comes before it does.
   */
  async isFinished(practiceId: string, job: Job, on: CalendarDate): Promise<boolean> {
    // One after the other: a job moves on in the transaction that begins its run, so what has moved on has its run by now.
    const next = await automationStore.next(practiceId, job);
    const run = await automationStore.find(practiceId, runIdOf(practiceId, job, on));
    if (run) return run.status === 'done';
    if (next && next.on <= on) return false;
    const { after } = jobPlans[job];
    return after === undefined || automationStore.isFinished(practiceId, after, on);
  },

  /** True when this job of this date takes up nothing more: its list was walked to the end, or there is and will be no run. */
  async isPast(practiceId: string, job: Job, on: CalendarDate): Promise<boolean> {
    const next = await automationStore.next(practiceId, job);
    const run = await automationStore.find(practiceId, runIdOf(practiceId, job, on));
    return run ? run.walked : next === undefined || next.on > on;
  },

  begin: (practiceId: string, run: Run): Write => added(runEntity, practiceId, run),
  goOn: (practiceId: string, run: Run): Write => replaced(runEntity, practiceId, run),
  addPart: (practiceId: string, part: RunPart): Write => added(runPartEntity, practiceId, part),
  goOnPart: (practiceId: string, part: RunPart): Write => replaced(runPartEntity, practiceId, part),

  /** The next date of a job that has begun; one that has none any more is gone until the settings bring it back. */
  moveOn: (practiceId: string, next: NextRun, to: { on: CalendarDate; dueAt: Instant } | undefined): Write =>
    to ? replaced(nextRunEntity, practiceId, { ...next, ...to }) : removed(nextRunEntity, practiceId, next),
};

/**
 * Brings a practice's next nights in line with its settings and its zone, in the transaction that changes them. A date
 * that is late and not yet run stays; otherwise each job begins at its next instant to come. What ran already does not run
 * again in a new zone: the run's own key prevents it (`domain.md` rule 47).
 */
export function nightWrites(
  practiceId: string,
  known: readonly NextRun[],
  { settings, timeZone, now }: { settings: AutomationSettings; timeZone: string; now: Instant },
): Write[] {
  return jobs.flatMap(job => {
    const next = known.find(each => each.job === job);
    const coming = firstDateOf(job, now, settings, timeZone);
    const late = next && (coming === undefined || next.on < coming) && jobPlans[job].isDue(settings, next.on);
    const on = late ? next.on : coming;
    if (on === undefined) return next ? [removed(nextRunEntity, practiceId, next)] : [];
    const dueAt = startOfJob(job, on, settings, timeZone);
    if (!next) return [added(nextRunEntity, practiceId, { job, on, dueAt })];
    return next.on === on && next.dueAt === dueAt ? [] : [replaced(nextRunEntity, practiceId, { ...next, on, dueAt })];
  });
}
