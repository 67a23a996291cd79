import { mkdtempSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { FunctionSpec } from '../../../local/lambda/functionSpec';
import { type LambdaOptions, LambdaServer } from '../../../local/lambda/lambdaServer';

export const clockCell = new SharedArrayBuffer(8);
export const moveClock = (milliseconds: number) => Atomics.store(new BigInt64Array(clockCell), 0, BigInt(milliseconds));

/** A function whose handler's body this is. */
export function functionOf(name: string, body: string, more: Partial<FunctionSpec> = {}): FunctionSpec {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'function-'));
  const entryFile = path.join(folder, 'index.mjs');
  writeFileSync(
    entryFile,
    `let calls = 0;\nexport const handler = async (event, context) => { calls += 1; ${body} };\n`,
  );
  return {
    name,
    arn: `arn:aws:lambda:us-east-1:123456789012:function:${name}`,
    aliases: [],
    roleArn: 'arn:aws:iam::123456789012:role/role',
    entryFile,
    handlerName: 'handler',
    timeoutSeconds: 5,
    memoryMb: 128,
    variables: {},
    ...more,
  };
}

/** Runs with functions and ends them afterwards. */
export async function withFunctions(
  functions: readonly FunctionSpec[],
  run: (lambda: LambdaServer) => Promise<void>,
  more: Partial<LambdaOptions> = {},
): Promise<void> {
  const lambda = new LambdaServer({ functions, clockCell, machineVariables: {}, ...more });
  await run(lambda).finally(() => lambda.close());
}
