import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import path from 'node:path';
import { renderPdf } from '../../../shared/documents/pdf';
import { papers } from '../../fixtures/papers';

test('a built function, where smaller code stands in for packages, gives the same bytes with both fonts and with a picture', async () => {
  const folder = mkdtempSync(path.resolve('.build/printer-'));
  try {
    const build = ['tools/run.mjs', 'test/fixtures/buildPrinter.ts', folder];
    const module = execFileSync('node', build, { encoding: 'utf8' }).trim();
    for (const name of ['bill of an insured client', 'bill in many scripts', 'bill with a PNG as logo']) {
      const make = papers[name];
      if (!make) throw new Error(`there is no ${name}`);
      const built = execFileSync('node', [module, name], { maxBuffer: 1e7 });
      expect([name, built.equals(await renderPdf(make()))]).toEqual([name, true]);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
});
