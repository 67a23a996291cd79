import { type Job, latestDateOf, startOfJob } from '../../shared/domain/automation/jobs';
import { again, newRun, type Run } from '../../shared/domain/automation/run';
import { addDays, type CalendarDate, calendarDate, type Instant, localDate } from '../../shared/domain/calendar';
import type { AutomationSettings } from '../../shared/domain/practice';
import { invalidInput } from '../../shared/domain/problem';
import { type Input, type Operation, reply, serve } from '../../shared/http/serve';
import { type Needs, real } from '../../shared/needs';
import { startAutomationRunRow } from '../../shared/operations/automation';
import { automationStore, runIdOf } from '../../shared/store/automationStore';
import { decideAnew, transact } from '../../shared/store/kernel';
import { settingsStore } from '../../shared/store/settingsStore';
import { runEntity } from '../../shared/store/table';
import { runView } from '../../shared/views/automationView';
import { tell } from '../../shared/work/automation/engine';
import { type WorkQueues, workQueues } from '../../shared/work/queues';

const mostDaysBack = 366;

/** A run that is under way is answered as it is; one that is done begins once more; one that never was begins. */
export const startAutomationRun = (
  needs: Needs & { readonly queues: WorkQueues },
): Operation<typeof startAutomationRunRow> => ({
  run: async input => {
    const { caller, once } = input;
    const { run, key } = await decideAnew(async () => {
      const { run, write } = await once.beside(wanted(input, needs));
      const record = once.record(202, { runId: run.runId });
      const writes = [...(write ? [write] : []), ...record];
      if (writes.length > 0) await transact(writes);
      return { run, key: write && runEntity.key(caller.practiceId, run) };
    });
    if (key) await tell([key], 'work', needs);
    return reply(202, runView(run));
  },
  replay: async ({ ids: { runId = '' } }, { caller }) =>
    reply(202, runView(await automationStore.load(caller.practiceId, runId))),
});

async function wanted({ caller, body }: Input<typeof startAutomationRunRow>, { clock }: Needs) {
  const { practiceId, timeZone } = caller;
  const now = clock.now();
  const { job } = body;
  const on = calendarDate(body.on);
  const runId = runIdOf(practiceId, job, on);
  const [settings, next, known] = await Promise.all([
    settingsStore.loadAutomation(practiceId),
    automationStore.next(practiceId, job),
    automationStore.find(practiceId, runId),
  ]);
  refuseDate(job, on, { now, settings, timeZone });
  if (known?.status === 'running') return { run: known };
  const run: Run = known ? again(known, now) : newRun({ runId, job, on, trigger: 'staff' }, now);
  // A night that is late is begun by hand as it would be by itself; one that is over keeps to the bills that it saw.
  const isOver = job === 'autopay' && (next === undefined || next.on > on);
  const madeUntil = known?.madeUntil ?? known?.finishedAt ?? startOfJob(job, on, settings, timeZone);
  const wanted: Run = isOver ? { ...run, madeUntil } : run;
  const write = known ? automationStore.goOn(practiceId, wanted) : automationStore.begin(practiceId, wanted);
  return { run: wanted, write };
}

interface Moment {
  readonly now: Instant;
  readonly settings: AutomationSettings;
  readonly timeZone: string;
}

function refuseDate(job: Job, on: CalendarDate, { now, settings, timeZone }: Moment): void {
  const today = localDate(now, timeZone);
  if (on > today) throw invalidInput('/on', 'must not be in the future: see the preview of that date');
  if (on < addDays(today, -mostDaysBack)) throw invalidInput('/on', 'must be within a year');
  const latest = latestDateOf(job, now, settings, timeZone);
  // It goes by what is owed now, so an older night would charge what was never announced for it.
  if (job === 'autopay' && on !== latest) throw invalidInput('/on', `must be ${latest}, the latest night of AutoPay`);
  // Before its hour it would take the place of the evening's own mail, of another day it would tell what is over.
  if (job === 'preview' && (on !== today || latest !== today)) {
    throw invalidInput('/on', 'must be today, once the hour of this mail has come: see the preview of a date instead');
  }
}

export const handler = serve(startAutomationRunRow, startAutomationRun({ ...real, queues: workQueues }));
