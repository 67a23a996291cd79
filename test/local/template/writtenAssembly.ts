import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

export interface WrittenStack {
  readonly Resources?: object;
  readonly Outputs?: object;
  readonly Parameters?: object;
}

/** Writes what synthesis would have: stacks by name, and assets by hash, each a folder of files. */
export function writeAssembly(
  stacks: Readonly<Record<string, WrittenStack>>,
  assets: Readonly<Record<string, Readonly<Record<string, string>>>> = {},
): string {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'assembly-'));
  const write = (file: string, value: unknown) => {
    mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
    writeFileSync(path.join(folder, file), typeof value === 'string' ? value : JSON.stringify(value));
  };
  const files = Object.keys(assets).map(hash => [hash, { source: { path: `asset.${hash}` } }]);
  for (const [hash, content] of Object.entries(assets))
    for (const [file, text] of Object.entries(content)) write(`asset.${hash}/${file}`, text);
  write('all.assets.json', { files: Object.fromEntries(files) });
  const artifacts: Record<string, unknown> = {
    all: { type: 'cdk:asset-manifest', properties: { file: 'all.assets.json' } },
  };
  for (const [name, stack] of Object.entries(stacks)) {
    write(`${name}.template.json`, stack);
    artifacts[`${name}Artifact`] = {
      type: 'aws:cloudformation:stack',
      environment: 'aws://unknown-account/us-east-1',
      properties: { templateFile: `${name}.template.json`, stackName: name },
    };
  }
  write('manifest.json', { artifacts });
  return folder;
}
