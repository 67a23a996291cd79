import { invalidInput } from '../domain/problem';
import { type Item, queryPage, type Range } from './kernel';

/**
 * A cursor that names a place in a list rather than an item: what a page skipped or grouped does not matter to the next.
 * It carries no partition, which always comes from the caller.
 */
export const writePosition = (sort: string): string => Buffer.from(`@${sort}`).toString('base64url');

export function readPosition(cursor: string | undefined): string | undefined {
  if (cursor === undefined) return undefined;
  const text = Buffer.from(cursor, 'base64url').toString();
  // A sort key has 1 to 1,024 bytes.
  if (!/^@./su.test(text) || Buffer.byteLength(text) > 1000)
    throw invalidInput('/cursor', 'is not a cursor of this list');
  return text.slice(1);
}

export interface Sieve {
  readonly range: Omit<Range, 'limit' | 'cursor' | 'from' | 'newestFirst'>;
  /** The sort key of the index or table that `range` reads. */
  readonly sortOf: (item: Item) => string;
  readonly keep: (item: Item) => boolean;
  readonly limit: number;
  readonly cursor: string | undefined;
}

const mostReads = 5;
const chunk = 400;

/** A page of what passes the sieve: one read where most passes, at most five; a page may be shorter than its limit. */
export async function sievedPage(sieve: Sieve): Promise<{ items: Item[]; nextCursor: string | null }> {
  const { sortOf, keep, limit } = sieve;
  const kept: Item[] = [];
  let position = readPosition(sieve.cursor);
  for (let reads = 0; reads < mostReads; reads += 1) {
    const { items, nextCursor } = await queryPage(rangeFrom(sieve, position));
    for (const item of items) {
      if (sortOf(item) === position || !keep(item)) continue;
      if (kept.length === limit) return { items: kept, nextCursor: writePosition(sortOf(kept.at(-1) as Item)) };
      kept.push(item);
    }
    if (nextCursor === null) return { items: kept, nextCursor: null };
    position = sortOf(items.at(-1) as Item);
  }
  return { items: kept, nextCursor: writePosition(position ?? '') };
}

/** Begins at the last place read (which is skipped): a range has a prefix or bounds, so a prefix becomes bounds. */
function rangeFrom({ range, limit }: Sieve, position: string | undefined): Range {
  const { prefix, to, ...rest } = range;
  const end = prefix === undefined ? to : `${prefix}\uffff`;
  const start = position ?? prefix;
  return {
    ...rest,
    ...(start === undefined ? {} : { from: start }),
    ...(end === undefined ? {} : { to: end }),
    limit: Math.max(chunk, limit + 1),
  };
}
