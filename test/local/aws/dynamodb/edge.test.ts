import http from 'node:http';
import {
  DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
  TransactWriteCommand,
} from '@aws-sdk/lib-dynamodb';
import { AccessDenied, type Fault } from '../../../../local/parts';
import { type BillingTable, clientOf, errorOf, openBillingTable, TABLE } from './billingTable';

let table: BillingTable;
let fault: Fault | undefined;
const asked: string[] = [];
const crashed: string[] = [];
const mayNot = new Set<string>();

beforeAll(async () => {
  table = await openBillingTable({
    checkAccess: (key, action, resource) => {
      asked.push(`${key} ${action} ${resource.replace(/^.*:/, '')}`);
      if (mayNot.has(`${key} ${action}`)) throw new AccessDenied(action, resource, key);
    },
    crashCaller: key => crashed.push(key),
    faults: {
      next: (service, operation) => {
        if (fault?.service !== service || (fault.operation ?? operation) !== operation) return undefined;
        const due = fault;
        fault = undefined;
        return due;
      },
    },
  });
});
afterAll(() => table.close());
beforeEach(() => {
  asked.length = 0;
  mayNot.clear();
});

const fail = (operation: string, when: Fault['when'], error: Fault['error']) => {
  fault = { service: 'dynamodb', operation, when, error };
};
const put = (pk: string, sk = 'a') => ({ Put: { TableName: TABLE, Item: { pk, sk } } });
const asRole = () => DynamoDBDocumentClient.from(clientOf(table.part.url, 'role'));

describe('rights', () => {
  it('of a transaction are those of its parts, once each', async () => {
    const Key = { pk: 'r', sk: 'checked' };
    const ConditionCheck = { TableName: TABLE, Key, ConditionExpression: 'attribute_not_exists(pk)' };
    const TransactItems = [put('r', '1'), put('r', '2'), { ConditionCheck }];
    await asRole().send(new TransactWriteCommand({ TransactItems }));
    expect(asked).toEqual([`role dynamodb:PutItem table/${TABLE}`, `role dynamodb:ConditionCheckItem table/${TABLE}`]);
  });

  it('of a query on an index are the index’s', async () => {
    const query = { KeyConditionExpression: 'g1pk = :g', ExpressionAttributeValues: { ':g': 'x' } };
    await asRole().send(new QueryCommand({ TableName: TABLE, IndexName: 'gsi1', ...query }));
    expect(asked).toEqual([`role dynamodb:Query table/${TABLE}/index/gsi1`]);
  });

  it('that are missing refuse the whole transaction as AccessDeniedException', async () => {
    mayNot.add('role dynamodb:PutItem');
    const error = await errorOf(asRole().send(new TransactWriteCommand({ TransactItems: [put('denied')] })));
    expect(error.name).toBe('AccessDeniedException');
    expect(error.message).toContain('is not authorized to perform: dynamodb:PutItem on resource: arn:aws:dynamodb');
    expect(await table.get('denied', 'a')).toBeUndefined();
  });
});

describe('faults', () => {
  it('throttle a transaction with a reason for each part', async () => {
    fail('TransactWriteItems', 'before', 'throttle');
    const error = await errorOf(table.transact([put('t', '1'), put('t', '2')]));
    expect(error.name).toBe('TransactionCanceledException');
    expect(error.CancellationReasons).toMatchObject([{ Code: 'ThrottlingError' }, { Code: 'ThrottlingError' }]);
    expect(await table.get('t', '1')).toBeUndefined();
  });

  it('throttle one call of the operation that they name', async () => {
    fail('GetItem', 'before', 'throttle');
    await table.put({ pk: 't', sk: 'other' });
    expect((await errorOf(table.get('t', 'other'))).name).toBe('ProvisionedThroughputExceededException');
    expect(await table.get('t', 'other')).toBeDefined();
  });

  it('lose the answer of what was written', async () => {
    fail('PutItem', 'after', '500');
    expect((await errorOf(table.put({ pk: 'lost', sk: 'a' }))).name).toBe('InternalServerError');
    expect(await table.get('lost', 'a')).toBeDefined();
  });

  it('crash the caller by its access key and leave it without an answer', async () => {
    fail('PutItem', 'after', 'crash');
    const error = await errorOf(asRole().send(new PutCommand({ TableName: TABLE, Item: { pk: 'crash', sk: 'a' } })));
    expect(error.message).toMatch(/socket hang up|ECONNRESET/);
    expect(crashed).toEqual(['role']);
    expect(await table.get('crash', 'a')).toBeDefined();
  });

  it('keep a caller waiting until it gives up', async () => {
    fail('GetItem', 'before', 'timeout');
    const read = new GetCommand({ TableName: TABLE, Key: { pk: 'x', sk: 'x' } });
    const error = await errorOf(table.doc.send(read, { abortSignal: AbortSignal.timeout(100) }));
    expect(error.name).toBe('AbortError');
  });
});

describe('the server', () => {
  it('refuses a Host that is not this machine', async () => {
    const status = await new Promise(resolve => {
      const { port } = new URL(table.part.url);
      http.get({ host: '127.0.0.1', port, headers: { host: 'evil.test' } }, answer => resolve(answer.statusCode)).end();
    });
    expect(status).toBe(403);
  });

  it('tells a listener each request and what it consumed, whatever the caller asked for, refused ones too', async () => {
    const heard: [string, string, unknown][] = [];
    const stop = table.part.engine.onRequest((operation, { ConsumedCapacity }, accessKeyId) =>
      heard.push([operation, accessKeyId, ConsumedCapacity]),
    );
    const answer = await table.put({ pk: 'heard', sk: 'a' });
    const refused = await errorOf(
      table.put({ pk: 'heard', sk: 'a' }, { ConditionExpression: 'attribute_not_exists(pk)' }),
    );
    stop();
    await table.put({ pk: 'unheard', sk: 'a' });
    expect([answer.ConsumedCapacity, refused.name]).toEqual([undefined, 'ConditionalCheckFailedException']);
    const consumed = { TableName: TABLE, CapacityUnits: 1 };
    expect(heard).toEqual([
      ['PutItem', 'local', expect.objectContaining(consumed)],
      ['PutItem', 'local', undefined],
    ]);
  });

  it('dates its answers by the moved clock, or SDKs would ask again what was refused', async () => {
    table.clock.advanceMinutes(60);
    const { headers } = await fetch(table.part.url, { method: 'POST' });
    const apart = Date.parse(headers.get('date') ?? '') - table.clock.now();
    table.clock.advanceMinutes(-60);
    expect(Math.abs(apart)).toBeLessThan(60_000);
  });

  it('answers in process as over HTTP', async () => {
    const Item = { pk: { S: 'inside' }, sk: { S: 'a' } };
    await table.part.engine.handle('PutItem', { TableName: TABLE, Item });
    expect(await table.get('inside', 'a')).toEqual({ pk: 'inside', sk: 'a' });
    const call = table.part.engine.handle('GetItem', { TableName: 'missing', Key: Item });
    await expect(call).rejects.toMatchObject({ name: expect.stringContaining('ResourceNotFoundException') });
  });
});
