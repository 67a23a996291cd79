import { SourceMap as NodeSourceMap } from 'node:module';
import { build } from 'esbuild';
import { ownMap, type SourceMap } from '../../infra/ownMaps';

/** One function with all its packages, as esbuild maps it. */
async function mapOfFunction(): Promise<SourceMap> {
  const { outputFiles } = await build({
    entryPoints: ['functions/attention/listAttention.ts'],
    outdir: 'unwritten',
    write: false,
    bundle: true,
    format: 'esm',
    platform: 'node',
    minify: true,
    sourcemap: 'linked',
    sourcesContent: false,
  });
  const [map] = outputFiles.filter(({ path }) => path.endsWith('.map'));
  return JSON.parse(map?.text ?? '');
}

/** Where places of the generated code come from: the middle of nowhere included. */
function origins({ version, sources, names, mappings }: SourceMap): string[] {
  const map = { version, sources: [...sources], names: [...names], mappings };
  const reader = new NodeSourceMap({ ...map, file: '', sourcesContent: [], sourceRoot: '' });
  return [...mappings.split(';').keys()].flatMap(line =>
    Array.from({ length: 400 }, (_, step) => {
      const entry = reader.findEntry(line, step * 101);
      return 'originalSource' in entry && entry.originalSource
        ? `${entry.originalSource} ${entry.originalLine} ${entry.originalColumn}`
        : 'nowhere';
    }),
  );
}

test('a map of our own code leads from every place of it to where it did before, and from a package’s to nowhere', async () => {
  const whole = await mapOfFunction();
  const own = ownMap(whole);
  const before = origins(whole);
  const ours = before.filter(origin => !origin.includes('node_modules/') && origin !== 'nowhere');
  expect([ours.length > 20, before.length > 2 * ours.length]).toEqual([true, true]);
  expect(origins(own)).toEqual(before.map(origin => (origin.includes('node_modules/') ? 'nowhere' : origin)));
  expect(JSON.stringify(own).length).toBeLessThan(JSON.stringify(whole).length / 2);
});
