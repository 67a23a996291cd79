import { BatchGetCommand, BatchWriteCommand } from '@aws-sdk/lib-dynamodb';
import { type BillingTable, errorOf, openBillingTable, TABLE } from './billingTable';

let table: BillingTable;
beforeAll(async () => {
  table = await openBillingTable();
});
afterAll(() => table.close());

const refused = async (call: Promise<unknown>) => (await errorOf(call)).name;

describe('items', () => {
  it('come back in every type', async () => {
    const pk = table.partition();
    const item = {
      n: 12.34,
      b: true,
      z: null,
      l: [1, 'x', { y: 2 }],
      m: { a: { b: 1 } },
      ss: new Set(['a', 'b']),
      bin: new Uint8Array([1, 2, 255]),
      e: '',
    };
    await table.put({ pk, sk: 'a', ...item });
    const found = await table.get(pk, 'a');
    expect(found).toMatchObject({ ...item, bin: expect.anything() });
    expect(Buffer.from(found?.bin ?? '')).toEqual(Buffer.from([1, 2, 255]));
  });

  it('have keys that are neither empty nor of another type, in indexes too', async () => {
    const pk = table.partition();
    expect(await refused(table.put({ pk: '', sk: 'a' }))).toBe('ValidationException');
    expect(await refused(table.put({ pk, sk: 'a', g1pk: '', g1sk: 'x' }))).toBe('ValidationException');
    expect(await refused(table.put({ pk, sk: 'a', g2pk: 'x', g2sk: 'not a number' }))).toBe('ValidationException');
    const emptied = { UpdateExpression: 'SET g1pk = :e', ExpressionAttributeValues: { ':e': '' } };
    expect(await refused(table.update(pk, 'a', emptied))).toBe('ValidationException');
    expect(await table.get(pk, 'a')).toBeUndefined();
  });

  it('of an unknown table are ResourceNotFoundException', async () => {
    expect(await refused(table.get('1', '1', { TableName: 'missing' } as object))).toBe('ResourceNotFoundException');
  });

  it('are at most 400 KB', async () => {
    const pk = table.partition();
    expect(await refused(table.put({ pk, sk: 'a', big: 'x'.repeat(410_000) }))).toBe('ValidationException');
    await table.put({ pk, sk: 'a', big: 'x'.repeat(400_000) });
  });

  it('are written in batches of 25 and read in batches', async () => {
    const pk = table.partition();
    const puts = Array.from({ length: 26 }, (_, at) => ({ PutRequest: { Item: { pk, sk: String(at) } } }));
    const writeBatch = (count: number) =>
      table.doc.send(new BatchWriteCommand({ RequestItems: { [TABLE]: puts.slice(0, count) } }));
    await writeBatch(25);
    expect(await refused(writeBatch(26))).toBe('ValidationException');
    const Keys = Array.from({ length: 25 }, (_, at) => ({ pk, sk: String(at) }));
    const found = await table.doc.send(new BatchGetCommand({ RequestItems: { [TABLE]: { Keys } } }));
    expect(found.Responses?.[TABLE]).toHaveLength(25);
  });

  it('show the part that a projection names', async () => {
    const pk = table.partition();
    await table.put({ pk, sk: 'a', m: { x: { y: 1, z: 2 } }, l: [{ q: 1 }, { q: 2 }], name: 'n' });
    const rest = { ProjectionExpression: '#n, m.x.y, l[1].q', ExpressionAttributeNames: { '#n': 'name' } };
    expect(await table.get(pk, 'a', rest)).toEqual({ name: 'n', m: { x: { y: 1 } }, l: [{ q: 2 }] });
  });
});

describe('conditions', () => {
  it('refuse a second put of what must be absent', async () => {
    const pk = table.partition();
    const absent = { ConditionExpression: 'attribute_not_exists(pk)' };
    await table.put({ pk, sk: 'a', v: 1 }, absent);
    expect(await refused(table.put({ pk, sk: 'a', v: 2 }, absent))).toBe('ConditionalCheckFailedException');
    expect(await table.get(pk, 'a')).toMatchObject({ v: 1 });
  });

  it('return the old item of a put and of an update when asked', async () => {
    const pk = table.partition();
    await table.put({ pk, sk: 'a', v: 7 });
    const condition = { ConditionExpression: 'v = :x', ReturnValuesOnConditionCheckFailure: 'ALL_OLD' as const };
    const put = await errorOf(table.put({ pk, sk: 'a' }, { ...condition, ExpressionAttributeValues: { ':x': 99 } }));
    expect(put.name).toBe('ConditionalCheckFailedException');
    expect(put.Item).toMatchObject({ v: { N: '7' } });
    const values = { ':x': 99, ':n': 1 };
    const update = await errorOf(
      table.update(pk, 'a', { ...condition, UpdateExpression: 'SET v = :n', ExpressionAttributeValues: values }),
    );
    expect(update.Item).toMatchObject({ v: { N: '7' } });
  });

  it('know all functions and operators', async () => {
    const pk = table.partition();
    await table.put({ pk, sk: 'a', s: 'hello', l: [1, 2], st: 'OPEN', n: 5 });
    await table.update(pk, 'a', {
      UpdateExpression: 'SET ok = :t',
      ConditionExpression:
        'size(l) = :two AND contains(s, :ell) AND begins_with(s, :he) AND attribute_type(n, :N) AND st IN (:o, :p) ' +
        'AND n BETWEEN :1 AND :9 AND NOT (n < :1 OR n <> :five)',
      ExpressionAttributeValues: {
        ':t': true,
        ':two': 2,
        ':ell': 'ell',
        ':he': 'he',
        ':N': 'N',
        ':o': 'OPEN',
        ':p': 'PAID',
        ':1': 1,
        ':9': 9,
        ':five': 5,
      },
    });
    expect(await table.get(pk, 'a')).toMatchObject({ ok: true });
  });
});

describe('return values', () => {
  it('of a put and of a conditional delete are the old item', async () => {
    const pk = table.partition();
    await table.put({ pk, sk: 'a', v: 1 });
    const put = await table.put({ pk, sk: 'a', v: 2 }, { ReturnValues: 'ALL_OLD' });
    expect(put.Attributes).toMatchObject({ v: 1 });
    const removed = await table.remove(pk, 'a', {
      ConditionExpression: 'v = :two',
      ExpressionAttributeValues: { ':two': 2 },
      ReturnValues: 'ALL_OLD',
    });
    expect(removed.Attributes).toMatchObject({ v: 2 });
    expect(await table.get(pk, 'a')).toBeUndefined();
  });

  it('of an update are only what it touched under UPDATED_OLD', async () => {
    const pk = table.partition();
    await table.put({ pk, sk: 'a', v: 1, w: 2 });
    const answer = await table.update(pk, 'a', {
      UpdateExpression: 'SET v = :n',
      ExpressionAttributeValues: { ':n': 5 },
      ReturnValues: 'UPDATED_OLD',
    });
    expect(answer.Attributes).toEqual({ v: 1 });
  });
});

describe('updates', () => {
  it('know functions, arithmetic, nested paths, add and remove', async () => {
    const pk = table.partition();
    await table.put({ pk, sk: 'a', log: ['x'], m: { a: 1, b: 2 }, oldv: 1 });
    const answer = await table.update(pk, 'a', {
      UpdateExpression:
        'SET seq = if_not_exists(seq, :z) + :one, #l = list_append(#l, :y), ' +
        'lst2 = list_append(if_not_exists(lst2, :e), :y), m.c = :three, m.a = m.a + :one REMOVE oldv, m.b ADD cnt :five',
      ExpressionAttributeNames: { '#l': 'log' },
      ExpressionAttributeValues: { ':z': 0, ':one': 1, ':y': ['y'], ':e': [], ':three': 3, ':five': 5 },
      ReturnValues: 'ALL_NEW',
    });
    const lists = { log: ['x', 'y'], lst2: ['y'] };
    expect(answer.Attributes).toEqual({ pk, sk: 'a', seq: 1, ...lists, m: { a: 2, c: 3 }, cnt: 5 });
  });

  it('add to and delete from sets', async () => {
    const pk = table.partition();
    await table.put({ pk, sk: 'a', ss: new Set(['a']) });
    const change = (verb: string, element: string) =>
      table.update(pk, 'a', {
        UpdateExpression: `${verb} ss :x`,
        ExpressionAttributeValues: { ':x': new Set([element]) },
        ReturnValues: 'UPDATED_NEW',
      });
    await change('ADD', 'b');
    expect((await change('DELETE', 'a')).Attributes).toEqual({ ss: new Set(['b']) });
  });

  it.each([
    ['an attribute that is not there', 'SET v = v + :1', { ':1': 1 }],
    ['overlapping paths', 'SET a = :1, a.b = :1', { ':1': 1 }],
    ['a key', 'SET sk = :1', { ':1': 'b' }],
    ['values that it does not use', 'SET v = :1', { ':1': 1, ':2': 2 }],
    ['a reserved word without a placeholder', 'SET status = :1', { ':1': 1 }],
  ])('refuse %s', async (_what, UpdateExpression, ExpressionAttributeValues) => {
    const pk = table.partition();
    await table.put({ pk, sk: 'a' });
    const error = await errorOf(table.update(pk, 'a', { UpdateExpression, ExpressionAttributeValues }));
    expect(error.name).toBe('ValidationException');
    if (UpdateExpression.includes('status')) expect(error.message).toMatch(/reserved keyword/);
  });
});
