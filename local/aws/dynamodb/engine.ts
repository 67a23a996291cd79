import { mkdirSync } from 'node:fs';
import path from 'node:path';
import db from 'dynalite/db/index.js';
import type { Store } from 'dynalite/types';
import { allowAll, type PartOptions } from '../../parts';
import { ACCOUNT_ID, REGION } from '../arns';
import { suffer } from '../faulty';
import { type Json, ServiceError } from '../jsonService';
import { Expiry } from './expiry';
import { MemoryLevel } from './memoryLevel';
import { OneAtATime } from './oneAtATime';
import { checkRequest, isDynaliteOperation, perform } from './operations';
import { checkRights, transactionEntries } from './rights';
import { StagedWrites } from './stagedWrites';
import { type TableCallContext, tableCalls } from './tableCalls';
import { Tables } from './tables';
import { type Replay, replayKey, transactGet, transactWrite } from './transactions';
import { cancelled, dynamoError, throttled, validationError } from './wire';
import { isWrite, write } from './writes';

/**
 * Called after each request; `output` holds `ConsumedCapacity` whether the caller asked for it or not. A request that was
 * refused has none: DynamoDB charges for a failed condition as well, but its price is not told.
 */
export type RequestListener = (operation: string, output: Json, accessKeyId: string) => void;

export type EngineOptions = Omit<PartOptions, 'port'> & {
  /** The ARN of the key a table is encrypted with; its callers then also need `kms:Decrypt`. */
  readonly kmsKeyOf?: (table: string) => string | undefined;
  /** Without a folder: what is there already. The engine has its own copy. */
  readonly contents?: MemoryLevel;
};

export interface Engine {
  /** One request in wire form, with faults and access checked as over HTTP. The access key is `local` unless told. */
  handle(operation: string, input: Json, accessKeyId?: string): Promise<Json>;
  /** Gives back the function that ends the listening. */
  onRequest(listener: RequestListener): () => void;
  /** What an engine without a folder holds. */
  readonly contents: MemoryLevel;
  /** Deletes what is past its time to live; done every few seconds anyway. DynamoDB takes up to days. */
  deleteExpired(): Promise<number>;
  close(): Promise<void>;
}

const EXPIRY_EVERY_MS = 5_000;

function openStore(folder: string | undefined, memory: MemoryLevel): Store {
  const delays = { createTableMs: 0, updateTableMs: 0, deleteTableMs: 0 };
  if (folder !== undefined) mkdirSync(folder, { recursive: true });
  const store = db.create(folder === undefined ? delays : { ...delays, path: path.join(folder, 'tables') });
  if (folder === undefined) memory.serve(store);
  store.tableDb.awsAccountId = ACCOUNT_ID;
  store.tableDb.awsRegion = REGION;
  return store;
}

class DynamoDb implements Engine {
  readonly #store: Store;
  readonly contents: MemoryLevel;
  readonly #tables: Tables;
  readonly #expiry: Expiry;
  readonly #replays = new Map<string, Replay>();
  readonly #writer = new OneAtATime();
  readonly #listeners = new Set<RequestListener>();
  readonly #sweeping: NodeJS.Timeout;

  constructor(private readonly options: EngineOptions) {
    this.contents = new MemoryLevel(options.contents);
    this.#store = openStore(options.folder, this.contents);
    this.#tables = new Tables(this.#store);
    this.#expiry = new Expiry(this.#store, this.#tables);
    this.#sweeping = setInterval(() => this.deleteExpired().catch(console.error), EXPIRY_EVERY_MS).unref();
  }

  async open(): Promise<void> {
    await this.#store.db.open();
    await this.#tables.open();
    for (const name of this.#tables.names()) await this.#expiry.readTable(name);
    for await (const [key, replay] of this.#store.db.iterator({ gt: replayKey(''), lt: replayKey('~') }))
      this.#replays.set(key.slice(replayKey('').length), replay as Replay);
  }

  handle(operation: string, input: Json, accessKeyId = 'local'): Promise<Json> {
    const error = (kind: 'throttle' | '500') => (kind === 'throttle' ? this.#throttled(operation, input) : broken());
    return suffer(this.options, { service: 'dynamodb', operation, accessKeyId, error }, async () => {
      const { checkAccess = allowAll, kmsKeyOf = () => undefined } = this.options;
      checkRights(checkAccess, { operation, input, accessKeyId }, kmsKeyOf);
      // Checking a request strips it; the caller, and the listeners, keep theirs whole.
      if (this.#listeners.size === 0) return this.#answer(operation, structuredClone(input));
      return this.#metered(operation, input, accessKeyId);
    });
  }

  /** For listeners every request is metered; the caller gets what it asked for. */
  async #metered(operation: string, input: Json, accessKeyId: string): Promise<Json> {
    const { ReturnConsumedCapacity = 'INDEXES' } = input;
    const tell = (output: Json) => {
      for (const listener of this.#listeners) listener(operation, output, accessKeyId);
    };
    try {
      const asking = operation in tableCalls ? input : { ...input, ReturnConsumedCapacity };
      const output = await this.#answer(operation, structuredClone(asking));
      tell(output);
      if (input.ReturnConsumedCapacity !== undefined) return output;
      const { ConsumedCapacity: _, ...asked } = output;
      return asked;
    } catch (error) {
      tell({});
      throw error;
    }
  }

  onRequest(listener: RequestListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async deleteExpired(): Promise<number> {
    const expired = this.#expiry.expired(this.options.clock.now());
    for (const item of expired)
      await this.#writing(staged => write('DeleteItem', { ...item }, staged, this.#tables.load));
    return expired.length;
  }

  async close(): Promise<void> {
    clearInterval(this.#sweeping);
    await this.#writer.run(() => this.#store.db.close());
  }

  #answer(operation: string, input: Json): Promise<Json> {
    const tableCall = tableCalls[operation];
    if (tableCall !== undefined) return this.#tableCall(tableCall, input);
    if (isWrite(operation)) return this.#writing(staged => write(operation, input, staged, this.#tables.load));
    if (operation === 'TransactWriteItems') return this.#transaction(input);
    const { view } = this.#stage();
    if (operation === 'TransactGetItems') return this.#writer.run(() => transactGet(input, view));
    if (!isDynaliteOperation(operation)) return Promise.reject(unknownOperation());
    // The plain store scans; only descriptions of tables come from memory.
    const reading = { ...this.#store, getTable: view.getTable };
    return Promise.resolve().then(() => perform(operation, reading, checkRequest(operation, input, reading)));
  }

  #tableCall(tableCall: (typeof tableCalls)[string], input: Json): Promise<Json> {
    const { TableName } = input;
    if (typeof TableName !== 'string')
      return Promise.reject(
        validationError("The parameter 'TableName' is required but was not present in the request"),
      );
    const context: TableCallContext = { tables: this.#tables, expiry: this.#expiry, view: this.#store };
    return this.#writer.run(() => tableCall({ ...input, TableName }, context));
  }

  async #transaction(input: Json): Promise<Json> {
    const now = this.options.clock.now();
    return this.#writing(staged => {
      const context = { staged, loadTable: this.#tables.load, replays: this.#replays, now };
      return transactWrite(input, context);
    });
  }

  #stage(): StagedWrites {
    return new StagedWrites(this.#store, this.#tables.load, this.#tables.known);
  }

  #writing(run: (staged: StagedWrites) => Promise<Json>): Promise<Json> {
    return this.#writer.run(async () => {
      const staged = this.#stage();
      const output = await run(staged);
      for (const change of staged.changes) this.#expiry.note(change);
      return output;
    });
  }

  #throttled(operation: string, input: Json): ServiceError {
    if (operation !== 'TransactWriteItems' && operation !== 'TransactGetItems') return throttled();
    const reason = {
      Code: 'ThrottlingError',
      Message: 'Throughput exceeds the current capacity of your table or index.',
    };
    return cancelled(transactionEntries(input).map(() => reason));
  }
}

const broken = () => dynamoError('InternalServerError', 'Internal server error', {}, 500);
const unknownOperation = () =>
  new ServiceError('com.amazon.coral.service#UnknownOperationException', 'An unknown operation was requested.');

export async function createEngine(options: EngineOptions): Promise<Engine> {
  const engine = new DynamoDb(options);
  await engine.open();
  return engine;
}
