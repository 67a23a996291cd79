import { ScanCommand } from '@aws-sdk/lib-dynamodb';
import { type BillingTable, errorOf, openBillingTable, TABLE } from './billingTable';

let table: BillingTable;
beforeAll(async () => {
  table = await openBillingTable();
});
afterAll(() => table.close());

type Rest = Omit<Parameters<BillingTable['query']>[0], 'KeyConditionExpression' | 'ExpressionAttributeValues'>;

const inTable = (pk: string, rest: Rest = {}, more: Record<string, unknown> = {}, range = '') =>
  table.query({
    KeyConditionExpression: `pk = :p${range}`,
    ExpressionAttributeValues: { ':p': pk, ...more },
    ...rest,
  });
const inIndex = (IndexName: 'gsi1' | 'gsi2', value: string, rest: Rest = {}) =>
  table.query({
    IndexName,
    KeyConditionExpression: `${IndexName === 'gsi1' ? 'g1pk' : 'g2pk'} = :g`,
    ExpressionAttributeValues: { ':g': value },
    ...rest,
  });
const sortKeys = (answer: { Items?: Record<string, unknown>[] | undefined }) => answer.Items?.map(item => item.sk);

describe('a query', () => {
  it('finds by the start and the range of the sort key, in both directions, limited', async () => {
    const pk = table.partition();
    for (const sk of ['INV#1', 'INV#2', 'INV#3', 'PAY#1', 'PAY#2']) await table.put({ pk, sk });
    const begins = await inTable(pk, {}, { ':s': 'INV#' }, ' AND begins_with(sk, :s)');
    expect(sortKeys(begins)).toEqual(['INV#1', 'INV#2', 'INV#3']);
    const between = await inTable(pk, {}, { ':a': 'INV#2', ':b': 'PAY#1' }, ' AND sk BETWEEN :a AND :b');
    expect(sortKeys(between)).toEqual(['INV#2', 'INV#3', 'PAY#1']);
    const last = await inTable(pk, { ScanIndexForward: false, Limit: 2 });
    expect(sortKeys(last)).toEqual(['PAY#2', 'PAY#1']);
  });

  it('pages before it filters', async () => {
    const pk = table.partition();
    for (let at = 0; at < 25; at++) await table.put({ pk, sk: String(at).padStart(3, '0'), even: at % 2 === 0 });
    const page = (ExclusiveStartKey?: Record<string, unknown>) =>
      inTable(
        pk,
        { FilterExpression: 'even = :t', Limit: 7, ...(ExclusiveStartKey ? { ExclusiveStartKey } : {}) },
        { ':t': true },
      );
    const first = await page();
    expect(first).toMatchObject({ ScannedCount: 7, Count: 4 });
    let found = first.Items?.length ?? 0;
    for (let next = first.LastEvaluatedKey; next !== undefined; ) {
      const answer = await page(next);
      found += answer.Items?.length ?? 0;
      next = answer.LastEvaluatedKey;
    }
    expect(found).toBe(13);
  });

  it('ends a page at 1 MB', async () => {
    const pk = table.partition();
    for (let at = 0; at < 12; at++) await table.put({ pk, sk: `b${at}`, big: 'x'.repeat(100_000) });
    const answer = await inTable(pk);
    expect(answer.LastEvaluatedKey).toBeDefined();
    expect(answer.Items?.length).toBeLessThan(12);
  });

  it('may only count', async () => {
    const pk = table.partition();
    for (const sk of ['1', '2', '3']) await table.put({ pk, sk });
    const answer = await inTable(pk, { Select: 'COUNT' });
    expect(answer.Count).toBe(3);
    expect(answer.Items).toBeUndefined();
  });

  it('does not filter on a key', async () => {
    const error = await errorOf(inTable('x', { FilterExpression: 'sk = :p' }));
    expect(error.name).toBe('ValidationException');
  });

  it('costs half when it may read what is a moment old', async () => {
    const pk = table.partition();
    await table.put({ pk, sk: 'a', pad: 'x'.repeat(3000) });
    const units = async (ConsistentRead: boolean) =>
      (await inTable(pk, { ConsistentRead, ReturnConsumedCapacity: 'TOTAL' })).ConsumedCapacity?.CapacityUnits;
    expect([await units(false), await units(true)]).toEqual([0.5, 1]);
  });
});

describe('an index', () => {
  it('holds what has its keys, whole, and pages by them', async () => {
    const pk = table.partition();
    for (let at = 0; at < 5; at++)
      await table.put({ pk, sk: `s${at}`, x: at, ...(at < 4 ? { g1pk: `G${pk}`, g1sk: `d${at}` } : {}) });
    const query = (rest: Rest = {}) =>
      table.query({
        IndexName: 'gsi1',
        KeyConditionExpression: 'g1pk = :g AND g1sk >= :a',
        ExpressionAttributeValues: { ':g': `G${pk}`, ':a': 'd1' },
        ...rest,
      });
    const first = await query({ Limit: 2 });
    expect(first.Items?.map(item => item.x)).toEqual([1, 2]);
    expect(Object.keys(first.LastEvaluatedKey ?? {}).sort()).toEqual(['g1pk', 'g1sk', 'pk', 'sk']);
    const second = await query({ ExclusiveStartKey: first.LastEvaluatedKey });
    expect(second.Items?.map(item => item.x)).toEqual([3]);
  });

  it('sorts numbers as numbers, takes equal keys, and leaves out what it does not include', async () => {
    const pk = table.partition();
    const entries: [string, number, string][] = [
      ['a', 10, 'ten'],
      ['b', 9, 'nine'],
      ['c', 10, 'ten again'],
      ['d', -1.5, 'negative'],
    ];
    for (const [sk, g2sk, name] of entries) await table.put({ pk, sk, g2pk: `N${pk}`, g2sk, name, other: 1 });
    const { Items = [] } = await inIndex('gsi2', `N${pk}`);
    expect(Items.slice(0, 2).map(item => item.name)).toEqual(['negative', 'nine']);
    expect(Items).toHaveLength(4);
    expect(Items.some(item => 'other' in item)).toBe(false);
  });

  it('follows its items when their keys change or go', async () => {
    const pk = table.partition();
    const count = async (value: string) => (await inIndex('gsi1', value)).Count;
    await table.put({ pk, sk: 'a', g1pk: `A${pk}`, g1sk: '1' });
    await table.update(pk, 'a', { UpdateExpression: 'SET g1pk = :b', ExpressionAttributeValues: { ':b': `B${pk}` } });
    expect([await count(`A${pk}`), await count(`B${pk}`)]).toEqual([0, 1]);
    await table.update(pk, 'a', { UpdateExpression: 'REMOVE g1pk' });
    expect(await count(`B${pk}`)).toBe(0);
  });

  it('is not read consistently', async () => {
    expect((await errorOf(inIndex('gsi1', 'x', { ConsistentRead: true }))).name).toBe('ValidationException');
  });

  it('has its writes counted by name', async () => {
    const pk = table.partition();
    const item = { pk, sk: 'a', g1pk: 'cc', g1sk: 'cc', pad: 'x'.repeat(1500) };
    const answer = await table.put(item, { ReturnConsumedCapacity: 'INDEXES' });
    expect(answer.ConsumedCapacity).toMatchObject({
      TableName: TABLE,
      CapacityUnits: 4,
      Table: { CapacityUnits: 2 },
      GlobalSecondaryIndexes: { gsi1: { CapacityUnits: 2 } },
    });
    const moved = await table.put({ ...item, g1sk: 'dd' }, { ReturnConsumedCapacity: 'INDEXES' });
    expect(moved.ConsumedCapacity?.GlobalSecondaryIndexes?.gsi1?.CapacityUnits).toBe(4);
  });
});

describe('a scan', () => {
  it('in segments covers all', async () => {
    const count = async (rest: object = {}) => {
      let found = 0;
      let ExclusiveStartKey: Record<string, unknown> | undefined;
      do {
        const page = new ScanCommand({ TableName: TABLE, Select: 'COUNT', ...rest, ExclusiveStartKey });
        const answer = await table.doc.send(page);
        found += answer.Count ?? 0;
        ExclusiveStartKey = answer.LastEvaluatedKey;
      } while (ExclusiveStartKey !== undefined);
      return found;
    };
    const segment = (Segment: number) => count({ TotalSegments: 2, Segment });
    expect((await segment(0)) + (await segment(1))).toBe(await count());
  });
});
