import * as fc from 'fast-check';
import { basisPointsOf, cents, currencyDigits, formatCents, splitCents, sumCents } from '../../shared/domain/money';

const split = (amount: number, weights: number[]): number[] => splitCents(cents(amount), weights);

test.each([
  ['by largest remainder (W3)', 2500, [15000, 5000, 3333], [1607, 536, 357]],
  ['ties to the earlier one', 1, [5, 5], [1, 0]],
  ['ties to the earlier ones', 5, [1, 1, 1], [2, 2, 1]],
  ['a negative amount as its mirror', -5, [1, 1, 1], [-2, -2, -1]],
  ['nothing', 0, [3, 4], [0, 0]],
  ['over weights of nothing to the first', 7, [0, 0], [7, 0]],
  ['a weight of nothing takes nothing', 7, [0, 2], [0, 7]],
])('an amount is split %s', (_, amount, weights, parts) => {
  expect(split(amount, weights).map(part => part + 0)).toEqual(parts);
});

test('the parts of a split add up to the amount, and none is a cent or more from its exact share', () => {
  const weights = fc.array(fc.nat({ max: 99_999_999 }), { minLength: 1, maxLength: 90 });
  fc.assert(
    fc.property(fc.integer({ min: -99_999_999, max: 99_999_999 }), weights, (amount, shares) => {
      const parts = split(amount, shares);
      const total = sumCents(shares);
      expect(sumCents(parts)).toBe(amount);
      if (total === 0) return;
      parts.forEach((part, index) => {
        expect(Math.abs(part - (amount * (shares[index] ?? 0)) / total)).toBeLessThan(1.000_01);
      });
    }),
    { numRuns: 500, seed: 20_260_302 },
  );
});

test('a part is never above its weight when the amount is not above their sum', () => {
  const weights = fc.array(fc.nat({ max: 20 }), { minLength: 1, maxLength: 12 });
  fc.assert(
    fc.property(weights, fc.nat(), (shares, choice) => {
      const amount = choice % (sumCents(shares) + 1);
      split(amount, shares).forEach((part, index) => {
        expect(part).toBeLessThanOrEqual(shares[index] ?? 0);
      });
    }),
    { numRuns: 500, seed: 20_260_302 },
  );
});

test('an amount over nothing, or over a negative weight, is our bug', () => {
  expect(() => split(1, [])).toThrow('nothing to split');
  expect(() => split(1, [2, -1])).toThrow('negative');
  expect(split(0, [])).toEqual([]);
});

test.each([
  [15003, 2000, 3001],
  [9999, 2000, 2000],
  [3332, 2000, 666],
  [3333, 5000, 1667],
  [1, 5000, 1],
  [1, 4999, 0],
  [-1, 5000, -1],
  [99_999_999, 10_000, 99_999_999],
])('%i at %i basis points is %i, half up to the cent (domain rule 2)', (amount, basisPoints, part) => {
  expect(basisPointsOf(cents(amount), basisPoints)).toBe(part);
});

test('cents are integers; a fraction is our bug (domain rule 1)', () => {
  expect(() => cents(0.5)).toThrow('0.5');
  expect(() => cents(Number.MAX_SAFE_INTEGER + 1)).toThrow();
  expect(() => cents(Number.NaN)).toThrow();
});

test('currencies have their own digits (domain rule 3)', () => {
  expect([currencyDigits('USD'), currencyDigits('JPY')]).toEqual([2, 0]);
  expect([formatCents(124_000, 'USD'), formatCents(-5, 'USD'), formatCents(1240, 'JPY')]).toEqual([
    '$1,240.00',
    '\u2212$0.05',
    '¥1,240',
  ]);
});
