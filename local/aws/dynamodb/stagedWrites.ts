import type { BatchOperation, Callback, Image, Store, SubDb, Table } from 'dynalite/types';

/** Prefixes as dynalite forms them: its wrapper puts `<name>~` before each key of the one LevelDB. */
export const itemPrefix = (table: string) => `item-${table}~`;
export const indexPrefix = (kind: string, table: string, index: string) =>
  `index-${kind.toLowerCase()}~${table}~${index}~`;

export interface ItemChange {
  readonly table: Table;
  readonly key: string;
  readonly before: Image | undefined;
  readonly after: Image | undefined;
}

/**
 * A view of the store that collects writes instead of making them. dynalite writes an item and its index entries one by one,
 * so that a process killed in between leaves halves; committed from here they are one LevelDB batch, which is whole or absent.
 * Used by one writer at a time: dynalite's locks by item are empty here.
 */
export class StagedWrites {
  readonly changes: ItemChange[] = [];
  readonly #operations: BatchOperation[] = [];
  readonly #before = new Map<string, Image | undefined>();
  readonly view: Store;

  constructor(
    private readonly store: Store,
    private readonly loadTable: (name: string) => Promise<Table>,
    tables: ReadonlyMap<string, Table>,
  ) {
    const getTable = (name: string, checkStatus: boolean | Callback<Table>, callback?: Callback<Table>) => {
      const done = callback ?? (checkStatus as Callback<Table>);
      const known = tables.get(name);
      if (known !== undefined) return done(null, known);
      loadTable(name).then(table => done(null, table), done);
    };
    this.view = {
      ...store,
      getTable,
      getItemDb: table => this.#items(table),
      getIndexDb: (kind, table, index) => this.#entries(indexPrefix(kind, table, index)),
    };
  }

  /** The item as it was before this view changed anything. */
  async before(table: string, key: string): Promise<Image | undefined> {
    const full = itemPrefix(table) + key;
    if (!this.#before.has(full)) this.#before.set(full, (await this.store.db.get(full)) as Image | undefined);
    return this.#before.get(full);
  }

  /** A record of the engine's own that must be true exactly when the writes are. */
  alsoPut(key: string, value: unknown): void {
    this.#operations.push({ type: 'put', key, value });
  }

  alsoDelete(key: string): void {
    this.#operations.push({ type: 'del', key });
  }

  async commit(): Promise<void> {
    if (this.#operations.length > 0) await this.store.db.batch(this.#operations);
  }

  #entries(prefix: string): SubDb {
    const stage = (operation: BatchOperation, callback: Callback<void>) => {
      this.#operations.push(operation);
      callback(null);
    };
    return {
      get: (key, callback) => this.store.db.get(prefix + key).then(value => callback(null, value), callback),
      put: (key, value, callback) => stage({ type: 'put', key: prefix + key, value }, callback),
      del: (key, callback) => stage({ type: 'del', key: prefix + key }, callback),
      lock: (_key, run) => run(callback => callback),
    };
  }

  #items(tableName: string): SubDb {
    const entries = this.#entries(itemPrefix(tableName));
    const note = (key: string, after: Image | undefined, write: () => void, callback: Callback<void>) =>
      void Promise.all([this.loadTable(tableName), this.before(tableName, key)]).then(([table, before]) => {
        this.changes.push({ table, key, before, after });
        write();
      }, callback);
    return {
      ...entries,
      get: (key, callback) => void this.before(tableName, key).then(item => callback(null, item), callback),
      put: (key, value, callback) => note(key, value as Image, () => entries.put(key, value, callback), callback),
      del: (key, callback) => note(key, undefined, () => entries.del(key, callback), callback),
    };
  }
}
