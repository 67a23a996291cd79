import type { Image, Table } from 'dynalite/types';
import { writeUnits } from '../../../../local/aws/dynamodb/capacity';
import { itemBytes } from '../../../../local/aws/dynamodb/itemSize';

/** What writes cost, against figures worked out by hand from DynamoDB's rules: the meter behind the budgets. */

describe('an item weighs', () => {
  const weights: readonly (readonly [string, Image, number])[] = [
    ['its names and texts in UTF-8', { name: { S: 'Zoë' } }, 4 + 4],
    ['a name in UTF-8 as well', { ñ: { S: '' } }, 2],
    ['a character outside the basic plane as four bytes', { a: { S: '𝄞' } }, 1 + 4],
    ['a byte for two digits of a number and one more', { n: { N: '16501' } }, 1 + 4],
    ['nothing for the zeros at the end of a number', { n: { N: '1650000' } }, 1 + 3],
    ['one byte more for what is below zero', { n: { N: '-16501' } }, 1 + 5],
    ['one byte for 0, true, false and null', { a: { N: '0' }, b: { BOOL: true }, c: { NULL: true } }, 3 + 3],
    ['three bytes a list and one an element', { l: { L: [{ S: 'ab' }, { S: 'é' }] } }, 1 + 3 + 2 + 4],
    ['three bytes a map and one a member', { m: { M: { k: { S: 'ü' } } } }, 1 + 3 + 1 + 1 + 2],
  ];
  test.each(weights)('%s', (_, image, bytes) => expect(itemBytes(image)).toBe(bytes));
});

const attributes = (...names: string[]) => names.map(AttributeName => ({ AttributeName, AttributeType: 'S' }));
const keys = (hash: string, range: string) => [
  { AttributeName: hash, KeyType: 'HASH' },
  { AttributeName: range, KeyType: 'RANGE' },
];
const table = {
  TableName: 'billing',
  AttributeDefinitions: attributes('pk', 'sk', 'lpk', 'lsk', 'dpk', 'dsk'),
  KeySchema: keys('pk', 'sk'),
  GlobalSecondaryIndexes: [
    { IndexName: 'lists', KeySchema: keys('lpk', 'lsk'), Projection: { ProjectionType: 'ALL' } },
    { IndexName: 'pointers', KeySchema: keys('dpk', 'dsk'), Projection: { ProjectionType: 'KEYS_ONLY' } },
  ],
} as unknown as Table;

const image = (fields: Readonly<Record<string, string>>): Image =>
  Object.fromEntries(Object.entries({ pk: 'p', sk: 's', ...fields }).map(([name, S]) => [name, { S }]));
const listed = (more: Readonly<Record<string, string>> = {}) => image({ lpk: 'L', lsk: '1', ...more });
const pointed = (more: Readonly<Record<string, string>> = {}) => image({ dpk: 'D', dsk: '1', ...more });
const kilobyte = 'x'.repeat(1024);

describe('a write costs', () => {
  const cost = (before: Image | undefined, after: Image | undefined, factor: 1 | 2 = 2) => {
    const { table: units, indexes } = writeUnits({ table, key: 'k', before, after }, factor);
    return [units, Object.fromEntries(indexes)];
  };

  test('a unit a begun KB, and two in a transaction', () => {
    expect(cost(undefined, image({ t: 'x' }), 1)).toEqual([1, {}]);
    expect(cost(undefined, image({ t: 'x' }))).toEqual([2, {}]);
    expect(cost(undefined, image({ t: kilobyte }))).toEqual([4, {}]);
  });

  test('what the larger of the old and the new item is', () => {
    expect(cost(image({ t: kilobyte }), image({ t: 'x' }))).toEqual([4, {}]);
    expect(cost(image({ t: kilobyte }), undefined)).toEqual([4, {}]);
  });

  test('one unit a KB in an index that the item enters or leaves, in a transaction too', () => {
    expect(cost(undefined, listed({ t: kilobyte }))).toEqual([4, { lists: 2 }]);
    expect(cost(listed(), image({}))).toEqual([2, { lists: 1 }]);
  });

  test('one unit for a change that an index shows, two when the item moves in it, none when it shows nothing of it', () => {
    expect(cost(listed({ t: 'a' }), listed({ t: 'b' }))).toEqual([2, { lists: 1 }]);
    expect(cost(listed(), listed({ lsk: '2' }))).toEqual([2, { lists: 2 }]);
    expect(cost(listed(), listed())).toEqual([2, {}]);
    expect(cost(pointed({ t: 'a' }), pointed({ t: kilobyte }))).toEqual([4, {}]);
  });

  test('one unit in an index of keys, however heavy the item is', () => {
    expect(cost(undefined, pointed({ t: kilobyte }))).toEqual([4, { pointers: 1 }]);
    expect(cost(pointed({ t: kilobyte }), pointed({ t: kilobyte, dsk: '2' }))).toEqual([4, { pointers: 2 }]);
  });
});
