import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { renderPdf } from '../../../shared/documents/pdf';
import { papers } from '../../fixtures/papers';

const folder = mkdtempSync(path.resolve('.build/printer-'));
let built: string;
beforeAll(() => {
  const build = ['tools/run.mjs', 'test/fixtures/buildPrinter.ts', folder];
  built = execFileSync('node', build, { encoding: 'utf8' }).trim();
});
afterAll(() => rmSync(folder, { recursive: true }));

test('a built function, where smaller code stands in for packages, gives the same bytes with both fonts and with a picture', async () => {
  for (const name of ['bill of an insured client', 'bill in many scripts', 'bill with a PNG as logo']) {
    const make = papers[name];
    if (!make) throw new Error(`there is no ${name}`);
    const bytes = execFileSync('node', [built, name], { maxBuffer: 1e7 });
    expect([name, bytes.equals(await renderPdf(make()))]).toEqual([name, true]);
  }
});

test('the trace of an error in a built function leads to the line of our own source', () => {
  const { status, stderr } = spawnSync('node', [built, 'nobody'], { encoding: 'utf8' });
  const source = readFileSync('test/fixtures/printPaper.ts', 'utf8').split('\n');
  const line = source.findIndex(text => text.includes('Which paper?')) + 1;
  expect(status).toBe(1);
  expect(stderr).toContain(`Error: Which paper?\n    at test/fixtures/printPaper.ts:${line}:`);
});
