import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as fc from 'fast-check';
import { createEngine, type Engine } from '../../../../local/aws/dynamodb/engine';
import { type Json, ServiceError } from '../../../../local/aws/jsonService';
import { tableDefinition } from '../../../fixtures/store';

type Request = readonly [operation: string, input: Json];

const TableName = tableDefinition.TableName;
const text = (value: string) => ({ S: value });
const few = (...values: string[]) => fc.constantFrom(...values).map(text);
const partition = few('P#1', 'P#2', 'P#~');
const range = few('A', 'A#1', 'A#2', 'B', 'B/1', 'C é');
const key = fc.record({ pk: partition, sk: range });
const indexKeys = fc.record({ lpk: few('L'), lsk: range, dpk: few('D'), dsk: range }, { requiredKeys: [] });
const facts = fc.record(
  {
    n: fc.integer({ min: -5, max: 12 }).map(n => ({ N: String(n) })),
    list: fc.array(few('x', 'y'), { maxLength: 3 }).map(values => ({ L: values })),
  },
  { requiredKeys: [] },
);
const item = fc.tuple(key, indexKeys, facts).map(parts => Object.assign({}, ...parts));
const condition = fc.constantFrom(
  {},
  { ConditionExpression: 'attribute_not_exists(pk)' },
  { ConditionExpression: 'attribute_exists(n)', ReturnValuesOnConditionCheckFailure: 'ALL_OLD' },
);
const updated = fc.constantFrom(
  { UpdateExpression: 'SET lsk = :s, lpk = :l', ExpressionAttributeValues: { ':s': text('B'), ':l': text('L') } },
  { UpdateExpression: 'ADD n :n REMOVE dsk', ExpressionAttributeValues: { ':n': { N: '3' } } },
  { UpdateExpression: 'SET n = :n', ExpressionAttributeValues: { ':n': text('no number') } },
);
const put = fc.tuple(item, condition).map(([Item, more]) => ({ TableName, Item, ...more }));
const update = fc.tuple(key, updated).map(([Key, more]) => ({ TableName, Key, ...more, ReturnValues: 'ALL_NEW' }));
const remove = fc.tuple(key, condition).map(([Key, more]) => ({ TableName, Key, ...more }));

const writes = fc.oneof(
  put.map(Put => ({ Put })),
  key.map(Key => ({ Delete: { TableName, Key } })),
  key.map(Key => ({ ConditionCheck: { TableName, Key, ConditionExpression: 'attribute_exists(pk)' } })),
);
const paging = fc.record(
  { Limit: fc.integer({ min: 1, max: 4 }), ScanIndexForward: fc.boolean() },
  { requiredKeys: [] },
);
const within = fc.constantFrom(
  '',
  ' AND RANGE = :r',
  ' AND RANGE < :r',
  ' AND RANGE >= :r',
  ' AND begins_with(RANGE, :r)',
);
const query = fc
  .tuple(fc.constantFrom('', 'lists', 'pointers'), partition, range, within, paging)
  .map(([IndexName, of, from, comparison, more]): Json => {
    const [hash, sort] = IndexName === '' ? ['pk', 'sk'] : IndexName === 'lists' ? ['lpk', 'lsk'] : ['dpk', 'dsk'];
    const wanted = IndexName === '' ? of : text(IndexName === 'lists' ? 'L' : 'D');
    return {
      TableName,
      ...(IndexName === '' ? {} : { IndexName }),
      KeyConditionExpression: `${hash} = :h${comparison.replace('RANGE', String(sort))}`,
      ExpressionAttributeValues: { ':h': wanted, ...(comparison === '' ? {} : { ':r': from }) },
      ...more,
    };
  });

const request: fc.Arbitrary<Request> = fc.oneof(
  put.map((input): Request => ['PutItem', input]),
  put.map((input): Request => ['PutItem', input]),
  update.map((input): Request => ['UpdateItem', input]),
  remove.map((input): Request => ['DeleteItem', input]),
  key.map((Key): Request => ['GetItem', { TableName, Key }]),
  query.map((input): Request => ['Query', input]),
  query.map((input): Request => ['Query', input]),
  fc.constant<Request>(['Scan', { TableName }]),
  fc
    .array(writes, { minLength: 1, maxLength: 3 })
    .map((TransactItems): Request => ['TransactWriteItems', { TransactItems }]),
);

const answerOf = (engine: Engine, [operation, input]: Request): Promise<unknown> =>
  engine.handle(operation, input).catch((error: unknown) => {
    if (!(error instanceof ServiceError)) throw error;
    const { type, message, status, more } = error;
    return { type, message, status, more };
  });

const asText = (answer: unknown): unknown => JSON.parse(JSON.stringify(answer));
const clock = { now: () => Date.now() };

test('an engine in memory answers what one on disk answers, whatever is asked', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'engine-'));
  const [inMemory, onDisk] = [await createEngine({ clock }), await createEngine({ clock, folder })];
  for (const engine of [inMemory, onDisk]) await engine.handle('CreateTable', { ...tableDefinition });
  const answered: Record<string, number> = {};
  for (const asked of fc.sample(request, { numRuns: 500, seed: 20_261_125 })) {
    const [one, other] = [await answerOf(inMemory, asked), await answerOf(onDisk, asked)];
    expect([asked, asText(one)]).toEqual([asked, asText(other)]);
    if (!JSON.stringify(one).includes('"status"')) answered[asked[0]] = (answered[asked[0]] ?? 0) + 1;
  }
  await Promise.all([inMemory.close(), onDisk.close()]);
  rmSync(folder, { recursive: true });
  // Most of what was asked was no mistake, so that answers were compared, not refusals alone.
  expect(Object.keys(answered).sort()).toEqual([
    'DeleteItem',
    'GetItem',
    'PutItem',
    'Query',
    'Scan',
    'TransactWriteItems',
    'UpdateItem',
  ]);
  expect(Math.min(...Object.values(answered))).toBeGreaterThan(10);
});

test('an engine opened with what another one holds has its own copy of it', async () => {
  const first = await createEngine({ clock });
  await first.handle('CreateTable', { ...tableDefinition });
  const Item = { pk: text('P'), sk: text('A'), lpk: text('L'), lsk: text('1') };
  await first.handle('PutItem', { TableName, Item });
  const second = await createEngine({ clock, contents: first.contents });
  await second.handle('DeleteItem', { TableName, Key: { pk: text('P'), sk: text('A') } });
  await second.handle('PutItem', { TableName, Item: { ...Item, sk: text('B') } });
  const Key = { pk: text('P'), sk: text('A') };
  const found = await Promise.all([first, second].map(engine => engine.handle('GetItem', { TableName, Key })));
  expect(found).toEqual([{ Item }, {}]);
  const listed = { TableName, IndexName: 'lists', KeyConditionExpression: 'lpk = :l' };
  const lists = await Promise.all(
    [first, second].map(engine =>
      engine.handle('Query', { ...listed, ExpressionAttributeValues: { ':l': text('L') } }),
    ),
  );
  expect(lists.map(({ Items }) => Items)).toEqual([[Item], [{ ...Item, sk: text('B') }]]);
  await Promise.all([first.close(), second.close()]);
});
