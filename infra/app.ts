/**
 * Builds the functions and synthesises all stacks; `cdk` runs it, and so does `synthesise()`, without the command line.
 * `ALLOW_MISSING=1` leaves out operations whose handler is not written yet; `UNCHECKED=1` leaves out the security checks.
 */
import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { bundleFunctions, bundleReport } from './bundle';
import { buildCloud } from './cloud';
import { readSources } from './functionSources';

const { CDK_OUTDIR: outdir, ALLOW_MISSING, UNCHECKED, BUNDLE_FOLDER = '.build/functions' } = process.env;

if (outdir) dropStaleAssets(outdir);
const sources = readSources({ allowMissing: ALLOW_MISSING === '1' });
const bundles = await bundleFunctions(sources.all, BUNDLE_FOLDER);
const { directory } = buildCloud({ sources, bundles, checked: UNCHECKED !== '1' }).synth();
writeFileSync(path.join(directory, 'bundles.json'), JSON.stringify(bundleReport(bundles), undefined, 2));

/** The command line never empties its folder: each change of code would leave all old functions there. */
function dropStaleAssets(folder: string): void {
  for (const name of readdirSync(folder)) {
    if (name.startsWith('asset.')) rmSync(path.join(folder, name), { recursive: true, force: true });
  }
}
