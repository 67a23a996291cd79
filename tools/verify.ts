/**
 * `npm run verify [-- --practice <id>]`: holds every balance that is stored against the ledger, and tells what differs.
 * Ends with 1 when anything does. Against the system of `npm start` (PORT, 4000 unless told) by itself; against a deployed
 * one with its TABLE_NAME, and the credentials of somebody who may read the table.
 */
import { parseArgs } from 'node:util';
import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, ScanCommand } from '@aws-sdk/lib-dynamodb';
import { practiceEntity } from '../shared/store/table';
import { type Difference, verifyPractice } from '../shared/store/verifyPractice';

class PlainProblem extends Error {}

const { practice: wanted } = parseArgs({ options: { practice: { type: 'string' } } }).values;

/** Without TABLE_NAME, the machine of `npm start` is meant. */
async function findTable(): Promise<void> {
  if (process.env.TABLE_NAME) return;
  const machine = `http://127.0.0.1:${process.env.PORT ?? '4000'}/_local`;
  const answer = await fetch(machine).catch(() => undefined);
  if (!answer?.ok) {
    throw new PlainProblem(
      `Nothing runs at ${machine}. Start it with npm start, or set TABLE_NAME to verify a deployed table.`,
    );
  }
  const { urls } = (await answer.json()) as { urls: { dynamodb: string } };
  Object.assign(process.env, {
    AWS_ENDPOINT_URL_DYNAMODB: urls.dynamodb,
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
    AWS_REGION: 'us-east-1',
  });
  const { TableNames = [] } = await new DynamoDBClient({}).send(new ListTablesCommand({}));
  process.env.TABLE_NAME = TableNames[0] ?? '';
}

/** Every practice of the table: a read of all of it, which `--practice` spares. */
async function practicesOf(): Promise<string[]> {
  if (wanted) return [wanted];
  const documents = DynamoDBDocumentClient.from(new DynamoDBClient({}));
  const found: string[] = [];
  let from: Record<string, unknown> | undefined;
  do {
    const page = await documents.send(
      new ScanCommand({
        TableName: process.env.TABLE_NAME,
        FilterExpression: 'e = :practice',
        ExpressionAttributeValues: { ':practice': practiceEntity.name },
        ...(from ? { ExclusiveStartKey: from } : {}),
      }),
    );
    found.push(...(page.Items ?? []).map(item => String(item.practiceId)));
    from = page.LastEvaluatedKey;
  } while (from);
  return found.sort();
}

interface Sum {
  clients: number;
  bills: number;
  entries: number;
  readonly accounts: Map<string, number>;
  readonly differences: Difference[];
}

async function verified(practiceId: string): Promise<Sum> {
  const sum: Sum = { clients: 0, bills: 0, entries: 0, accounts: new Map(), differences: [] };
  const started = performance.now();
  let told = started;
  for await (const client of verifyPractice(practiceId)) {
    sum.clients += 1;
    sum.bills += client.bills;
    sum.entries += client.entries;
    sum.differences.push(...client.differences);
    for (const [account, cents] of client.sums) sum.accounts.set(account, (sum.accounts.get(account) ?? 0) + cents);
    if (performance.now() - told > 1000) {
      told = performance.now();
      console.log(`  ${practiceId}: ${sum.clients} clients, ${sum.bills} bills so far …`);
    }
  }
  return sum;
}

function tell(practiceId: string, { clients, bills, entries, accounts, differences }: Sum): void {
  const balance = [...accounts.values()].reduce((total, cents) => total + cents, 0);
  console.log(`\n${practiceId}: ${clients} clients, ${bills} bills, ${entries} entries; the ledger sums to ${balance}`);
  for (const [account, cents] of [...accounts].sort()) {
    console.log(`  ${account.padEnd(20)} ${(cents / 100).toFixed(2).padStart(14)}`);
  }
  for (const { id, what, stored, ledger } of differences) {
    const values = ledger === undefined ? '' : `: stored ${String(stored)}, the ledger says ${String(ledger)}`;
    console.log(`  DIFFERS  ${id}  ${what}${values}`);
  }
  if (differences.length === 0) console.log('  Every stored balance is what the ledger says.');
}

async function main(): Promise<number> {
  await findTable();
  const practices = await practicesOf();
  if (practices.length === 0) console.log('There is no practice in this table.');
  let differences = 0;
  for (const practiceId of practices) {
    const sum = await verified(practiceId);
    tell(practiceId, sum);
    differences += sum.differences.length;
  }
  return differences === 0 ? 0 : 1;
}

main().then(
  code => process.exit(code),
  (error: unknown) => {
    console.error(error instanceof PlainProblem ? `\n${error.message}\n` : error);
    process.exit(2);
  },
);
