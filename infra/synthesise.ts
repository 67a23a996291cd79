import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { builtOnce } from './builtOnce';
import { contentHash } from './contentHash';
import { buildSite } from './site';

const run = promisify(execFile);
const inputs = [
  ...['functions', 'shared', 'infra', 'tools/docs'],
  ...['cdk.json', 'package.json', 'package-lock.json', 'tsconfig.json', 'tools/run.mjs'],
];

export interface SynthesiseOptions {
  /** Leaves out operations whose handler is not written yet. */
  readonly allowMissing?: boolean;
  /** Runs the security checks as well; an open finding rejects. */
  readonly checked?: boolean;
  /** Settings as `cdk -c` takes them (`infra/settings.ts`). */
  readonly context?: Readonly<Record<string, string>>;
}

export interface Synthesised {
  /** The cloud assembly: manifest, templates, assets, and `bundles.json` with what each function weighs. */
  readonly folder: string;
  /** The built site: what lies in the site's bucket. */
  readonly site: string;
  readonly reused: boolean;
}

/**
 * Functions, site and templates as a deploy would have them, under `.build/`; built again only when something that they
 * are made of changed. A process of its own does the work, so that whoever calls never loads the CDK.
 */
export async function synthesise(options: SynthesiseOptions = {}): Promise<Synthesised> {
  const { allowMissing = false, checked = false, context = {} } = options;
  const key = contentHash(inputs, [JSON.stringify({ allowMissing, checked, context })]);
  const [cloud, site] = await Promise.all([
    builtOnce('.build/cloud', key, async folder => {
      const env = {
        ...process.env,
        CDK_OUTDIR: folder,
        CDK_CONTEXT_JSON: JSON.stringify(context),
        ALLOW_MISSING: allowMissing ? '1' : '',
        UNCHECKED: checked ? '' : '1',
        // Eight seconds of the CDK's own template rules: `cdk synth` and a deploy have them.
        CDK_VALIDATION: 'false',
      };
      await run(process.execPath, ['tools/run.mjs', 'infra/app.ts'], { env, maxBuffer: 32_000_000 });
    }),
    buildSite(),
  ]);
  return { folder: cloud.folder, site: site.folder, reused: cloud.reused && site.reused };
}
