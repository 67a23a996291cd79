import { snapshotFiles } from '../../documents/snapshotFiles';
import { real } from '../../needs';
import { workQueues } from '../queues';
import { makeStatements, makeSuperbills } from './clientDocuments';
import { createBills } from './createBills';
import type { EngineNeeds } from './engine';
import { lists } from './lists';
import { mailDigest } from './mailDigest';
import { mailPreview } from './mailPreview';
import { remind } from './remind';
import { warnOfCards } from './warnOfCards';

/** Everything that no outside limit holds up. */
export const performs = {
  bills: createBills(real),
  superbills: makeSuperbills({ needs: real, files: snapshotFiles }),
  statements: makeStatements({ needs: real, files: snapshotFiles }),
  cards: warnOfCards(real),
  reminders: remind(real),
  preview: mailPreview(real),
  digest: mailDigest(real),
};

export const realEngine: EngineNeeds = { ...real, queues: workQueues, lists, performs };
