import { statSync } from 'node:fs';

/** Folders whose tests take longest: what begins last of them would keep one worker busy while the other is idle. */
const long = ['faults', 'scenarios', 'portal', 'infra', 'local/cloud'];

const rank = ({ path }) => {
  const found = long.findIndex(folder => path.includes(`/test/${folder}/`));
  return found < 0 ? long.length : found;
};

/** The order in which jest begins its files: the same on a fresh clone, where nothing is known of earlier times. */
export default class LongFirst {
  sort(tests) {
    const size = new Map(tests.map(test => [test, statSync(test.path).size]));
    return [...tests].sort((a, b) => rank(a) - rank(b) || size.get(b) - size.get(a));
  }
  allFailedTests(tests) {
    return this.sort(tests);
  }
  /** Jest keeps times for its own order; this one needs none. */
  cacheResults() {}
}
