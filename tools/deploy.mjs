// `npm run deploy -- -c mailFrom=billing@… [-c domainName=… -c certificateArn=…]`: checks types and lint, synthesises with
// the security checks, shows what will change, deploys all stacks (cdk asks before rights widen), and uploads the site.
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { installPackages } from './ready.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const settings = process.argv.slice(2);
const outputs = '.build/outputs.json';

function run(what, command, args) {
  console.log(`\n— ${what}`);
  const { status } = spawnSync(command, args, { cwd: root, stdio: 'inherit' });
  if (status !== 0) {
    console.error(`\nStopped: ${what} failed. What stood before stands still.`);
    process.exit(status ?? 1);
  }
}

const bin = name => path.join(root, 'node_modules/.bin', name);

installPackages();
run('types', bin('tsc'), ['--noEmit']);
run('lint', bin('biome'), ['check', '--error-on-warnings', '.']);
run('what will change', bin('cdk'), ['diff', '--all', ...settings]);
run('deploy', bin('cdk'), ['deploy', '--all', '--outputs-file', outputs, ...settings]);
run('site', process.execPath, ['tools/run.mjs', 'infra/publishSite.ts', outputs]);
console.log(
  '\nDeployed. A first practice: npm run found -- --deployed --name … (npm run found -- tells what it wants).',
);
