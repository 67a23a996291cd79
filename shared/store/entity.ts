import { invariant } from '../domain/invariant';
import type { Item, Key } from './kernel';
import { type Fields, naming } from './naming';

/** Index keys of an item; an absent pair keeps it out of that index (sparse). */
export interface IndexKeys {
  readonly lpk?: string;
  readonly lsk?: string;
  readonly cpk?: string;
  readonly csk?: string;
  readonly dpk?: string;
  readonly dsk?: string;
}

/**
 * How a record becomes an item: its key, its index keys, and short attribute names (a bill's head stays under 1 KB so).
 * `short` maps a field to its stored name; other fields keep theirs.
 */
export interface EntityDefinition<Record_ extends object, Id extends object> {
  readonly name: string;
  readonly key: (practiceId: string, id: Id) => Key;
  readonly index?: (practiceId: string, record: Record_) => IndexKeys;
  readonly short?: Partial<Readonly<Record<keyof Record_ & string, string>>>;
  /** Seconds since the epoch after which DynamoDB may delete it. */
  readonly expires?: (record: Record_) => number;
  /** A denser form of some fields as stored, and back; what the item's keys say need not be stored once more. */
  readonly pack?: (record: Record_) => Fields;
  readonly unpack?: (fields: Fields, item: Item) => Fields;
}

export interface Entity<Record_ extends object, Id extends object> {
  readonly name: string;
  key(practiceId: string, id: Id): Key;
  /** The record as an item; `revision` (its own, or the one given) stands in `r`. */
  item(practiceId: string, record: Record_ & Id, revision?: number): Item;
  record(item: Item): Record_;
  is(item: Item): boolean;
}

const reserved = ['pk', 'sk', 'lpk', 'lsk', 'cpk', 'csk', 'dpk', 'dsk', 'e', 'r', 'x'];

export function entity<Record_ extends object, Id extends object>(
  definition: EntityDefinition<Record_, Id>,
): Entity<Record_, Id> {
  const names = naming((definition.short ?? {}) as Readonly<Record<string, string>>);
  return {
    name: definition.name,
    key: definition.key,
    item(practiceId, record, revision) {
      const { revision: _, ...fields } = names.shorten(definition.pack?.(record) ?? record);
      for (const stored of Object.keys(fields)) invariant(!reserved.includes(stored), `${stored} is a key attribute`);
      const own = 'revision' in record ? Number(record.revision) : undefined;
      return {
        ...definition.key(practiceId, record),
        ...definition.index?.(practiceId, record),
        e: definition.name,
        r: revision ?? own ?? 0,
        ...(definition.expires ? { x: definition.expires(record) } : {}),
        ...fields,
      };
    },
    record(item) {
      const stored = Object.fromEntries(Object.entries(item).filter(([name]) => !reserved.includes(name)));
      const record = { revision: item.r, ...names.lengthen(stored) };
      return (definition.unpack?.(record, item) ?? record) as Record_;
    },
    is: item => item.e === definition.name,
  };
}

/** The revision at which a record was read; a replace states it. */
export const revisionOf = (record: object): number => {
  const revision = 'revision' in record ? Number(record.revision) : Number.NaN;
  invariant(Number.isInteger(revision), 'the record was not read from the store');
  return revision;
};
