import { setTimeout as wait } from 'node:timers/promises';
import db from 'dynalite/db/index.js';
import type { AttributeDefinition, BatchOperation, Image, Store, Table, TableIndex } from 'dynalite/types';
import type { Json } from '../jsonService';
import { perform } from './operations';
import { indexPrefix, itemPrefix } from './stagedWrites';
import { asServiceError, validationError } from './wire';

/** What DynamoDB keeps about a table and dynalite does not know. */
export interface TableSettings {
  readonly expiresBy?: string | undefined;
  readonly pointInTimeRecovery?: boolean;
  readonly deletionProtection?: boolean;
}

const settingsKey = (table: string) => `settings~${table}`;

export class Tables {
  /** Active tables, so that no request reads its table's description from the store again. */
  readonly known = new Map<string, Table>();
  readonly #settings = new Map<string, TableSettings>();

  constructor(private readonly store: Store) {}

  /** A process killed while it made a table left it `CREATING` for ever: nothing more is coming, so it is active. */
  async open(): Promise<void> {
    for await (const [key, value] of this.store.db.iterator({ gt: 'settings~', lt: 'settings~~' }))
      this.#settings.set(key.slice('settings~'.length), value as TableSettings);
    const settled: BatchOperation[] = [];
    for await (const [key, value] of this.store.db.iterator({ gt: 'table~', lt: 'table~~' })) {
      const table = value as Table;
      const indexes = table.GlobalSecondaryIndexes?.map(index => ({ ...index, IndexStatus: 'ACTIVE' }));
      if (table.TableStatus === 'DELETING') settled.push({ type: 'del', key });
      else if (table.TableStatus !== 'ACTIVE')
        settled.push({
          type: 'put',
          key,
          value: { ...table, TableStatus: 'ACTIVE', ...(indexes && { GlobalSecondaryIndexes: indexes }) },
        });
    }
    if (settled.length > 0) await this.store.db.batch(settled);
  }

  load = async (name: string): Promise<Table> => {
    const known = this.known.get(name);
    if (known !== undefined) return known;
    const table = await new Promise<Table>((resolve, reject) => {
      this.store.getTable(name, (error, found) =>
        found === undefined ? reject(asServiceError(error)) : resolve(found),
      );
    });
    if (table.TableStatus === 'ACTIVE') this.known.set(name, table);
    return table;
  };

  names(): string[] {
    return [...this.#settings.keys()];
  }

  settings(table: string): TableSettings {
    return this.#settings.get(table) ?? {};
  }

  async change(table: string, settings: TableSettings): Promise<void> {
    await this.load(table);
    const changed = { ...this.settings(table), ...settings };
    await this.store.db.batch([{ type: 'put', key: settingsKey(table), value: changed }]);
    this.#settings.set(table, changed);
  }

  /** Answers when the table is active: callers poll as slowly as they do at AWS, and need not here. */
  async create(request: Json & { TableName: string }, settings: TableSettings): Promise<Json> {
    const answer = await perform('CreateTable', this.store, request);
    while ((await this.#status(request.TableName)) !== 'ACTIVE') await wait(1);
    await this.change(request.TableName, settings);
    return answer;
  }

  async delete(request: Json & { TableName: string }): Promise<Json> {
    if (this.settings(request.TableName).deletionProtection)
      throw validationError(
        'Resource cannot be deleted as it is currently protected against deletion. Disable deletion protection first.',
      );
    const answer = await perform('DeleteTable', this.store, request);
    while ((await this.#status(request.TableName)) !== undefined) await wait(1);
    this.known.delete(request.TableName);
    this.#settings.delete(request.TableName);
    await this.store.db.batch([{ type: 'del', key: settingsKey(request.TableName) }]);
    return answer;
  }

  /** `UpdateTable` with a new index: filled from the items there are, visible only when it is full. */
  async addIndex(name: string, index: TableIndex, attributes: readonly AttributeDefinition[]): Promise<Json> {
    const table = await this.load(name);
    const added = { ...index, IndexStatus: 'ACTIVE', IndexArn: `${table.TableArn}/index/${index.IndexName}` };
    const changed: Table = {
      ...table,
      AttributeDefinitions: attributes,
      GlobalSecondaryIndexes: [...(table.GlobalSecondaryIndexes ?? []), added],
    };
    const prefix = indexPrefix('global', name, index.IndexName);
    const batch: BatchOperation[] = [{ type: 'put', key: `table~${name}`, value: changed }];
    const items = this.store.db.iterator({ gt: itemPrefix(name), lt: `${itemPrefix(name)}~` });
    for await (const [, item] of items) {
      const { puts } = db.getIndexActions([added], undefined, item as Image, changed);
      for (const put of puts) batch.push({ type: 'put', key: prefix + put.key, value: put.item });
    }
    await this.store.db.batch(batch);
    this.known.delete(name);
    return { TableDescription: changed };
  }

  async #status(name: string): Promise<string | undefined> {
    return ((await this.store.db.get(`table~${name}`)) as Table | undefined)?.TableStatus;
  }
}
