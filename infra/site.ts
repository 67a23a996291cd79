import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { builtOnce } from './builtOnce';
import { siteEntries } from './constructs/deepLinks';
import { contentHash } from './contentHash';

/** The portal is typed by the rows and counts money as the domain does, so both are of what it is made. */
const inputs = ['portal', 'shared/operations', 'shared/domain', 'shared/views', 'package-lock.json'];
const builders = ['portal/build.mjs', 'portal/build.ts'];
const run = promisify(execFile);

/** The site's files, built by the portal's own `buildSite(outFolder)`; before there is a portal, a page that says so. */
export const buildSite = (): Promise<{ folder: string; reused: boolean }> =>
  builtOnce('.build/sites', contentHash(inputs), async folder => {
    const builder = builders.find(file => existsSync(file));
    if (!builder) return writePlaceholders(folder);
    await run(process.execPath, ['tools/buildSite.mjs', builder, folder], { maxBuffer: 32_000_000 });
  });

function writePlaceholders(folder: string): void {
  for (const entry of Object.values(siteEntries)) {
    const file = path.join(folder, entry);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(
      file,
      '<!doctype html><html lang="en"><title>Practice billing</title><p>No portal was built.</p></html>',
    );
  }
}
