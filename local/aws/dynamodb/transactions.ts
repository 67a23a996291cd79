import { createHash } from 'node:crypto';
import db from 'dynalite/db/index.js';
import type { Image, Keyed, Store, Table } from 'dynalite/types';
import { type Json, ServiceError } from '../jsonService';
import { consumedByTable, unitsOf, type WriteUnits, writeUnits } from './capacity';
import { checkRequest, perform } from './operations';
import { type TransactionPart, transactionEntries } from './rights';
import type { StagedWrites } from './stagedWrites';
import { type CancellationReason, cancelled, dynamoError, keyOf, validationError } from './wire';
import { checkIndexKeys } from './writes';

const TRANSACTION_BYTES = 4 * 1024 * 1024;
const TOKEN_MS = 10 * 60_000;
const none: CancellationReason = { Code: 'None' };

interface Planned {
  readonly part: TransactionPart;
  readonly request: Json & Keyed;
  readonly table: Table;
  readonly key: string;
  readonly wantsOld: boolean;
}

const operationOf = {
  Put: 'PutItem',
  Update: 'UpdateItem',
  Delete: 'DeleteItem',
  ConditionCheck: 'DeleteItem',
} as const;

/** A token already used within ten minutes: the same transaction again changes nothing, another one is refused. */
export interface Replay {
  readonly hash: string;
  readonly at: number;
  readonly answer: Json;
}

export const replayKey = (token: string) => `token~${token}`;

async function plan(input: Json, staged: StagedWrites, loadTable: (name: string) => Promise<Table>) {
  const planned: Planned[] = [];
  const seen = new Set<string>();
  let bytes = 0;
  for (const { part, request: raw } of transactionEntries(input)) {
    if (part === 'Get') throw validationError('TransactItems can only contain one of Check, Put, Update or Delete');
    if (part === 'ConditionCheck' && raw.ConditionExpression === undefined)
      throw validationError('The conditionExpression of a ConditionCheck must not be null');
    const wantsOld = raw.ReturnValuesOnConditionCheckFailure === 'ALL_OLD';
    const table = await loadTable(raw.TableName);
    const request = checkRequest(operationOf[part], raw, staged.view) as Json & Keyed;
    const image = request.Item ?? request.Key ?? {};
    const invalid = part === 'Put' ? db.validateItem(image, table) : db.validateKey(image, table);
    if (invalid) throw validationError(invalid.message);
    const key = db.createKey(keyOf(table, image), table);
    const place = `${raw.TableName} ${key}`;
    if (seen.has(place)) throw validationError('Transaction request cannot include multiple operations on one item');
    seen.add(place);
    bytes += db.itemSize(image) + db.itemSize((request.ExpressionAttributeValues as Image | undefined) ?? {});
    planned.push({ part, request, table, key, wantsOld });
  }
  if (bytes > TRANSACTION_BYTES) throw validationError('Transaction request size cannot exceed 4 MB');
  return planned;
}

/** All conditions are judged before any write, so that each item of the transaction has its reason. */
async function checkConditions(planned: readonly Planned[], staged: StagedWrites): Promise<void> {
  const images = await Promise.all(planned.map(({ request, key }) => staged.before(request.TableName, key)));
  const reasons = planned.map(({ request, wantsOld }, place): CancellationReason => {
    const old = images[place];
    if (!db.checkConditional(request, old)) return none;
    const failed = { Code: 'ConditionalCheckFailed', Message: 'The conditional request failed' };
    return wantsOld && old !== undefined ? { ...failed, Item: old } : failed;
  });
  if (reasons.some(reason => reason !== none)) throw cancelled(reasons);
}

async function stageAll(planned: readonly Planned[], staged: StagedWrites): Promise<void> {
  for (const [place, { part, request }] of planned.entries()) {
    if (part === 'ConditionCheck' || part === 'Get') continue;
    const made = staged.changes.length;
    try {
      // Judged above; judging again would cost a third of the time.
      const { _condition, ...rest } = request;
      await perform(operationOf[part], staged.view, rest);
      for (const change of staged.changes.slice(made)) checkIndexKeys(change);
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      const reasons = planned.map((_, at) =>
        at === place ? { Code: 'ValidationError', Message: error.message } : none,
      );
      throw cancelled(reasons);
    }
  }
}

async function capacity(asked: unknown, planned: readonly Planned[], staged: StagedWrites): Promise<Json> {
  if (asked !== 'TOTAL' && asked !== 'INDEXES') return {};
  const spent: { table: string; units: WriteUnits }[] = staged.changes.map(change => ({
    table: change.table.TableName,
    units: writeUnits(change, 2),
  }));
  for (const { part, table, key } of planned)
    if (part === 'ConditionCheck') {
      const units = { table: 2 * unitsOf(await staged.before(table.TableName, key)), indexes: new Map() };
      spent.push({ table: table.TableName, units });
    }
  return { ConsumedCapacity: consumedByTable(asked, () => spent) };
}

/** Whatever the order in which a client writes the fields of the same transaction. */
const inOrder = (_name: string, value: unknown): unknown =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1)))
    : value;

const hashOf = (input: Json) => createHash('sha256').update(JSON.stringify(input.TransactItems, inOrder)).digest('hex');

/** Takes them out of the memory as well; they lie in the order in which they were used. */
function outlived(replays: Map<string, Replay>, now: number): string[] {
  const old: string[] = [];
  for (const [token, replay] of replays) {
    if (now - replay.at < TOKEN_MS) break;
    replays.delete(token);
    old.push(token);
  }
  return old;
}

/** Runs alone: the engine's one writer at a time is what makes conflicts serialise. */
export async function transactWrite(
  input: Json,
  context: {
    staged: StagedWrites;
    loadTable: (name: string) => Promise<Table>;
    replays: Map<string, Replay>;
    now: number;
  },
): Promise<Json> {
  const { staged, loadTable, replays, now } = context;
  const token = input.ClientRequestToken;
  const hash = typeof token === 'string' ? hashOf(input) : '';
  if (typeof token === 'string') {
    const earlier = replays.get(token);
    if (earlier !== undefined && now - earlier.at < TOKEN_MS) {
      if (earlier.hash === hash) return earlier.answer;
      throw dynamoError('IdempotentParameterMismatchException', 'Request parameters do not match the original request');
    }
  }
  const planned = await plan(input, staged, loadTable);
  await checkConditions(planned, staged);
  await stageAll(planned, staged);
  const answer = await capacity(input.ReturnConsumedCapacity, planned, staged);
  if (typeof token === 'string') {
    staged.alsoPut(replayKey(token), { hash, at: now, answer } satisfies Replay);
    for (const old of outlived(replays, now)) staged.alsoDelete(replayKey(old));
  }
  await staged.commit();
  if (typeof token === 'string') replays.set(token, { hash, at: now, answer });
  return answer;
}

/** Runs while nothing writes, so that all items are of one moment. */
export async function transactGet(input: Json, view: Store): Promise<Json> {
  const entries = transactionEntries(input);
  const asked = input.ReturnConsumedCapacity;
  const answers = await Promise.all(
    entries.map(({ part, request }) => {
      if (part !== 'Get') throw validationError('TransactItems can only contain Get');
      const get = { ...request, ConsistentRead: true, ReturnConsumedCapacity: asked };
      return perform('GetItem', view, checkRequest('GetItem', get, view));
    }),
  );
  const Responses = answers.map(answer => (answer.Item === undefined ? {} : { Item: answer.Item }));
  if (asked !== 'TOTAL' && asked !== 'INDEXES') return { Responses };
  const units = new Map<string, number>();
  for (const [place, answer] of answers.entries()) {
    const name = entries[place]?.request.TableName ?? '';
    const { CapacityUnits } = answer.ConsumedCapacity as { CapacityUnits: number };
    units.set(name, (units.get(name) ?? 0) + 2 * CapacityUnits);
  }
  const ConsumedCapacity = [...units].map(([TableName, CapacityUnits]) => ({ TableName, CapacityUnits }));
  return { Responses, ConsumedCapacity };
}
