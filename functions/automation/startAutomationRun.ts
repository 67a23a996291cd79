import { again, newRun, type Run } from '../../shared/domain/automation/run';
import { addDays, calendarDate, localDate } from '../../shared/domain/calendar';
import { invalidInput } from '../../shared/domain/problem';
import { type Input, type Operation, reply, serve } from '../../shared/http/serve';
import { type Needs, real } from '../../shared/needs';
import { startAutomationRunRow } from '../../shared/operations/automation';
import { automationStore, runIdOf } from '../../shared/store/automationStore';
import { decideAnew, transact } from '../../shared/store/kernel';
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
  const today = localDate(now, timeZone);
  const on = calendarDate(body.on);
  if (on > today) throw invalidInput('/on', 'must not be in the future: see the preview of that date');
  if (on < addDays(today, -mostDaysBack)) throw invalidInput('/on', 'must be within a year');
  const { job } = body;
  const runId = runIdOf(practiceId, job, on);
  const known = await automationStore.find(practiceId, runId);
  if (known?.status === 'running') return { run: known };
  const run: Run = known ? again(known, now) : newRun({ runId, job, on, trigger: 'staff' }, now);
  const write = known ? automationStore.goOn(practiceId, run) : automationStore.begin(practiceId, run);
  return { run, write };
}

export const handler = serve(startAutomationRunRow, startAutomationRun({ ...real, queues: workQueues }));
