import { beginRun } from '../../shared/work/automation/beginRun';
import { doPart } from '../../shared/work/automation/doPart';
import { goOnWithRun } from '../../shared/work/automation/goOnWithRun';
import { realEngine } from '../../shared/work/automation/works';
import { runImport } from '../../shared/work/importWork';
import { workQueue } from '../../shared/work/queueDoor';

/** Work without an outside limit: imports, and the nights of practices. */
export const handler = workQueue('doDueWork', {
  IMPORT: ({ practiceId, homeId }) => runImport(practiceId, homeId),
  NIGHT: ({ practiceId, id }) => beginRun(practiceId, id, realEngine),
  RUN: ({ practiceId, id }) => goOnWithRun(practiceId, id, realEngine),
  PART: item => doPart(item, realEngine),
});
