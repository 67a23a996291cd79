import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createEngine } from '../../../../local/aws/dynamodb/engine';
import { errorOf, MovedClock, openBillingTable, TABLE } from './billingTable';
import { ITEMS, WRITTEN_TABLE } from './killedWriter';

const root = path.resolve(__dirname, '../../../..');
const program = path.join(root, '.build/test/killedWriter.mjs');
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'dynamodb-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const hashKey = (AttributeName: string) => [{ AttributeName, KeyType: 'HASH' }];

async function createWrittenTable(): Promise<void> {
  const engine = await createEngine({ folder, clock: Date });
  await engine.handle('CreateTable', {
    TableName: WRITTEN_TABLE,
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: ['pk', 'sk', 'g1pk'].map(AttributeName => ({ AttributeName, AttributeType: 'S' })),
    KeySchema: [...hashKey('pk'), { AttributeName: 'sk', KeyType: 'RANGE' }],
    GlobalSecondaryIndexes: [{ IndexName: 'gsi1', KeySchema: hashKey('g1pk'), Projection: { ProjectionType: 'ALL' } }],
  });
  await engine.close();
}

/** Runs the writer, kills it a moment after its first answer, and gives the last number that it was answered. */
async function writeAndKill(from: number, afterMs: number): Promise<number> {
  const writer = spawn(process.execPath, [program, folder, String(from)], { stdio: ['ignore', 'pipe', 'inherit'] });
  let said = '';
  writer.stdout.on('data', chunk => {
    said += String(chunk);
  });
  const ended = once(writer, 'close').then(([code]) => {
    throw new Error(`The writer ended by itself: ${code}`);
  });
  await Promise.race([once(writer.stdout, 'data'), ended]);
  // From here on it is meant to end.
  ended.catch(() => undefined);
  await new Promise(resolve => setTimeout(resolve, afterMs));
  const gone = once(writer, 'close');
  writer.kill('SIGKILL');
  await gone;
  return Number(said.split('\n').at(-2));
}

async function scan(IndexName?: string) {
  const engine = await createEngine({ folder, clock: Date });
  const rest = IndexName === undefined ? {} : { IndexName };
  const { Items } = await engine.handle('Scan', { TableName: WRITTEN_TABLE, ...rest });
  await engine.close();
  return (Items as { number: { N: string } }[]).map(item => Number(item.number.N));
}

it('never shows half a transaction after a kill, nor loses one that was answered', async () => {
  const esbuild = path.join(root, 'node_modules/.bin/esbuild');
  const bundling = ['--bundle', '--platform=node', '--format=esm', '--packages=external', '--log-level=error'];
  execFileSync(esbuild, [path.join(__dirname, 'killedWriter.ts'), ...bundling, `--outfile=${program}`]);
  await createWrittenTable();
  let answered = 0;
  for (const afterMs of [0, 1, 2, 3, 5, 8, 13, 21, 34, 55, 89, 144]) {
    answered = await writeAndKill(answered + 1, afterMs);
    const numbers = await scan();
    const [number = 0] = numbers;
    expect(numbers).toEqual(Array.from({ length: ITEMS }, () => number));
    expect(await scan('gsi1')).toEqual(numbers);
    // The one in hand when the kill came may have been written without its answer.
    expect([answered, answered + 1]).toContain(number);
    answered = number;
  }
});

it('keeps tables, settings, items and used tokens over a restart', async () => {
  const first = await openBillingTable({ folder });
  const add = {
    Update: {
      TableName: TABLE,
      Key: { pk: 'a', sk: 'a' },
      UpdateExpression: 'ADD v :one',
      ExpressionAttributeValues: { ':one': 1 },
    },
  };
  const ClientRequestToken = 'token-over-restart';
  await first.transact([add], { ClientRequestToken });
  const TimeToLiveSpecification = { AttributeName: 'ttl', Enabled: true };
  await first.part.engine.handle('UpdateTimeToLive', { TableName: TABLE, TimeToLiveSpecification });
  await first.put({ pk: 'a', sk: 'expired', ttl: 1 });
  await first.close();

  const again = await createEngine({ folder, clock: new MovedClock() });
  const Update = {
    ...add.Update,
    Key: { pk: { S: 'a' }, sk: { S: 'a' } },
    ExpressionAttributeValues: { ':one': { N: '1' } },
  };
  await again.handle('TransactWriteItems', { TransactItems: [{ Update }], ClientRequestToken });
  const { Item } = await again.handle('GetItem', { TableName: TABLE, Key: Update.Key });
  expect(Item).toMatchObject({ v: { N: '1' } });
  expect(await again.deleteExpired()).toBe(1);
  const create = { TableName: TABLE, KeySchema: hashKey('pk'), BillingMode: 'PAY_PER_REQUEST' };
  const AttributeDefinitions = [{ AttributeName: 'pk', AttributeType: 'S' }];
  const error = await errorOf(again.handle('CreateTable', { ...create, AttributeDefinitions }));
  expect(error.name).toContain('ResourceInUseException');
  await again.close();
});
