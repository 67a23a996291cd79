import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  DeleteCommand,
  type DeleteCommandInput,
  DynamoDBDocumentClient,
  GetCommand,
  type GetCommandInput,
  PutCommand,
  type PutCommandInput,
  QueryCommand,
  type QueryCommandInput,
  TransactWriteCommand,
  type TransactWriteCommandInput,
  UpdateCommand,
  type UpdateCommandInput,
} from '@aws-sdk/lib-dynamodb';
import { startDynamoDb } from '../../../../local/aws/dynamodb/server';
import type { PartOptions } from '../../../../local/parts';

export const TABLE = 'conformance';

export class MovedClock {
  #offset = 0;
  now = () => Date.now() + this.#offset;
  advanceMinutes(minutes: number): void {
    this.#offset += minutes * 60_000;
  }
}

export const clientOf = (url: string, accessKeyId = 'local') =>
  new DynamoDBClient({
    endpoint: url,
    region: 'us-east-1',
    credentials: { accessKeyId, secretAccessKey: 'local' },
    maxAttempts: 1,
  });

const key = (hash: string, range?: string) => [
  { AttributeName: hash, KeyType: 'HASH' as const },
  ...(range === undefined ? [] : [{ AttributeName: range, KeyType: 'RANGE' as const }]),
];

/** The table of the conformance checks: a string index of everything, a number index of some attributes. */
export const createTable = new CreateTableCommand({
  TableName: TABLE,
  BillingMode: 'PAY_PER_REQUEST',
  AttributeDefinitions: [
    ...['pk', 'sk', 'g1pk', 'g1sk', 'g2pk'].map(name => ({ AttributeName: name, AttributeType: 'S' as const })),
    { AttributeName: 'g2sk', AttributeType: 'N' as const },
  ],
  KeySchema: key('pk', 'sk'),
  GlobalSecondaryIndexes: [
    { IndexName: 'gsi1', KeySchema: key('g1pk', 'g1sk'), Projection: { ProjectionType: 'ALL' } },
    {
      IndexName: 'gsi2',
      KeySchema: key('g2pk', 'g2sk'),
      Projection: { ProjectionType: 'INCLUDE', NonKeyAttributes: ['name'] },
    },
  ],
});

type Without<T, K extends string> = Omit<T, K | 'TableName'>;

export async function openBillingTable(more: Partial<PartOptions> = {}) {
  const clock = new MovedClock();
  const part = await startDynamoDb({ port: 0, clock, ...more });
  const raw = clientOf(part.url);
  await raw.send(createTable);
  const doc = DynamoDBDocumentClient.from(raw);
  let partitions = 0;
  return {
    part,
    clock,
    raw,
    doc,
    /** A partition that no other check uses. */
    partition: () => `T#${++partitions}`,
    put: (Item: Record<string, unknown>, rest: Without<PutCommandInput, 'Item'> = {}) =>
      doc.send(new PutCommand({ TableName: TABLE, Item, ...rest })),
    get: async (pk: string, sk: string, rest: Without<GetCommandInput, 'Key'> = {}) =>
      (await doc.send(new GetCommand({ TableName: TABLE, Key: { pk, sk }, ConsistentRead: true, ...rest }))).Item,
    update: (pk: string, sk: string, rest: Without<UpdateCommandInput, 'Key'>) =>
      doc.send(new UpdateCommand({ TableName: TABLE, Key: { pk, sk }, ...rest })),
    remove: (pk: string, sk: string, rest: Without<DeleteCommandInput, 'Key'> = {}) =>
      doc.send(new DeleteCommand({ TableName: TABLE, Key: { pk, sk }, ...rest })),
    query: (rest: Without<QueryCommandInput, never>) => doc.send(new QueryCommand({ TableName: TABLE, ...rest })),
    transact: (
      TransactItems: NonNullable<TransactWriteCommandInput['TransactItems']>,
      rest: Omit<TransactWriteCommandInput, 'TransactItems'> = {},
    ) => doc.send(new TransactWriteCommand({ TransactItems, ...rest })),
    close: async () => {
      raw.destroy();
      await part.close();
    },
  };
}

export type BillingTable = Awaited<ReturnType<typeof openBillingTable>>;

/** The error that a call must end in. */
export async function errorOf(call: Promise<unknown>): Promise<Error & Record<string, unknown>> {
  const outcome = await call.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (outcome instanceof Error) return outcome as Error & Record<string, unknown>;
  throw new Error('The call was expected to fail');
}
