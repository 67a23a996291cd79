import { real } from '../../needs';
import { workQueues } from '../queues';
import { createBills } from './createBills';
import type { EngineNeeds } from './engine';
import { lists } from './lists';

/** Everything that no outside limit holds up. */
export const performs = { bills: createBills(real) };

export const realEngine: EngineNeeds = { ...real, queues: workQueues, lists, performs };
