import db from 'dynalite/db/index.js';
import type { Image, Store } from 'dynalite/types';
import { type ItemChange, itemPrefix } from './stagedWrites';
import type { Tables } from './tables';
import { keyOf } from './wire';

interface Expiring {
  readonly table: string;
  readonly key: Image;
  /** Seconds since the epoch, as the attribute holds them. */
  readonly at: number;
}

/** Which items have a time to live, kept beside the store so that looking for expired ones reads nothing. */
export class Expiry {
  readonly #expiring = new Map<string, Expiring>();

  constructor(
    private readonly store: Store,
    private readonly tables: Tables,
  ) {}

  /** On start, and when a table's attribute is named or changed. */
  async readTable(name: string): Promise<void> {
    for (const [place, expiring] of this.#expiring) if (expiring.table === name) this.#expiring.delete(place);
    if (this.tables.settings(name).expiresBy === undefined) return;
    const table = await this.tables.load(name);
    const items = this.store.db.iterator({ gt: itemPrefix(name), lt: `${itemPrefix(name)}~` });
    for await (const [, item] of items) {
      const after = item as Image;
      this.note({ table, key: db.createKey(after, table), before: undefined, after });
    }
  }

  note({ table, key, after }: ItemChange): void {
    const attribute = this.tables.settings(table.TableName).expiresBy;
    if (attribute === undefined) return;
    const place = itemPrefix(table.TableName) + key;
    const at = Number(after?.[attribute]?.N);
    if (after === undefined || Number.isNaN(at)) this.#expiring.delete(place);
    else this.#expiring.set(place, { table: table.TableName, key: keyOf(table, after), at });
  }

  expired(now: number): { TableName: string; Key: Image }[] {
    return [...this.#expiring.values()]
      .filter(expiring => expiring.at * 1000 < now)
      .map(({ table, key }) => ({ TableName: table, Key: key }));
  }
}
