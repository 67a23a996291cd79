import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { synthesise } from '../infra/synthesise';
import { getBillRow } from '../shared/operations/bills';
import { addPaymentRow } from '../shared/operations/payments';
import type { Row } from '../shared/operations/row';
import { receiveStripeEventRow } from '../shared/operations/webhooks';
import { type Asked, apiEvent } from '../test/fixtures/apiEvent';
import { median } from './figures';
import { type Office, signedEvent } from './office';

export interface ColdStart {
  readonly name: string;
  readonly milliseconds: number;
  /** Against an empty process of the same minutes. */
  readonly ratio: number;
}

interface First {
  readonly name: string;
  readonly row: Row;
  /** A new one each time: a payment's key is used once. */
  ask(): Promise<Asked>;
}

/** From no process to the first answer. An empty process goes before each, so that a busy machine slows both alike. */
export async function measureColdStarts(office: Office, billId: string, runs: number): Promise<readonly ColdStart[]> {
  const modules = await modulesByName();
  const times = new Map<string, number[]>();
  const note = (name: string, milliseconds: number) => times.set(name, [...(times.get(name) ?? []), milliseconds]);
  const firsts = firstQuestions(office, billId);
  // The first round only warms the machine's caches of files.
  for (let run = 0; run <= runs; run += 1) {
    for (const { name, row, ask } of firsts) {
      const event = JSON.stringify(apiEvent(row, await ask()));
      const { environment } = office.cloud;
      const module = modules.get(row.operation) ?? '';
      const empty = await processTime(['-e', '0'], environment, '');
      const answered = await processTime(['bench/firstAnswer.mjs', module], environment, event);
      if (run === 0) continue;
      note('node -e 0', empty);
      note(name, answered);
    }
  }
  const empty = median(times.get('node -e 0') ?? []);
  return [...times].map(([name, all]) => ({ name, milliseconds: median(all), ratio: median(all) / empty }));
}

function firstQuestions(office: Office, billId: string): readonly First[] {
  const { caller } = office;
  const path = { billId };
  const cash = { type: 'cash_check', amountCents: 1 };
  let payments = 0;
  return [
    { name: 'a read (getBill)', row: getBillRow, ask: async () => ({ caller, path }) },
    {
      name: 'a payment (addPayment, cash)',
      row: addPaymentRow,
      ask: async () => {
        payments += 1;
        return { caller, path, body: cash, key: `cold payment ${payments}` };
      },
    },
    {
      name: 'the webhook (receiveStripeEvent)',
      row: receiveStripeEventRow,
      ask: async () => {
        const { payload, signature } = await signedEvent(office, 'charge.succeeded', 'pi_nobody');
        return { raw: payload, headers: { 'stripe-signature': signature } };
      },
    },
  ];
}

/** What Lambda would load for each function: the built module in its asset. */
async function modulesByName(): Promise<ReadonlyMap<string, string>> {
  const { folder } = await synthesise({ context: { dueShards: '4' } });
  const report: readonly { name: string; module: string }[] = JSON.parse(
    readFileSync(path.join(folder, 'bundles.json'), 'utf8'),
  );
  return new Map(report.map(({ name, module }) => [name, path.join(folder, module)]));
}

/** Milliseconds from the start of a Node process to its end. */
export function processTime(args: readonly string[], environment: Readonly<Record<string, string>>, input: string) {
  return new Promise<number>((resolve, reject) => {
    const { ORIGIN_SECRET = '' } = process.env;
    const env = { PATH: process.env.PATH, ...environment, ORIGIN_SECRET, POWERTOOLS_LOG_LEVEL: 'CRITICAL' };
    const started = performance.now();
    const child = spawn(process.execPath, args, { env, stdio: ['pipe', 'ignore', 'pipe'] });
    const said: Buffer[] = [];
    child.stderr.on('data', (data: Buffer) => said.push(data));
    child.on('error', reject);
    child.on('exit', code => {
      const took = performance.now() - started;
      if (code === 0) resolve(took);
      else reject(new Error(`node ${args.join(' ')} ended with ${code}: ${Buffer.concat(said)}`));
    });
    child.stdin.end(input);
  });
}
