/**
 * Builds the functions and synthesises all stacks; `cdk` runs it, and so does `synthesise()`, without the command line.
 * `ALLOW_MISSING=1` leaves out operations whose handler is not written yet; `UNCHECKED=1` leaves out the security checks.
 *
 * To deploy: `cdk bootstrap` once (also in us-east-1), then `npm run deploy -- -c mailFrom=billing@…`
 * (`tools/deploy.mjs`). Settings: `settings.ts`.
 */
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { buildFolder, bundleFunctions, bundleReport } from './bundle';
import { buildCloud } from './cloud';
import { readSources } from './functionSources';

const { CDK_OUTDIR: outdir = 'cdk.out', ALLOW_MISSING, UNCHECKED } = process.env;

dropStaleAssets(outdir);
const sources = readSources({ allowMissing: ALLOW_MISSING === '1' });
const bundles = await bundleFunctions(sources.all, outdir);
const { directory } = buildCloud({ sources, bundles, checked: UNCHECKED !== '1', outdir }).synth();
rmSync(path.join(outdir, buildFolder), { recursive: true, force: true });
writeFileSync(path.join(directory, 'bundles.json'), JSON.stringify(bundleReport(bundles), undefined, 2));

/** The command line never empties its folder: each change of code would leave all old functions there. */
function dropStaleAssets(folder: string): void {
  mkdirSync(folder, { recursive: true });
  for (const name of readdirSync(folder)) {
    if (name.startsWith('asset.') || name === buildFolder)
      rmSync(path.join(folder, name), { recursive: true, force: true });
  }
}
