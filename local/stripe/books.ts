import { type Journal, openJournal, type Write } from './journal';
import type { Table, Tables } from './model';

/**
 * Everything the stand-in knows, by account and table. Values are never changed in place: `put` replaces the row, so
 * that a unit of work that fails half way can be undone and an event's snapshot stays what it was.
 */
export class Books {
  private readonly rows = new Map<string, Map<string, unknown>>();
  private readonly journal: Journal | undefined;
  private unit: Write[] = [];
  private before: Write[] = [];

  constructor(folder?: string) {
    if (folder !== undefined)
      this.journal = openJournal(
        folder,
        write => this.set(write),
        () => this.everything(),
      );
  }

  find<T extends Table>(account: string, table: T, id: string): Tables[T] | undefined {
    return this.rows.get(place(account, table))?.get(id) as Tables[T] | undefined;
  }

  /** Oldest first. */
  all<T extends Table>(account: string, table: T): Tables[T][] {
    return [...(this.rows.get(place(account, table))?.values() ?? [])] as Tables[T][];
  }

  put<T extends Table>(account: string, table: T, id: string, value: Tables[T] | null): void {
    this.before.push([account, table, id, this.find(account, table, id) ?? null]);
    const write: Write = [account, table, id, value];
    this.unit.push(write);
    this.set(write);
  }

  /** Makes what was put since the last commit durable, as one unit. */
  commit(): void {
    if (this.unit.length > 0) this.journal?.append(this.unit);
    this.unit = [];
    this.before = [];
  }

  rollback(): void {
    for (const write of this.before.reverse()) this.set(write);
    this.unit = [];
    this.before = [];
  }

  /** The same rows in books of their own, in memory; values are never changed in place, so both may hold them. */
  copy(): Books {
    const copy = new Books();
    for (const [key, rows] of this.rows) copy.rows.set(key, new Map(rows));
    return copy;
  }

  close(): void {
    this.journal?.close();
  }

  private set([account, table, id, value]: Write): void {
    const key = place(account, table);
    const rows = this.rows.get(key) ?? new Map<string, unknown>();
    this.rows.set(key, rows);
    if (value === null) rows.delete(id);
    else rows.set(id, value);
  }

  /** By account and table, each oldest first. */
  *everything(): Generator<Write> {
    for (const [key, rows] of this.rows) {
      const [account = '', table = ''] = key.split(' ');
      for (const [id, value] of rows) yield [account, table, id, value];
    }
  }
}

const place = (account: string, table: string): string => `${account} ${table}`;
