import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** A template's value before its intrinsics are resolved. */
export type Json = null | string | number | boolean | readonly Json[] | { readonly [key: string]: Json };
export type JsonObject = { readonly [key: string]: Json };

export interface RawResource {
  readonly Type: string;
  readonly Properties?: JsonObject;
  readonly Metadata?: JsonObject;
}

export interface Stack {
  /** The deployed name, by which other stacks ask for its outputs. */
  readonly name: string;
  readonly region: string;
  readonly resources: Readonly<Record<string, RawResource>>;
  readonly outputs: Readonly<Record<string, { readonly Value: Json; readonly Export?: { readonly Name: Json } }>>;
  readonly parameters: Readonly<Record<string, { readonly Default?: Json }>>;
}

/** What synthesis left in its folder: stacks, and the folders of files that they deploy. */
export interface Assembly {
  readonly stacks: readonly Stack[];
  /** The folder or file of an asset, by the hash in its object key. */
  assetPath(hash: string): string;
}

/** Something the template says that this machine cannot do; better refused at the start than ignored. */
export class NotUnderstood extends Error {
  constructor(what: string) {
    super(`The one-machine cloud does not understand ${what}`);
    this.name = 'NotUnderstood';
  }
}

interface Manifest {
  readonly artifacts?: Readonly<
    Record<
      string,
      {
        readonly type: string;
        readonly environment?: string;
        readonly properties?: { readonly templateFile?: string; readonly stackName?: string; readonly file?: string };
      }
    >
  >;
}

interface AssetFile {
  readonly files?: Readonly<Record<string, { readonly source: { readonly path: string } }>>;
}

/** What is left of a template that a real deployment would do differently from this machine. */
interface TemplateFile {
  readonly Resources?: Readonly<Record<string, RawResource & { readonly Condition?: string }>>;
  readonly Outputs?: Stack['outputs'];
  readonly Parameters?: Stack['parameters'];
}

const readJson = <T>(file: string): T => JSON.parse(readFileSync(file, 'utf8')) as T;

const unsupportedType = (type: string) =>
  type === 'AWS::CloudFormation::Stack' ||
  type === 'AWS::CloudFormation::CustomResource' ||
  type.startsWith('Custom::');

function readStack(folder: string, id: string, artifact: NonNullable<Manifest['artifacts']>[string]): Stack {
  const template = readJson<TemplateFile>(
    path.join(folder, artifact.properties?.templateFile ?? `${id}.template.json`),
  );
  const resources = template.Resources ?? {};
  for (const [logicalId, resource] of Object.entries(resources)) {
    if (unsupportedType(resource.Type)) throw new NotUnderstood(`${resource.Type} (${id}/${logicalId})`);
    if (resource.Condition !== undefined && resource.Type !== 'AWS::CDK::Metadata')
      throw new NotUnderstood(`the condition on ${id}/${logicalId}`);
  }
  const region = /^aws:\/\/[^/]+\/(.+)$/.exec(artifact.environment ?? '')?.[1] ?? 'us-east-1';
  return {
    name: artifact.properties?.stackName ?? id,
    region: region === 'unknown-region' ? 'us-east-1' : region,
    resources,
    outputs: template.Outputs ?? {},
    parameters: template.Parameters ?? {},
  };
}

export function readAssembly(folder: string): Assembly {
  const manifestFile = path.join(folder, 'manifest.json');
  if (!existsSync(manifestFile)) throw new Error(`No synthesised template in ${folder}: manifest.json is missing`);
  const artifacts = Object.entries(readJson<Manifest>(manifestFile).artifacts ?? {});
  const assets = new Map<string, string>();
  for (const [, { type, properties }] of artifacts) {
    if (type !== 'cdk:asset-manifest' || properties?.file === undefined) continue;
    for (const [hash, { source }] of Object.entries(
      readJson<AssetFile>(path.join(folder, properties.file)).files ?? {},
    ))
      assets.set(hash, path.resolve(folder, source.path));
  }
  return {
    stacks: artifacts
      .filter(([, { type }]) => type === 'aws:cloudformation:stack')
      .map(([id, artifact]) => readStack(folder, id, artifact)),
    assetPath: hash => {
      const found = assets.get(hash);
      if (found === undefined) throw new Error(`The asset ${hash} is named in a template and not in ${folder}`);
      return found;
    },
  };
}
