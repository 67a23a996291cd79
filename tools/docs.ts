/**
 * `npm run docs`: brings what is made from the operation rows and kept in the repository up to date. With `--check` it
 * changes nothing and fails when something is stale. The contract itself is made with each build.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { staleFiles } from './docs/kept';

const stale = staleFiles(file => (existsSync(file) ? readFileSync(file, 'utf8') : ''));
const names = [...stale.keys()].join(', ');
if (stale.size === 0) console.log('README and client say what the operation rows say.');
else if (process.argv.includes('--check')) {
  console.error(`No longer what the operation rows say: ${names}. Run \`npm run docs\` and commit what it changes.`);
  process.exitCode = 1;
} else {
  for (const [file, text] of stale) writeFileSync(file, text);
  console.log(`Brought up to date: ${names}.`);
}
