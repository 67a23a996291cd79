import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, linkSync, mkdirSync, readFileSync, statSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { build, type Metafile } from 'esbuild';
import { invariant } from '../shared/domain/invariant';
import { writeContract } from '../tools/docs/contractFiles';
import { writeFontMetrics } from './fontMetrics';
import type { FunctionSource } from './functionSources';
import { lighten, placeForExpected } from './lightOutput';
import { pdfkitCuts } from './pdfkitCuts';
import { standInFiles, standIns } from './standIns';

export interface BundledFunction {
  readonly name: string;
  /** Leads to the function's asset: its entry and the chunks that it reaches, nothing else. */
  readonly folder: string;
  /** What the asset's hash is made of: content and names, not dates or places. */
  readonly fingerprint: string;
  /** As Lambda wants it: file without extension, dot, export. */
  readonly handler: string;
  /** The file that Lambda would load, from the assembly. */
  readonly module: string;
  /** All that it may ever load. */
  readonly packages: readonly string[];
  readonly codeBytes: number;
  /** What it loads before its first answer. */
  readonly packagesAtStart: readonly string[];
  readonly codeBytesAtStart: number;
  readonly mapBytes: number;
}

interface BesideCode {
  readonly code: string;
  readonly files: readonly string[];
}

/** Files that code reads from `data/` beside itself at run time; they go along wherever that code goes. */
const filesBesideCode = (built: string): BesideCode[] => [
  {
    code: 'node_modules/pdfkit/',
    files: writeFontMetrics(path.join(built, 'metrics')),
  },
  {
    code: 'shared/documents/pdfFonts.ts',
    files: ['400Regular', '700Bold'].map(
      weight => `node_modules/@expo-google-fonts/noto-sans/${weight}/NotoSans_${weight}.ttf`,
    ),
  },
  { code: 'shared/http/builtFile.ts', files: writeContract(path.join(built, 'contract')) },
];

/** Of use until the templates are written. */
export const buildFolder = 'built';

/**
 * Builds all functions in one call, so that what they share is built once (0.4 s instead of 10), then gives each function a
 * folder with just the chunks it reaches. Everything is inside, the AWS SDK too: the same bytes run on Lambda, on one
 * machine and under test, and only a function whose code changed gets another hash.
 *
 * The folders lie in the assembly under the name that the CDK gives an asset of that fingerprint, as hard links to the one
 * build: the CDK finds them staged already, and 130 functions are not copied twice. What it gets as source is a link
 * there (a name with a dot would count as a file's); all of `built` may go once the templates are written.
 */
export async function bundleFunctions(
  sources: readonly FunctionSource[],
  assembly: string,
): Promise<BundledFunction[]> {
  const built = path.join(assembly, buildFolder);
  const { metafile } = await build({
    entryPoints: sources.map(source => source.entry),
    inject: ['infra/functions/tracedToSource.ts'],
    outdir: built,
    outbase: '.',
    bundle: true,
    splitting: true,
    format: 'esm',
    outExtension: { '.js': '.mjs' },
    chunkNames: 'chunks/[hash]',
    platform: 'node',
    // Runs on Lambda's Node 24 and on the Node 20 of a developer's machine.
    target: 'node20',
    // Packages that come in both forms are smaller as modules, since unused exports fall away.
    mainFields: ['module', 'main'],
    alias: standIns,
    plugins: [standInFiles, pdfkitCuts],
    minify: true,
    sourcemap: 'linked',
    sourcesContent: false,
    metafile: true,
    legalComments: 'none',
    logLevel: 'warning',
    banner: { js: placeForExpected },
  });
  for (const output of Object.keys(metafile.outputs)) if (output.endsWith('.mjs')) lighten(output);
  const beside = filesBesideCode(built);
  const hashOf = hashesOnce();
  return sources.map(({ name, entry }) => {
    const outputs = reachedFrom(entry, metafile, 'all');
    const atStart = reachedFrom(entry, metafile, 'at start');
    const files = filesOf(outputs, { metafile, built, beside });
    const fingerprint = sha256(...files.flatMap(({ to, from }) => [to, hashOf(from)]));
    const asset = `asset.${sha256(fingerprint)}`;
    link(files, path.join(assembly, asset));
    const folder = path.join(built, 'sources', name);
    mkdirSync(path.dirname(folder), { recursive: true });
    symlinkSync(path.join('..', '..', asset), folder, 'junction');
    const weigh = (some: readonly AssetFile[], ending: string) =>
      sum(some.filter(({ to }) => to.endsWith(ending)).map(file => file.bytes));
    return {
      name,
      folder,
      fingerprint,
      handler: `${entry.replace(/\.ts$/, '')}.handler`,
      module: path.join(asset, entry.replace(/\.ts$/, '.mjs')),
      packages: packagesIn(outputs, metafile),
      codeBytes: weigh(files, '.mjs'),
      packagesAtStart: packagesIn(atStart, metafile),
      codeBytesAtStart: weigh(filesOf(atStart, { metafile, built, beside }), '.mjs'),
      mapBytes: weigh(files, '.map'),
    };
  });
}

interface AssetFile {
  /** Its place in the asset. */
  readonly to: string;
  readonly from: string;
  readonly bytes: number;
}

interface Built {
  readonly metafile: Metafile;
  readonly built: string;
  readonly beside: readonly BesideCode[];
}

function filesOf(outputs: readonly string[], { metafile, built, beside }: Built): AssetFile[] {
  const files = new Map<string, AssetFile>();
  const add = (to: string, from: string) => files.set(to, { to, from, bytes: statSync(from).size });
  for (const output of outputs) {
    const to = path.relative(built, output);
    add(to, output);
    if (existsSync(`${output}.map`)) add(`${to}.map`, `${output}.map`);
    const inputs = Object.keys(metafile.outputs[output]?.inputs ?? {});
    for (const { code, files: extras } of beside) {
      if (!inputs.some(input => input.startsWith(code))) continue;
      for (const extra of extras) add(path.join(path.dirname(to), 'data', path.basename(extra)), extra);
    }
  }
  return [...files.values()].sort((a, b) => (a.to < b.to ? -1 : 1));
}

/** The output of an entry and, transitively, every chunk that it imports, or every one that it does not import lazily. */
function reachedFrom(entry: string, { outputs }: Metafile, which: 'all' | 'at start'): string[] {
  const first = Object.keys(outputs).find(output => outputs[output]?.entryPoint === entry);
  invariant(first, `esbuild gave no output for ${entry}`);
  const reached = new Set([first]);
  for (const output of reached) {
    for (const { path: imported, external, kind } of outputs[output]?.imports ?? []) {
      if (!external && (which === 'all' || kind !== 'dynamic-import')) reached.add(imported);
    }
  }
  return [...reached].sort();
}

function packagesIn(outputs: readonly string[], metafile: Metafile): string[] {
  const inputs = outputs.flatMap(output => Object.keys(metafile.outputs[output]?.inputs ?? {}));
  const names = inputs.flatMap(input => /(?:^|\/)node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(input)?.[1] ?? []);
  return [...new Set(names)].sort();
}

function link(files: readonly AssetFile[], folder: string): void {
  if (existsSync(folder)) return;
  for (const { to, from } of files) {
    const target = path.join(folder, to);
    mkdirSync(path.dirname(target), { recursive: true });
    // Of a package's own file we take a copy: whoever installs again must not reach into an assembly.
    if (from.startsWith('node_modules/')) copyFileSync(from, target);
    else linkSync(from, target);
  }
}

/** The hash of a file's bytes; a chunk that a hundred functions share is read once. */
function hashesOnce(): (file: string) => string {
  const known = new Map<string, string>();
  return file => {
    const hash = known.get(file) ?? sha256(readFileSync(file));
    known.set(file, hash);
    return hash;
  };
}

function sha256(...parts: readonly (string | Uint8Array)[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest('hex');
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);

/** Heaviest first: what each function weighs, for the tests and for whoever wonders about a cold start. */
export const bundleReport = (functions: readonly BundledFunction[]) =>
  functions
    .map(({ folder: _, fingerprint: __, handler: ___, ...report }) => report)
    .sort((a, b) => b.codeBytes - a.codeBytes || a.name.localeCompare(b.name));
