// `npm run test:faults -- --schedules 100000`: schedules of one to four faults, drawn over all stories of test/faults.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { notesIn } from './toldSchedules.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const { values: asked } = parseArgs({
  options: {
    schedules: { type: 'string', default: '10000' },
    seed: { type: 'string', default: '1' },
    story: { type: 'string' },
  },
});
const wanted = Number(asked.schedules);
if (!Number.isSafeInteger(wanted) || wanted < 1) stop(`--schedules takes a number, not ${asked.schedules}`);

function stop(why) {
  console.error(why);
  process.exit(2);
}

function jest(env, stdio) {
  const args = ['--selectProjects', 'faults', '--maxWorkers=2'];
  return spawnSync(path.join(root, 'node_modules/.bin/jest'), args, {
    cwd: root,
    stdio,
    env: { ...process.env, ...env },
  });
}

/** The stories that may be told with faults, each counted by itself. */
function storyNames() {
  const folder = mkdtempSync(path.join(tmpdir(), 'stories-'));
  const file = path.join(folder, 'names');
  writeFileSync(file, '');
  const { status, stderr } = jest({ SCHEDULES: '0', SCHEDULES_TOLD: file }, 'pipe');
  if (status !== 0) stop(String(stderr));
  const names = notesIn(file).map(({ story }) => story);
  rmSync(folder, { recursive: true });
  return names;
}

const known = storyNames();
if (asked.story !== undefined && !known.includes(asked.story))
  stop(`No story is called ${asked.story}. There are: ${known.sort().join(', ')}`);
const stories = asked.story === undefined ? known : [asked.story];
const each = Math.ceil(wanted / stories.length);
console.log(`${each} schedules of each of ${stories.length} stories, seed ${asked.seed}`);
const { status } = jest(
  { SCHEDULES: String(each), SEED: asked.seed, ...(asked.story === undefined ? {} : { STORY: asked.story }) },
  'inherit',
);
process.exit(status ?? 1);
