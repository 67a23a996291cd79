/**
 * `npm run verify [-- --practice <id>] [--stripe] [--deployed]`: holds every balance that is stored against the ledger, and tells
 * what differs; with `--stripe` then against Stripe as well. Ends with 1 when anything differs. Of the system of `npm start`, or of the deployed one, with the credentials
 * of somebody who may read the table.
 */
import { parseArgs } from 'node:util';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, ScanCommand } from '@aws-sdk/lib-dynamodb';
import { instant } from '../shared/domain/calendar';
import { practiceStore } from '../shared/store/practiceStore';
import { reconciliationStore } from '../shared/store/reconciliationStore';
import { practiceEntity } from '../shared/store/table';
import { type Difference, verifyPractice } from '../shared/store/verifyPractice';
import { reachSystem, runProgram } from './reach';
import { verifyAgainstStripe } from './verifyStripe';

const {
  practice: wanted,
  deployed = false,
  stripe = false,
} = parseArgs({
  options: { practice: { type: 'string' }, deployed: { type: 'boolean' }, stripe: { type: 'boolean' } },
}).values;

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
    if (performance.now() - told > 1000) {
      told = performance.now();
      console.log(`  ${practiceId}: ${sum.clients} clients, ${sum.bills} bills so far …`);
    }
  }
  await addTotals(practiceId, sum.accounts);
  return sum;
}

/** The whole ledger by account, as it was added month by month: clients' money, and what belongs to none. */
async function addTotals(practiceId: string, accounts: Map<string, number>): Promise<void> {
  const { createdAt } = await practiceStore.load(practiceId);
  for (const month of monthsSince(createdAt)) {
    let cursor: string | undefined;
    do {
      const page = await reconciliationStore.ledgerPage(practiceId, month, cursor);
      for (const { account, amountCents } of page.entries.flatMap(entry => entry.postings))
        accounts.set(account, (accounts.get(account) ?? 0) + amountCents);
      cursor = page.nextCursor ?? undefined;
    } while (cursor);
  }
}

/** `yyyy-mm` from the month of an instant to the system's own. */
function monthsSince(at: string): string[] {
  const [year = 0, month = 1] = at.split('-').map(Number);
  const [lastYear = 0, lastMonth = 1] = now.split('-').map(Number);
  const count = (lastYear - year) * 12 + lastMonth - month + 1;
  return Array.from({ length: Math.max(count, 1) }, (_, index) =>
    new Date(Date.UTC(year, month - 1 + index)).toISOString().slice(0, 7),
  );
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

let now = '';

runProgram(async () => {
  ({ now } = await reachSystem({ deployed }));
  const practices = await practicesOf();
  if (practices.length === 0) console.log('There is no practice in this table.');
  let differences = 0;
  for (const practiceId of practices) {
    const sum = await verified(practiceId);
    tell(practiceId, sum);
    differences += sum.differences.length;
    if (stripe) differences += await verifyAgainstStripe(practiceId, instant(now));
  }
  return differences === 0 ? 0 : 1;
});
