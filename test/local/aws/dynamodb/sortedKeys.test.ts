import type { LevelRange } from 'dynalite/types';
import { SortedKeys } from '../../../../local/aws/dynamodb/sortedKeys';

/** Every number once below a prime, in no order. */
const prime = 5003;
const keyOf = (number: number) => String(number).padStart(4, '0');
const scattered = Array.from({ length: prime }, (_, nth) => keyOf((nth * 1871) % prime));
/** Of the first thousands nothing is left, of the others two thirds. */
const goes = (key: string) => key < '2500' || Number(key) % 3 === 0;

function filled(): SortedKeys {
  const keys = new SortedKeys();
  for (const key of scattered) keys.add(key);
  return keys;
}

const bounds = ['', '0511', '2500', '25011', '3333', '5002', '6'];
const ranges = bounds.flatMap(low =>
  bounds.flatMap((high): LevelRange[] => [
    { gte: low, lt: high },
    { gt: low, lte: high },
    { gte: low, lte: high, limit: 700 },
    { gt: low, lt: high, limit: 1, reverse: true },
    { gte: low, reverse: true, limit: -1 },
    { lte: high },
  ]),
);

/** What LevelDB says a range means, key by key, of keys that are in order. */
function plainly(sorted: readonly string[], { gt, gte, lt, lte, limit = -1, reverse }: LevelRange): string[] {
  const held = sorted.filter(
    key =>
      (gt === undefined || key > gt) &&
      (gte === undefined || key >= gte) &&
      (lt === undefined || key < lt) &&
      (lte === undefined || key <= lte),
  );
  if (reverse) held.reverse();
  return limit < 0 ? held : held.slice(0, limit);
}

const told = (range: LevelRange, keys: readonly string[]) => `${JSON.stringify(range)}: ${keys.join()}`;
const answers = (keys: SortedKeys) => ranges.map(range => told(range, keys.within(range)));
function plainAnswers(keys: readonly string[]) {
  const sorted = [...keys].sort();
  return ranges.map(range => told(range, plainly(sorted, range)));
}

test('keys that came in any order are read in order, between any bounds, also after most of them went', () => {
  const keys = filled();
  expect(answers(keys)).toEqual(plainAnswers(scattered));
  for (const key of scattered.filter(goes)) keys.delete(key);
  const left = scattered.filter(key => !goes(key));
  expect(left.length).toBeGreaterThan(1500);
  expect(answers(keys)).toEqual(plainAnswers(left));
  for (const key of left) keys.delete(key);
  expect(keys.within({})).toEqual([]);
  keys.add('again');
  expect(keys.within({})).toEqual(['again']);
});

test('a copy of keys goes its own way', () => {
  const keys = filled();
  const copy = new SortedKeys(keys);
  for (const key of scattered.filter(goes)) copy.delete(key);
  copy.add('9');
  expect(keys.within({})).toEqual([...scattered].sort());
  expect(copy.within({})).toEqual([...scattered.filter(key => !goes(key)), '9'].sort());
});
