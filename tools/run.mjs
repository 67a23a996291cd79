// Runs a TypeScript program of this repository: bundles it with esbuild (packages stay outside) and imports the result.
// Usage: node tools/run.mjs <file.ts> [arguments …]
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');

// Functions run on Lambda's Node 24; what the SDK says of this machine's Node helps nobody here.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';

export async function bundleProgram(entry) {
  const { build } = await import('esbuild');
  const outfile = path.join(root, '.build/programs', `${entry.replace(/\.ts$/, '')}.mjs`);
  mkdirSync(path.dirname(outfile), { recursive: true });
  await build({
    entryPoints: [path.join(root, entry)],
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    packages: 'external',
    sourcemap: 'inline',
    sourcesContent: false,
    banner: {
      js: "import { createRequire as __cr } from 'node:module'; const require = __cr(import.meta.url);",
    },
    logLevel: 'warning',
  });
  return outfile;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [entry, ...rest] = process.argv.slice(2);
  if (!entry) throw new Error('Usage: node tools/run.mjs <file.ts> [arguments …]');
  const program = await bundleProgram(entry);
  process.argv = [process.argv[0], program, ...rest];
  process.chdir(root);
  await import(pathToFileURL(program).href);
}
