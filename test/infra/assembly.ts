import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { readSources } from '../../infra/functionSources';
import { type Synthesised, type SynthesiseOptions, synthesise } from '../../infra/synthesise';

/** What a template says, as JSON; tests look into it by path. */
// biome-ignore lint/suspicious/noExplicitAny: a template is read, not built, and its shape is what the tests assert
export type Json = any;

export interface Resource {
  readonly stack: string;
  readonly id: string;
  readonly Type: string;
  readonly Properties: Json;
  readonly text: string;
}

export interface Cloud extends Synthesised {
  readonly templates: Readonly<Record<string, Json>>;
  readonly resources: readonly Resource[];
  ofType(type: string): Resource[];
  one(type: string, stack?: string): Resource;
}

/** Operations are written one after the other: those without a handler are not built, and not looked at here. */
const options: SynthesiseOptions = { allowMissing: true, checked: true };
export const sources = readSources({ allowMissing: true });

export async function readCloud(more: SynthesiseOptions = {}): Promise<Cloud> {
  const made = await synthesise({ ...options, ...more });
  const templates: Record<string, Json> = {};
  for (const file of readdirSync(made.folder).filter(name => name.endsWith('.template.json'))) {
    templates[file.replace('.template.json', '')] = JSON.parse(readFileSync(path.join(made.folder, file), 'utf8'));
  }
  const resources = Object.entries(templates).flatMap(([stack, template]) =>
    Object.entries(template.Resources as Record<string, Json>).map(([id, resource]) => ({
      stack,
      id,
      Type: resource.Type as string,
      Properties: resource.Properties,
      text: JSON.stringify(resource),
    })),
  );
  const ofType = (type: string) => resources.filter(resource => resource.Type === `AWS::${type}`);
  return {
    ...made,
    templates,
    resources,
    ofType,
    one(type, stack) {
      const [found, ...others] = ofType(type).filter(resource => stack === undefined || resource.stack === stack);
      if (!found || others.length > 0) throw new Error(`${others.length + (found ? 1 : 0)} resources of ${type}`);
      return found;
    },
  };
}

/** The file of a function's asset, by the hash in its template. */
export const assetFolder = (cloud: Cloud, lambda: Resource): string =>
  path.join(cloud.folder, `asset.${String(lambda.Properties.Code.S3Key).replace('.zip', '')}`);
