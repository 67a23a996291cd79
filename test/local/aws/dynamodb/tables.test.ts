import {
  DeleteTableCommand,
  DescribeContinuousBackupsCommand,
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
  ListTagsOfResourceCommand,
  TagResourceCommand,
  UpdateContinuousBackupsCommand,
  UpdateTableCommand,
  UpdateTimeToLiveCommand,
} from '@aws-sdk/client-dynamodb';
import { type BillingTable, createTable, errorOf, openBillingTable, TABLE } from './billingTable';

/*
 * These files hold 58 of the 61 conformance checks of the prototypes' DynamoDB script. Left out: GetRecords of a stream and
 * the LatestStreamArn in DescribeTable (the system has no streams: what follows a write is due work), PartiQL (never used).
 */

let table: BillingTable;
beforeAll(async () => {
  table = await openBillingTable();
});
afterAll(() => table.close());

const TableName = TABLE;
const describeTable = async () => (await table.raw.send(new DescribeTableCommand({ TableName }))).Table;

it('is created once, and is active at once', async () => {
  expect((await errorOf(table.raw.send(createTable))).name).toBe('ResourceInUseException');
  expect(await describeTable()).toMatchObject({
    TableStatus: 'ACTIVE',
    BillingModeSummary: { BillingMode: 'PAY_PER_REQUEST' },
    GlobalSecondaryIndexes: [{ IndexStatus: 'ACTIVE' }, { IndexStatus: 'ACTIVE' }],
    TableArn: `arn:aws:dynamodb:us-east-1:123456789012:table/${TABLE}`,
  });
});

it('deletes what is past its time to live by the moved clock', async () => {
  const TimeToLiveSpecification = { AttributeName: 'ttl', Enabled: true };
  const before = { pk: 'ttl', sk: 'before', ttl: Math.floor(table.clock.now() / 1000) + 3600 };
  await table.put(before);
  await table.raw.send(new UpdateTimeToLiveCommand({ TableName, TimeToLiveSpecification }));
  const described = await table.raw.send(new DescribeTimeToLiveCommand({ TableName }));
  expect(described.TimeToLiveDescription).toEqual({ AttributeName: 'ttl', TimeToLiveStatus: 'ENABLED' });
  await table.put({ ...before, sk: 'after' });
  await table.put({ ...before, sk: 'later', ttl: before.ttl + 36_000 });
  await table.put({ pk: 'ttl', sk: 'never' });
  expect(await table.part.engine.deleteExpired()).toBe(0);
  table.clock.advanceMinutes(61);
  expect(await table.part.engine.deleteExpired()).toBe(2);
  expect(await table.get('ttl', 'before')).toBeUndefined();
  expect(await table.get('ttl', 'after')).toBeUndefined();
  expect(await table.get('ttl', 'later')).toBeDefined();
  expect(await table.get('ttl', 'never')).toBeDefined();
});

it('remembers point-in-time recovery', async () => {
  const status = async () =>
    (await table.raw.send(new DescribeContinuousBackupsCommand({ TableName }))).ContinuousBackupsDescription
      ?.PointInTimeRecoveryDescription?.PointInTimeRecoveryStatus;
  expect(await status()).toBe('DISABLED');
  const PointInTimeRecoverySpecification = { PointInTimeRecoveryEnabled: true };
  await table.raw.send(new UpdateContinuousBackupsCommand({ TableName, PointInTimeRecoverySpecification }));
  expect(await status()).toBe('ENABLED');
});

it('is protected against deletion while it says so, and gone after', async () => {
  const protect = (DeletionProtectionEnabled: boolean) =>
    table.raw.send(new UpdateTableCommand({ TableName, DeletionProtectionEnabled }));
  await protect(true);
  expect((await describeTable())?.DeletionProtectionEnabled).toBe(true);
  expect((await errorOf(table.raw.send(new DeleteTableCommand({ TableName })))).name).toBe('ValidationException');
  await protect(false);
  await table.put({ pk: 'gone', sk: 'a' });
  await table.raw.send(new DeleteTableCommand({ TableName }));
  expect((await errorOf(describeTable())).name).toBe('ResourceNotFoundException');
  await table.raw.send(createTable);
  expect(await table.get('gone', 'a')).toBeUndefined();
});

it('gets a new index filled from the items there are', async () => {
  await table.put({ pk: 'fill', sk: 'old', g3pk: 'three' });
  const names = ['pk', 'sk', 'g1pk', 'g1sk', 'g2pk', 'g3pk'];
  const Create = {
    IndexName: 'gsi3',
    KeySchema: [{ AttributeName: 'g3pk', KeyType: 'HASH' as const }],
    Projection: { ProjectionType: 'ALL' as const },
  };
  await table.raw.send(
    new UpdateTableCommand({
      TableName,
      AttributeDefinitions: [
        ...names.map(AttributeName => ({ AttributeName, AttributeType: 'S' as const })),
        { AttributeName: 'g2sk', AttributeType: 'N' },
      ],
      GlobalSecondaryIndexUpdates: [{ Create }],
    }),
  );
  await table.put({ pk: 'fill', sk: 'new', g3pk: 'three' });
  const found = await table.query({
    IndexName: 'gsi3',
    KeyConditionExpression: 'g3pk = :g',
    ExpressionAttributeValues: { ':g': 'three' },
  });
  expect(found.Items?.map(item => item.sk).sort()).toEqual(['new', 'old']);
});

it('carries tags', async () => {
  const ResourceArn = (await describeTable())?.TableArn;
  await table.raw.send(new TagResourceCommand({ ResourceArn, Tags: [{ Key: 'a', Value: 'b' }] }));
  const { Tags } = await table.raw.send(new ListTagsOfResourceCommand({ ResourceArn }));
  expect(Tags).toEqual([{ Key: 'a', Value: 'b' }]);
});
