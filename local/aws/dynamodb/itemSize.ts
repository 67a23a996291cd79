import db from 'dynalite/db/index.js';
import type { Image } from 'dynalite/types';

/** A text as one character for each of its bytes, in names and values alike; numbers and binary values are ASCII anyway. */
function byBytes(value: unknown): unknown {
  if (typeof value === 'string') return Buffer.from(value).toString('latin1');
  if (Array.isArray(value)) return value.map(byBytes);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [byBytes(name), byBytes(inner)]));
}

/**
 * What an item weighs in DynamoDB: UTF-8 bytes of names and texts, two digits of a number in a byte and one more, 3 bytes
 * a list or map and 1 an element. dynalite knows the rules but counts UTF-16 units, so that "Zoë" would be a byte short.
 */
export const itemBytes = (image: Readonly<Record<string, object>>): number => db.itemSize(byBytes(image) as Image);
