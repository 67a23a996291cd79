import type * as z from 'zod';
import type { Run } from '../domain/automation/run';
import type { automationRunObject } from '../operations/automation';

export const runView = (run: Run): z.output<typeof automationRunObject> => {
  const { runId, job, on, status, trigger, startedAt, finishedAt, outcomes = {}, amountCents = 0 } = run;
  return {
    runId,
    job,
    on,
    status,
    trigger,
    startedAt,
    ...(finishedAt ? { finishedAt } : {}),
    outcomes: { ...outcomes },
    amountCents,
  };
};
