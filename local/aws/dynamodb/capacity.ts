import { isDeepStrictEqual } from 'node:util';
import type { Image, Table, TableIndex } from 'dynalite/types';
import type { Json } from '../jsonService';
import { itemBytes } from './itemSize';
import type { ItemChange } from './stagedWrites';

/** Write units of the requests below, index by index, as DynamoDB reports them in `ConsumedCapacity`. */
export interface WriteUnits {
  readonly table: number;
  readonly indexes: ReadonlyMap<string, number>;
}

/** A unit a begun KB; a transaction prepares and commits, so its table writes cost twice. Index writes do not. */
export const unitsOf = (...images: (Image | undefined)[]): number =>
  Math.max(1, ...images.map(image => (image === undefined ? 0 : Math.ceil(itemBytes(image) / 1024))));

/** What of an item an index holds; nothing while the item lacks one of the index's keys. */
function entryOf(index: TableIndex, table: Table, image: Image | undefined): Image | undefined {
  if (image === undefined) return undefined;
  const indexKeys = index.KeySchema.map(part => part.AttributeName);
  if (indexKeys.some(name => image[name] === undefined)) return undefined;
  if (index.Projection.ProjectionType === 'ALL') return image;
  const tableKeys = table.KeySchema.map(part => part.AttributeName);
  const kept = new Set([...indexKeys, ...tableKeys, ...(index.Projection.NonKeyAttributes ?? [])]);
  return Object.fromEntries(Object.entries(image).filter(([name]) => kept.has(name)));
}

function indexUnits(index: TableIndex, { table, before, after }: ItemChange): number {
  const old = entryOf(index, table, before);
  const now = entryOf(index, table, after);
  if (old === undefined && now === undefined) return 0;
  if (old === undefined || now === undefined) return unitsOf(old, now);
  if (isDeepStrictEqual({ ...old }, { ...now })) return 0;
  const moved = index.KeySchema.some(part => !isDeepStrictEqual(old[part.AttributeName], now[part.AttributeName]));
  return moved ? unitsOf(old) + unitsOf(now) : unitsOf(old, now);
}

export function writeUnits(change: ItemChange, factor: 1 | 2): WriteUnits {
  const indexes = [...(change.table.GlobalSecondaryIndexes ?? []), ...(change.table.LocalSecondaryIndexes ?? [])];
  const counted = indexes.map(index => [index.IndexName, indexUnits(index, change)] as const);
  return {
    table: factor * unitsOf(change.before, change.after),
    indexes: new Map(counted.filter(([, units]) => units > 0)),
  };
}

const sum = (numbers: Iterable<number>): number => [...numbers].reduce((total, number) => total + number, 0);

function merge(all: readonly WriteUnits[]): WriteUnits {
  const indexes = new Map<string, number>();
  for (const units of all)
    for (const [name, number] of units.indexes) indexes.set(name, (indexes.get(name) ?? 0) + number);
  return { table: sum(all.map(units => units.table)), indexes };
}

/** `ConsumedCapacity` of one table, in the detail that the request asked for. */
function consumedCapacity(asked: unknown, tableName: string, writes: readonly WriteUnits[]): Json {
  const { table, indexes } = merge(writes);
  const total = table + sum(indexes.values());
  const detail = {
    Table: { CapacityUnits: table },
    GlobalSecondaryIndexes: Object.fromEntries([...indexes].map(([name, units]) => [name, { CapacityUnits: units }])),
  };
  return {
    TableName: tableName,
    CapacityUnits: total,
    WriteCapacityUnits: total,
    ...(asked === 'INDEXES' ? detail : {}),
  };
}

/** The same for each table that a request wrote to; nothing, and nothing reckoned, when it did not ask. */
export function consumedByTable(
  asked: unknown,
  writes: () => readonly { readonly table: string; readonly units: WriteUnits }[],
): Json[] {
  if (asked !== 'TOTAL' && asked !== 'INDEXES') return [];
  const byTable = new Map<string, WriteUnits[]>();
  for (const { table, units } of writes()) byTable.set(table, [...(byTable.get(table) ?? []), units]);
  return [...byTable].map(([table, units]) => consumedCapacity(asked, table, units));
}
