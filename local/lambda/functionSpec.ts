import { existsSync } from 'node:fs';
import path from 'node:path';
import { NotUnderstood } from '../template/assembly';
import type { Declared, Template } from '../template/template';

/** `functions/bills/createBill.handler` is called createBill. */
const operationOf = (handler = ''): string => handler.replace(/^.*\//, '').replace(/\.[^.]+$/, '');

/** A function as the template declares it. */
export interface FunctionSpec {
  readonly name: string;
  readonly arn: string;
  /** Other words by which people may call it: logical id, its handler's file, parts of its construct's path. */
  readonly aliases: readonly string[];
  readonly roleArn: string;
  readonly entryFile: string;
  readonly handlerName: string;
  readonly timeoutSeconds: number;
  readonly memoryMb: number;
  readonly variables: Readonly<Record<string, string>>;
}

interface FunctionProperties {
  readonly Code?: { readonly S3Key?: string };
  readonly Handler?: string;
  readonly Role: string;
  readonly Timeout?: number;
  readonly MemorySize?: number;
  readonly Environment?: { readonly Variables?: Readonly<Record<string, string | number>> };
}

function entryOf(template: Template, { constructPath, properties }: Declared<FunctionProperties>) {
  const key = properties.Code?.S3Key;
  if (key === undefined) throw new NotUnderstood(`code that is no asset (${constructPath})`);
  const folder = template.assembly.assetPath(key.replace(/^.*\//, '').replace(/\.zip$/, ''));
  const [, file = '', handlerName = ''] = /^(.*)\.([^.]+)$/.exec(properties.Handler ?? '') ?? [];
  const entryFile = ['.mjs', '.js', '.cjs'].map(end => path.join(folder, file + end)).find(existsSync);
  if (entryFile === undefined) throw new Error(`${constructPath}: no module for ${properties.Handler} in ${folder}`);
  return { entryFile, handlerName };
}

export function readFunctions(template: Template): FunctionSpec[] {
  return template.all<FunctionProperties>('AWS::Lambda::Function').map(declared => {
    const { name, properties, constructPath, logicalId } = declared;
    const given = properties.Environment?.Variables ?? {};
    return {
      name,
      arn: template.attribute(declared, 'Arn'),
      aliases: [logicalId, operationOf(properties.Handler), ...constructPath.split('/').slice(1)],
      roleArn: properties.Role,
      ...entryOf(template, declared),
      timeoutSeconds: properties.Timeout ?? 3,
      memoryMb: properties.MemorySize ?? 128,
      variables: Object.fromEntries(Object.entries(given).map(([key, value]) => [key, String(value)])),
    };
  });
}
