import { addTo } from './kernel';
import { numbersKey } from './table';

const before = 1000;

/** The next of the practice's own sequence of bill numbers: never used again, gaps possible (rule 55). */
export const nextSequence = async (practiceId: string, howMany = 1): Promise<number> =>
  before + (await addTo(numbersKey(practiceId), 'next', howMany));
