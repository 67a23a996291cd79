import { TransactGetCommand } from '@aws-sdk/lib-dynamodb';
import { type BillingTable, errorOf, openBillingTable, TABLE } from './billingTable';

let table: BillingTable;
beforeAll(async () => {
  table = await openBillingTable();
});
afterAll(() => table.close());

const absent = 'attribute_not_exists(pk)';
const put = (pk: string, sk: string, more: Record<string, unknown> = {}) => ({
  Put: { TableName: TABLE, Item: { pk, sk, ...more } },
});
const putNew = (pk: string, sk: string, more: Record<string, unknown> = {}) => ({
  Put: { TableName: TABLE, Item: { pk, sk, ...more }, ConditionExpression: absent },
});
const add = (pk: string, sk: string) => ({
  Update: {
    TableName: TABLE,
    Key: { pk, sk },
    UpdateExpression: 'ADD v :one',
    ExpressionAttributeValues: { ':one': 1 },
  },
});
const codes = (error: Record<string, unknown>) =>
  (error.CancellationReasons as { Code: string }[]).map(reason => reason.Code);

describe('TransactWriteItems', () => {
  it('commits put, update, delete and condition check together', async () => {
    const pk = table.partition();
    await table.put({ pk, sk: 'checked', ok: true });
    await table.put({ pk, sk: 'deleted' });
    await table.transact([
      put(pk, 'a', { v: 1 }),
      add(pk, 'b'),
      { Delete: { TableName: TABLE, Key: { pk, sk: 'deleted' } } },
      {
        ConditionCheck: {
          TableName: TABLE,
          Key: { pk, sk: 'checked' },
          ConditionExpression: 'ok = :true',
          ExpressionAttributeValues: { ':true': true },
        },
      },
    ]);
    expect(await table.get(pk, 'a')).toMatchObject({ v: 1 });
    expect(await table.get(pk, 'b')).toMatchObject({ v: 1 });
    expect(await table.get(pk, 'deleted')).toBeUndefined();
    expect(await table.get(pk, 'checked')).toMatchObject({ ok: true });
  });

  it('writes nothing when one condition fails, and gives each item its reason', async () => {
    const pk = table.partition();
    await table.put({ pk, sk: 'x', v: 1 });
    const error = await errorOf(table.transact([put(pk, 'a'), putNew(pk, 'x')]));
    expect(error.name).toBe('TransactionCanceledException');
    expect(error.message).toContain('[None, ConditionalCheckFailed]');
    expect(error.CancellationReasons).toMatchObject([
      { Code: 'None' },
      { Code: 'ConditionalCheckFailed', Message: 'The conditional request failed' },
    ]);
    expect(await table.get(pk, 'a')).toBeUndefined();
  });

  it('returns the old item in the reason when asked, and none where there was none', async () => {
    const pk = table.partition();
    await table.put({ pk, sk: 'x', v: 42 });
    const allOld = { ReturnValuesOnConditionCheckFailure: 'ALL_OLD' as const };
    const missing = { TableName: TABLE, Key: { pk, sk: 'y' }, ConditionExpression: 'attribute_exists(pk)', ...allOld };
    const error = await errorOf(
      table.transact([{ Put: { ...putNew(pk, 'x').Put, ...allOld } }, { ConditionCheck: missing }]),
    );
    const [first, second] = error.CancellationReasons as { Code: string; Item?: { v: unknown } }[];
    expect(first?.Item?.v).toEqual({ N: '42' });
    expect(second).toMatchObject({ Code: 'ConditionalCheckFailed' });
    expect(second?.Item).toBeUndefined();
  });

  it('applies a transaction once for the same client token', async () => {
    const pk = table.partition();
    const ClientRequestToken = `token-${pk}`;
    await table.transact([add(pk, 'a')], { ClientRequestToken });
    await table.transact([add(pk, 'a')], { ClientRequestToken });
    expect(await table.get(pk, 'a')).toMatchObject({ v: 1 });
  });

  it('forgets a client token after ten minutes', async () => {
    const pk = table.partition();
    const ClientRequestToken = `token-${pk}`;
    await table.transact([add(pk, 'a')], { ClientRequestToken });
    table.clock.advanceMinutes(11);
    await table.transact([add(pk, 'a')], { ClientRequestToken });
    expect(await table.get(pk, 'a')).toMatchObject({ v: 2 });
  });

  it('refuses a used client token with another transaction', async () => {
    const pk = table.partition();
    const ClientRequestToken = `token-${pk}`;
    await table.transact([put(pk, 'a', { v: 1 })], { ClientRequestToken });
    const error = await errorOf(table.transact([put(pk, 'a', { v: 2 })], { ClientRequestToken }));
    expect(error.name).toBe('IdempotentParameterMismatchException');
  });

  it('refuses two operations on one item', async () => {
    const pk = table.partition();
    const error = await errorOf(table.transact([put(pk, 'a'), add(pk, 'a')]));
    expect(error.name).toBe('ValidationException');
    expect(error.message).toMatch(/multiple operations on one item/);
  });

  it('takes 100 items and refuses 101', async () => {
    const pk = table.partition();
    const puts = Array.from({ length: 101 }, (_, at) => put(pk, String(at)));
    await table.transact(puts.slice(0, 100));
    expect((await errorOf(table.transact(puts))).name).toBe('ValidationException');
    expect(await table.get(pk, '100')).toBeUndefined();
  });

  it('refuses more than 4 MB', async () => {
    const pk = table.partition();
    const puts = Array.from({ length: 12 }, (_, at) => put(pk, String(at), { big: 'x'.repeat(390_000) }));
    expect((await errorOf(table.transact(puts))).name).toBe('ValidationException');
    expect(await table.get(pk, '0')).toBeUndefined();
  });

  it('cancels all when one update cannot be applied', async () => {
    const pk = table.partition();
    await table.put({ pk, sk: 's', v: 'text' });
    const wrong = { ...add(pk, 's').Update, UpdateExpression: 'SET v = v + :one' };
    const error = await errorOf(table.transact([put(pk, 'a'), { Update: wrong }]));
    expect(error.name).toBe('TransactionCanceledException');
    expect(codes(error)).toEqual(['None', 'ValidationError']);
    expect(await table.get(pk, 'a')).toBeUndefined();
  });

  it('writes indexes too', async () => {
    const pk = table.partition();
    await table.transact([put(pk, 'a', { g1pk: `G${pk}`, g1sk: '1' })]);
    const found = await table.query({
      IndexName: 'gsi1',
      KeyConditionExpression: 'g1pk = :g',
      ExpressionAttributeValues: { ':g': `G${pk}` },
    });
    expect(found.Count).toBe(1);
  });

  it('costs two write units a KB and one an index entry', async () => {
    const pk = table.partition();
    const plain = await table.transact([put(pk, 'a')], { ReturnConsumedCapacity: 'TOTAL' });
    expect(plain.ConsumedCapacity?.[0]?.CapacityUnits).toBe(2);
    const indexed = await table.transact([put(pk, 'b', { g1pk: 'cost', g1sk: 'cost' })], {
      ReturnConsumedCapacity: 'INDEXES',
    });
    expect(indexed.ConsumedCapacity?.[0]).toMatchObject({
      CapacityUnits: 3,
      Table: { CapacityUnits: 2 },
      GlobalSecondaryIndexes: { gsi1: { CapacityUnits: 1 } },
    });
  });

  it('keeps a counter exact under 50 concurrent transactions', async () => {
    const pk = table.partition();
    await table.put({ pk, sk: 'counter', v: 0 });
    await Promise.all(
      Array.from({ length: 50 }, (_, at) => table.transact([add(pk, 'counter'), put(pk, `line${at}`)])),
    );
    expect(await table.get(pk, 'counter')).toMatchObject({ v: 50 });
  });

  it('lets exactly one of 20 racing transactions take a free slot', async () => {
    const pk = table.partition();
    const outcomes = await Promise.allSettled(
      Array.from({ length: 20 }, (_, at) => table.transact([putNew(pk, 'slot', { by: at }), put(pk, `other${at}`)])),
    );
    expect(outcomes.filter(outcome => outcome.status === 'fulfilled')).toHaveLength(1);
    const others = await table.query({
      KeyConditionExpression: 'pk = :p AND begins_with(sk, :o)',
      ExpressionAttributeValues: { ':p': pk, ':o': 'other' },
    });
    expect(others.Count).toBe(1);
  });
});

describe('TransactGetItems', () => {
  it('answers in the order asked, with a gap for what is missing', async () => {
    const pk = table.partition();
    await table.put({ pk, sk: 'a', v: 1 });
    const found = await table.doc.send(
      new TransactGetCommand({
        TransactItems: [
          { Get: { TableName: TABLE, Key: { pk, sk: 'missing' } } },
          { Get: { TableName: TABLE, Key: { pk, sk: 'a' }, ProjectionExpression: 'v' } },
        ],
      }),
    );
    expect(found.Responses?.map(response => response.Item)).toEqual([undefined, { v: 1 }]);
  });
});
