import { existsSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Cloud } from './cloud';

const seedFile = 'local/seed/demo.ts';

/** Fills in the demo practices; what is there already stays. */
export async function seedInto(cloud: Cloud): Promise<void> {
  if (!existsSync(seedFile)) return;
  const { bundleProgram } = (await import(pathToFileURL(path.resolve('tools/run.mjs')).href)) as {
    bundleProgram(entry: string): Promise<string>;
  };
  const bundled = await bundleProgram(seedFile);
  const { seedDemo } = (await import(pathToFileURL(bundled).href)) as { seedDemo(into: Cloud): Promise<void> };
  await seedDemo(cloud);
}
