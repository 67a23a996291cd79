import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { builtOnce } from './builtOnce';
import { siteEntries } from './constructs/deepLinks';
import { contentHash } from './contentHash';

/** The portal is typed by the rows and counts money as the domain does, so both are of what it is made. */
const inputs = ['portal', 'shared/operations', 'shared/domain', 'shared/views', 'package-lock.json'];
const builder = 'portal/build.mjs';

/** The site's files, built by the portal's own `buildSite(outFolder)`; before there is a portal, a page that says so. */
export const buildSite = (): Promise<{ folder: string; reused: boolean }> =>
  builtOnce('.build/sites', contentHash(inputs), async folder => {
    if (!existsSync(builder)) return writePlaceholders(folder);
    const portal = (await import(pathToFileURL(path.resolve(builder)).href)) as {
      buildSite(outFolder: string): Promise<void>;
    };
    await portal.buildSite(folder);
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
