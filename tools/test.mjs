// `npm test`: makes the clone ready, then types, lint, and every test; `--full` adds the long enumerations.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { findChromium } from './chromium.mjs';
import { installPackages } from './ready.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const full = process.argv.includes('--full');

function run(what, command, args, env = {}) {
  console.log(`\n— ${what}`);
  const started = performance.now();
  const { status } = spawnSync(command, args, { cwd: root, stdio: 'inherit', env: { ...process.env, ...env } });
  console.log(
    `  ${what}: ${status === 0 ? 'good' : 'failed'} after ${((performance.now() - started) / 1000).toFixed(1)} s`,
  );
  if (status !== 0) process.exit(status ?? 1);
}

const bin = name => path.join(root, 'node_modules/.bin', name);

installPackages();
// Found, or installed, before any test's own clock runs; the tests are told which one.
const chromium = await findChromium();
console.log(`Browser: ${chromium}`);
run('types', bin('tsc'), ['--noEmit']);
run('lint', bin('biome'), ['check', '--error-on-warnings', '.']);
if (existsSync(path.join(root, 'tools/docs.ts')))
  run('generated docs', process.execPath, ['tools/run.mjs', 'tools/docs.ts', '--check']);
const projects = ['unit', 'store', 'infra', 'scenarios', 'faults', 'browser'];
run('tests', bin('jest'), ['--selectProjects', ...projects, '--maxWorkers=2'], {
  CHROMIUM_PATH: chromium,
  ...(full ? { FULL: '1' } : {}),
});
