import { existsSync, readFileSync } from 'node:fs';
import { queueVariables } from '../shared/config';
import { type Instant, instant } from '../shared/domain/calendar';

/** What the person at the keyboard can mend: said plainly, without a trace. */
export class PlainProblem extends Error {}

/** Outputs of the deploy by name, and the variables of functions that they are. */
const outputOf: Readonly<Record<string, string>> = {
  TableName: 'TABLE_NAME',
  UserPoolId: 'USER_POOL_ID',
  StripeSecretId: 'STRIPE_SECRET_ID',
  StripeApi: 'STRIPE_API',
  Region: 'AWS_REGION',
  ...Object.fromEntries(Object.entries(queueVariables).map(([queue, variable]) => [`${queue}Url`, variable])),
};

/**
 * Leads a program of `tools/` to a system: with `deployed` to the one of the last `cdk deploy --outputs-file`, with the
 * credentials of whoever runs it; else to the one of `npm start`. Sets the environment that functions have there.
 */
export async function reachSystem({
  deployed = false,
  outputs = '.build/outputs.json',
}): Promise<{ readonly now: Instant }> {
  const { environment, now } = deployed ? deployedSystem(outputs) : await systemOfMachine();
  Object.assign(process.env, environment);
  return { now: instant(now) };
}

interface Reached {
  readonly environment: Readonly<Record<string, string>>;
  /** By the system's own clock, which one machine may have moved on. */
  readonly now: string | number;
}

function deployedSystem(outputs: string): Reached {
  if (!existsSync(outputs)) {
    throw new PlainProblem(`${outputs} is not there. Deploy with: npx cdk deploy --all --outputs-file ${outputs}`);
  }
  const stacks: Record<string, Record<string, string>> = JSON.parse(readFileSync(outputs, 'utf8'));
  const found: Record<string, string> = Object.assign({}, ...Object.values(stacks));
  const missing = Object.keys(outputOf).filter(name => !found[name]);
  if (missing.length > 0) throw new PlainProblem(`${outputs} lacks ${missing.join(', ')}: deploy all stacks again.`);
  const named = Object.entries(outputOf).map(([output, variable]) => [variable, found[output] ?? '']);
  return { environment: Object.fromEntries(named), now: Date.now() };
}

async function systemOfMachine(): Promise<Reached> {
  const machine = `http://127.0.0.1:${process.env.PORT ?? '4000'}/_local`;
  const answer = await fetch(machine).catch(() => undefined);
  if (!answer?.ok) {
    throw new PlainProblem(
      `Nothing runs at ${machine}. Start it with npm start (PORT says where), or add --deployed for the system in AWS.`,
    );
  }
  return (await answer.json()) as Reached;
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
