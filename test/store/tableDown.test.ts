import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { decideAnew, getItem, putIfAbsent, queryPage, transact, useDocumentClient } from '../../shared/store/kernel';

const key = { pk: 'P#p#CLIENT#c', sk: 'A' };
const calls: Readonly<Record<string, () => Promise<unknown>>> = {
  read: () => getItem(key),
  query: () => queryPage({ partition: key.pk }),
  put: () => putIfAbsent(key),
  transaction: () => transact([{ put: key, when: 'absent' }]),
};

/** A table that answers every call so. */
function answering(status: number, type: string): void {
  const body = Buffer.from(JSON.stringify({ __type: `com.amazonaws.dynamodb.v20120810#${type}`, message: 'no' }));
  const headers = { 'content-type': 'application/x-amz-json-1.0' };
  useClient({ handle: async () => ({ response: { statusCode: status, headers, body } }) });
}
const useClient = (requestHandler: object): void => {
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const client = new DynamoDBClient({ region: 'us-east-1', credentials, maxAttempts: 1, requestHandler });
  useDocumentClient(DynamoDBDocumentClient.from(client));
};

beforeAll(() => {
  process.env.TABLE_NAME = 'billing';
});
afterAll(() => useDocumentClient(undefined));

describe.each(Object.keys(calls))('a %s', name => {
  test.each([
    ['fails inside', 500, 'InternalServerError'],
    ['is throttled', 400, 'ThrottlingException'],
    ['is over its throughput', 400, 'ProvisionedThroughputExceededException'],
  ])('of a table that %s is 503 with a time to wait, safe to repeat with the same key', async (_, status, type) => {
    answering(status, type);
    await expect(calls[name]?.()).rejects.toMatchObject({
      code: 'dependency_down',
      facts: { dependency: 'The database', retryAfterSeconds: 1 },
    });
  });

  test('of a table that cannot be reached is 503', async () => {
    const unreachable = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
    useClient({
      handle: async () => {
        throw unreachable;
      },
    });
    await expect(calls[name]?.()).rejects.toMatchObject({ code: 'dependency_down' });
  });

  test('that is refused for a missing right stays our own error', async () => {
    answering(400, 'AccessDeniedException');
    await expect(calls[name]?.()).rejects.toMatchObject({ name: 'AccessDeniedException' });
  });
});

describe('a transaction that the table has no room for', () => {
  const throttled = () => {
    const reasons = { CancellationReasons: [{ Code: 'ThrottlingError' }], Message: 'Transaction cancelled' };
    const type = { __type: 'com.amazonaws.dynamodb.v20120810#TransactionCanceledException' };
    const headers = { 'content-type': 'application/x-amz-json-1.0' };
    return { response: { statusCode: 400, headers, body: Buffer.from(JSON.stringify({ ...type, ...reasons })) } };
  };
  const write = () => transact([{ put: key, when: 'absent' }]);

  test('is 503, and no race that somebody else won: nothing stands there', async () => {
    useClient({ handle: async () => throttled() });
    await expect(write()).rejects.toMatchObject({ code: 'dependency_down' });
  });

  test('is tried again at once by whoever decides anew', async () => {
    const done = {
      statusCode: 200,
      headers: { 'content-type': 'application/x-amz-json-1.0' },
      body: Buffer.from('{}'),
    };
    const answers = [throttled(), throttled(), { response: done }];
    useClient({ handle: async () => answers.shift() });
    await decideAnew(write);
    expect(answers).toEqual([]);
  });
});
