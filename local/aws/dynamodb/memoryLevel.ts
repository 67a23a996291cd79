import { Stream } from 'node:stream';
import type { BatchOperation, Callback, LevelRange, Store } from 'dynalite/types';
import { SortedKeys } from './sortedKeys';

/** What a range reads, told as dynalite's streams tell it: one by one, until nobody listens any more. */
class Told extends Stream {
  #ended = false;

  constructor(values: readonly unknown[]) {
    super();
    queueMicrotask(() => {
      for (const value of values) {
        if (this.#ended) return;
        this.emit('data', value);
      }
      this.emit('end');
    });
  }
  destroy(): void {
    this.#ended = true;
  }
}

/**
 * A store that lives as long as its process, in place of the LevelDB below dynalite: what is put is frozen and kept as it
 * is, so nothing is turned to text and back, and no read waits for a stream. Ordered as LevelDB orders, since all keys are
 * ASCII.
 */
export class MemoryLevel {
  readonly #keys: SortedKeys;
  readonly #values: Map<string, unknown>;

  constructor(other?: MemoryLevel) {
    this.#keys = new SortedKeys(other ? other.#keys : undefined);
    this.#values = new Map(other ? other.#values : []);
  }

  /** From now on the store reads and writes here. */
  serve(store: Store): void {
    const answering =
      <T>(act: (...given: never[]) => T) =>
      (...given: unknown[]): Promise<T> | undefined => {
        const callback = given.at(-1);
        const done = act(...(given as never[]));
        if (typeof callback !== 'function') return Promise.resolve(done);
        queueMicrotask(() => (callback as Callback<T>)(null, done));
        return undefined;
      };
    Object.assign(store.db, {
      get: answering((key: string) => this.#values.get(key)),
      put: answering((key: string, value: unknown) => this.#change([{ type: 'put', key, value }])),
      del: answering((key: string) => this.#change([{ type: 'del', key }])),
      batch: answering((operations: readonly BatchOperation[]) => this.#change(operations)),
      iterator: (range: LevelRange) => this.#entries(range),
      createKeyStream: (range: LevelRange = {}) => new Told(this.#keys.within(range)),
      createValueStream: (range: LevelRange = {}) =>
        new Told(this.#keys.within(range).map(key => this.#values.get(key))),
    });
  }

  /** In the order of their keys. */
  values(prefix: string): readonly unknown[] {
    return this.#keys.within({ gt: prefix, lt: `${prefix}~` }).map(key => this.#values.get(key));
  }

  async *#entries(range: LevelRange): AsyncIterable<[string, unknown]> {
    for (const key of this.#keys.within(range)) yield [key, this.#values.get(key)];
  }

  #change(operations: readonly BatchOperation[]): void {
    for (const operation of operations) {
      const { key } = operation;
      const known = this.#values.has(key);
      if (operation.type === 'put') {
        this.#values.set(key, kept(operation.value));
        if (!known) this.#keys.add(key);
      } else if (known) {
        this.#values.delete(key);
        this.#keys.delete(key);
      }
    }
  }
}

/** As it would come back from text, and for good: dynalite writes `undefined` for what an index entry lacks. */
function kept(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  if (Array.isArray(value)) return Object.freeze(value.map(kept));
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  return Object.freeze(Object.fromEntries(members.map(([name, member]) => [name, kept(member)])));
}
