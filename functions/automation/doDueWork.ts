import { runImport } from '../../shared/work/importWork';
import { workQueue } from '../../shared/work/queueDoor';

/** Work without an outside limit. */
export const handler = workQueue('doDueWork', {
  IMPORT: ({ practiceId, homeId }) => runImport(practiceId, homeId),
});
