import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  BatchGetCommand,
  DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
  type QueryCommandInput,
  TransactWriteCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { config } from '../config';
import { invariant } from '../domain/invariant';
import { Problem } from '../domain/problem';
import { logger } from '../logger';
import { isEmpty, readCursor, writeCursor } from './cursor';

/** A row of the table as stored: keys, entity name, revision, short attribute names. */
export type Item = Readonly<Record<string, unknown>> & { readonly pk: string; readonly sk: string };
export interface Key {
  readonly pk: string;
  readonly sk: string;
}
export type IndexName = 'lists' | 'people' | 'pointers';

const indexKeys = { lists: ['lpk', 'lsk'], people: ['cpk', 'csk'], pointers: ['dpk', 'dsk'] } as const;

/** A change of one item. Every write is conditional; `as` names it for whoever must explain a lost race. */
export type Write = {
  readonly as?: string;
} & (
  | { readonly put: Item; readonly when: 'absent' | { readonly revision: number } | 'anyway' }
  | { readonly remove: Key; readonly when: { readonly revision: number } | 'anyway' }
  | { readonly check: Key; readonly when: { readonly revision: number } | 'absent' | 'present' }
);

/** Another writer was first: read anew and decide anew. Names the writes that failed, with what stands there now. */
export class LostRace extends Error {
  declare readonly failed: readonly { write: Write; found: Item | undefined }[];

  constructor(failed: LostRace['failed']) {
    super(`Lost a race on ${failed.map(({ write }) => write.as ?? 'an item').join(', ')}`);
    this.name = 'LostRace';
    // Whoever logs an error logs all that can be listed of it, and these are whole items, with names in them.
    Object.defineProperty(this, 'failed', { value: failed, enumerable: false });
  }
}

let client: DynamoDBDocumentClient | undefined;
const documents = (): DynamoDBDocumentClient => {
  client ??= DynamoDBDocumentClient.from(
    new DynamoDBClient({
      maxAttempts: 4,
      requestHandler: { requestTimeout: 5000, throwOnRequestTimeout: true, connectionTimeout: 1000 },
    }),
    { marshallOptions: { removeUndefinedValues: true } },
  );
  return client;
};

/** Hands the store another client: in-process tests bring an engine without HTTP. */
export const useDocumentClient = (replacement: DynamoDBDocumentClient | undefined): void => {
  client = replacement;
};

const noAnswer = new Set([
  'ThrottlingException',
  'ProvisionedThroughputExceededException',
  'RequestLimitExceeded',
  'TimeoutError',
]);

/** Down or out of breath, after the SDK repeated the call by itself; with a key, asking again is safe. */
function isDown(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { $fault, code } = error as { $fault?: string; code?: string };
  return (
    $fault === 'server' || noAnswer.has(error.name) || /^(ECONN|ETIMEDOUT|EPIPE|EAI_AGAIN|ENOTFOUND)/.test(code ?? '')
  );
}

/** Every call goes through here: a table that does not answer is 503, whatever was asked of it. */
const ask: DynamoDBDocumentClient['send'] = async (command: never) => {
  try {
    return await documents().send(command);
  } catch (error) {
    if (!isDown(error)) throw error;
    logger.warn('the table does not answer', { error: (error as Error).name });
    throw down();
  }
};

const down = () => new Problem('dependency_down', { dependency: 'The database', retryAfterSeconds: 1 });

/** Transactions that the table had no room for just then: nobody else was first, and nothing need be decided otherwise. */
const outOfRoom = new WeakSet<Error>();
function noRoom(): Error {
  const problem = down();
  outOfRoom.add(problem);
  return problem;
}

export async function getItem(key: Key): Promise<Item | undefined> {
  const { Item: found } = await ask(new GetCommand({ TableName: config.tableName(), Key: key, ConsistentRead: true }));
  return found as Item | undefined;
}

/** Up to 100 keys a call, any order; what is not there is not in the answer. */
export async function getItems(keys: readonly Key[]): Promise<Item[]> {
  const table = config.tableName();
  const found: Item[] = [];
  for (let start = 0; start < keys.length; start += 100) {
    let wanted = keys.slice(start, start + 100) as Key[];
    for (let round = 0; wanted.length > 0; round += 1) {
      if (round > 0) await pause(20 * 2 ** round);
      invariant(round < 8, 'DynamoDB keeps returning unprocessed keys');
      const { Responses, UnprocessedKeys } = await ask(
        new BatchGetCommand({ RequestItems: { [table]: { Keys: wanted, ConsistentRead: true } } }),
      );
      found.push(...((Responses?.[table] ?? []) as Item[]));
      wanted = (UnprocessedKeys?.[table]?.Keys ?? []) as Key[];
    }
  }
  return found;
}

export interface Range {
  readonly index?: IndexName;
  readonly partition: string;
  readonly prefix?: string;
  /** Inclusive. */
  readonly from?: string;
  readonly to?: string;
  readonly newestFirst?: boolean;
  readonly limit?: number;
  /** An opaque cursor of an earlier page. */
  readonly cursor?: string | undefined;
}

export interface ItemPage {
  readonly items: Item[];
  readonly nextCursor: string | null;
}

/** One page of one partition: one request. */
export async function queryPage(range: Range): Promise<ItemPage> {
  if (isEmpty(range)) return { items: [], nextCursor: null };
  const keys = range.index ? indexKeys[range.index] : (['pk', 'sk'] as const);
  const { Items = [], LastEvaluatedKey } = await ask(
    new QueryCommand({
      TableName: config.tableName(),
      ...(range.index ? { IndexName: range.index } : { ConsistentRead: true }),
      ...conditions(range, keys),
      ScanIndexForward: !range.newestFirst,
      ...(range.limit ? { Limit: range.limit } : {}),
      ...(range.cursor ? { ExclusiveStartKey: readCursor(range.cursor, range, keys) } : {}),
    }),
  );
  return { items: Items as Item[], nextCursor: LastEvaluatedKey ? writeCursor(LastEvaluatedKey) : null };
}

/** Every page; only where the partition is known to be small or the work goes page by page anyway. */
export async function queryAll(range: Range): Promise<Item[]> {
  const items: Item[] = [];
  let cursor: string | null | undefined;
  do {
    const page = await queryPage({ ...range, cursor: cursor ?? undefined });
    items.push(...page.items);
    cursor = page.nextCursor;
  } while (cursor);
  return items;
}

function conditions(range: Range, [partitionKey, sortKey]: readonly [string, string]): Partial<QueryCommandInput> {
  const names: Record<string, string> = { '#p': partitionKey };
  const values: Record<string, string> = { ':p': range.partition };
  let expression = '#p = :p';
  if (range.prefix !== undefined || range.from !== undefined || range.to !== undefined) names['#s'] = sortKey;
  if (range.prefix !== undefined) {
    invariant(range.from === undefined && range.to === undefined, 'a range has a prefix or bounds, not both');
    expression += ' AND begins_with(#s, :prefix)';
    values[':prefix'] = range.prefix;
  } else if (range.from !== undefined && range.to !== undefined) {
    expression += ' AND #s BETWEEN :from AND :to';
    values[':from'] = range.from;
    values[':to'] = range.to;
  } else if (range.from !== undefined) {
    expression += ' AND #s >= :from';
    values[':from'] = range.from;
  } else if (range.to !== undefined) {
    expression += ' AND #s <= :to';
    values[':to'] = range.to;
  }
  return {
    KeyConditionExpression: expression,
    ExpressionAttributeNames: names,
    ExpressionAttributeValues: values,
  };
}

/**
 * All or nothing, at most 100 items. Throws `LostRace` when a condition failed or another transaction was under way, the
 * Problem `dependency_down` when the table has no room for it now.
 * The SDK repeats a call whose answer was lost under the same token, so the transaction happens once.
 */
export async function transact(writes: readonly Write[]): Promise<void> {
  invariant(writes.length > 0 && writes.length <= 100, `a transaction of ${writes.length} items`);
  const TableName = config.tableName();
  try {
    await ask(new TransactWriteCommand({ TransactItems: writes.map(write => transactItem(write, TableName)) }));
  } catch (error) {
    throw translated(error, writes);
  }
}

type TransactItem = NonNullable<ConstructorParameters<typeof TransactWriteCommand>[0]['TransactItems']>[number];

function transactItem(write: Write, TableName: string): TransactItem {
  const condition = conditionOf(write.when);
  if ('put' in write) return { Put: { TableName, Item: write.put, ...condition } };
  if ('remove' in write) return { Delete: { TableName, Key: write.remove, ...condition } };
  const { ConditionExpression } = condition;
  invariant(ConditionExpression, 'a check has a condition');
  return { ConditionCheck: { TableName, Key: write.check, ...condition, ConditionExpression } };
}

interface Condition {
  ConditionExpression?: string;
  ExpressionAttributeNames?: Record<string, string>;
  ExpressionAttributeValues?: Record<string, number>;
  ReturnValuesOnConditionCheckFailure?: 'ALL_OLD';
}

function conditionOf(when: Write['when']): Condition {
  if (when === 'anyway') return {};
  if (when === 'absent') {
    return { ConditionExpression: 'attribute_not_exists(pk)', ReturnValuesOnConditionCheckFailure: 'ALL_OLD' };
  }
  if (when === 'present') return { ConditionExpression: 'attribute_exists(pk)' };
  return {
    ConditionExpression: '#r = :r',
    ExpressionAttributeNames: { '#r': 'r' },
    ExpressionAttributeValues: { ':r': when.revision },
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
  };
}

interface CancellationReason {
  Code?: string;
  /** As the wire has it: the document client leaves the items of a refusal as they came. */
  Item?: Parameters<typeof unmarshall>[0];
}

function translated(error: unknown, writes: readonly Write[]): unknown {
  if (!(error instanceof Error) || error.name !== 'TransactionCanceledException') return error;
  const reasons = (error as Error & { CancellationReasons?: CancellationReason[] }).CancellationReasons ?? [];
  const failed = writes.flatMap((write, index) => {
    const reason = reasons[index];
    return reason?.Code && reason.Code !== 'None'
      ? [{ write, found: reason.Item && (unmarshall(reason.Item) as Item), code: reason.Code }]
      : [];
  });
  const lost = failed.every(({ code }) => code === 'ConditionalCheckFailed' || code === 'TransactionConflict');
  const throttled = failed.some(({ code }) => code === 'ThrottlingError' || code === 'ProvisionedThroughputExceeded');
  if (throttled) return noRoom();
  return lost && failed.length > 0 ? new LostRace(failed) : error;
}

/**
 * Puts one item, for half of what a transaction costs. False when it was there already: perhaps our own, from a try whose
 * answer was lost, so only for what need not know who was first.
 */
export async function putIfAbsent(item: Item): Promise<boolean> {
  try {
    await ask(
      new PutCommand({ TableName: config.tableName(), Item: item, ConditionExpression: 'attribute_not_exists(pk)' }),
    );
    return true;
  } catch (error) {
    if (error instanceof Error && error.name === 'ConditionalCheckFailedException') return false;
    throw error;
  }
}

/** Adds to a number and tells what it is then (bill numbers, rate windows). */
export async function addTo(
  key: Key,
  attribute: string,
  amount: number,
  more: Record<string, unknown> = {},
): Promise<number> {
  const extra = Object.entries(more);
  const { Attributes } = await ask(
    new UpdateCommand({
      TableName: config.tableName(),
      Key: key,
      UpdateExpression: `ADD #n :n${extra.length ? ` SET ${extra.map((_, i) => `#x${i} = :x${i}`).join(', ')}` : ''}`,
      ExpressionAttributeNames: { '#n': attribute, ...Object.fromEntries(extra.map(([name], i) => [`#x${i}`, name])) },
      ExpressionAttributeValues: {
        ':n': amount,
        ...Object.fromEntries(extra.map(([, value], i) => [`:x${i}`, value])),
      },
      ReturnValues: 'UPDATED_NEW',
    }),
  );
  return Number(Attributes?.[attribute]);
}

/** Moves a due item's instant on, unless somebody else did: the lease of a sweep. True when this call won it. */
export async function moveDue(key: Key, from: string, to: string): Promise<boolean> {
  try {
    await ask(
      new UpdateCommand({
        TableName: config.tableName(),
        Key: key,
        UpdateExpression: 'SET dsk = :to',
        ConditionExpression: 'dsk = :from',
        ExpressionAttributeValues: { ':to': to, ':from': from },
      }),
    );
    return true;
  } catch (error) {
    if (error instanceof Error && error.name === 'ConditionalCheckFailedException') return false;
    throw error;
  }
}

export const pause = (milliseconds: number): Promise<void> => new Promise(done => setTimeout(done, milliseconds));

const patienceMilliseconds = 5000;

const lostToReplay = ({ failed }: LostRace): boolean =>
  failed.some(({ write, found }) => write.as === 'replay' && found);

/** Not what was lost to the same request under the same key: `serve` answers the repeat. */
const mayDecideAnew = (error: unknown): boolean =>
  error instanceof LostRace ? !lostToReplay(error) : error instanceof Error && outOfRoom.has(error);

/** As `decideAnew`, beginning with what was read already: only once a race was lost it is read again. */
export function decideFrom<R, T>(known: R, read: () => Promise<R>, decide: (fresh: R) => Promise<T>): Promise<T> {
  let first = true;
  return decideAnew(async () => {
    const fresh = first ? known : await read();
    first = false;
    return decide(fresh);
  });
}

/**
 * Reads and decides anew for as long as a race is lost (with jitter, at most 5 s), then 503: what clarification 2 wants of
 * two people who pay the same bill in the same second. `decide` reads everything it looks at by itself.
 */
export async function decideAnew<T>(decide: () => Promise<T>): Promise<T> {
  const started = performance.now();
  for (let round = 0; ; round += 1) {
    try {
      return await decide();
    } catch (error) {
      if (!mayDecideAnew(error)) throw error;
      if (performance.now() - started > patienceMilliseconds) throw new Problem('busy', { retryAfterSeconds: 1 });
      await pause(Math.random() * Math.min(200, 10 * 2 ** round));
    }
  }
}
