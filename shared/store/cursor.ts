import { invalidInput } from '../domain/problem';
import type { Range } from './kernel';

/** Where a page of a list ended: the keys of its last item, which the caller gives back to go on. */
export const writeCursor = (key: Record<string, unknown>): string =>
  Buffer.from(JSON.stringify(key)).toString('base64url');

/**
 * The keys that a cursor names. One that was made for another list, perhaps another practice's, is refused: DynamoDB
 * takes no start outside of what is asked for.
 */
export function readCursor(cursor: string, range: Range, [partitionKey, sortKey]: readonly [string, string]) {
  const key = keyIn(cursor);
  const names = new Set(['pk', 'sk', partitionKey, sortKey]);
  const whole = Object.keys(key).length === names.size && [...names].every(name => key[name]);
  if (!whole || key[partitionKey] !== range.partition || !isWithin(range, key[sortKey] ?? '')) throw strange();
  return key;
}

const strange = () => invalidInput('/cursor', 'is not a cursor of this list');

function keyIn(cursor: string): Record<string, string> {
  let key: unknown;
  try {
    key = JSON.parse(Buffer.from(cursor, 'base64url').toString());
  } catch {
    throw strange();
  }
  if (typeof key !== 'object' || key === null) throw strange();
  const entries = Object.entries(key);
  if (!entries.every((entry): entry is [string, string] => typeof entry[1] === 'string')) throw strange();
  return Object.fromEntries(entries);
}

/** As DynamoDB compares: by bytes. */
const isBefore = (a: string, b: string): boolean => Buffer.compare(Buffer.from(a), Buffer.from(b)) < 0;

const isWithin = ({ prefix = '', from, to }: Range, sort: string): boolean =>
  sort.startsWith(prefix) && !(from !== undefined && isBefore(sort, from)) && !(to !== undefined && isBefore(to, sort));

/** True when the range ends before it begins, which DynamoDB would refuse to look up. */
export const isEmpty = ({ from, to }: Range): boolean => from !== undefined && to !== undefined && isBefore(to, from);
