import { existsSync, readFileSync } from 'node:fs';

/** What the person at the keyboard can mend: said plainly, without a trace. */
export class PlainProblem extends Error {}

/**
 * Leads a program of `tools/` to a system: with `deployed` to the one of the last `cdk deploy --outputs-file`, with the
 * credentials of whoever runs it; else to the one of `npm start`. Sets the environment that functions have there.
 */
export async function reachSystem({
  deployed = false,
  outputs = '.build/outputs.json',
}): Promise<'local' | 'deployed'> {
  if (!deployed) {
    Object.assign(process.env, await environmentOfMachine());
    return 'local';
  }
  if (!existsSync(outputs)) {
    throw new PlainProblem(`${outputs} is not there. Deploy with: npx cdk deploy --all --outputs-file ${outputs}`);
  }
  const stacks: Record<string, Record<string, string>> = JSON.parse(readFileSync(outputs, 'utf8'));
  const { TableName, UserPoolId, Region } = Object.values(stacks).find(stack => stack.TableName) ?? {};
  if (!TableName || !UserPoolId || !Region)
    throw new PlainProblem(`${outputs} names no table: deploy all stacks again.`);
  Object.assign(process.env, { TABLE_NAME: TableName, USER_POOL_ID: UserPoolId, AWS_REGION: Region });
  return 'deployed';
}

async function environmentOfMachine(): Promise<Record<string, string>> {
  const machine = `http://127.0.0.1:${process.env.PORT ?? '4000'}/_local`;
  const answer = await fetch(machine).catch(() => undefined);
  if (!answer?.ok) {
    throw new PlainProblem(
      `Nothing runs at ${machine}. Start it with npm start (PORT says where), or add --deployed for the system in AWS.`,
    );
  }
  const { environment } = (await answer.json()) as { environment: Record<string, string> };
  return environment;
}

/** Runs a program to its exit code; a plain problem is told in one line. */
export function runProgram(main: () => Promise<number>): void {
  main().then(
    code => process.exit(code),
    (error: unknown) => {
      console.error(error instanceof PlainProblem ? `\n${error.message}\n` : error);
      process.exit(2);
    },
  );
}
