import * as fc from 'fast-check';
import { cents } from '../../shared/domain/money';
import { type PortionTerms, portionsOf } from '../../shared/domain/portions';
import { Problem } from '../../shared/domain/problem';
import { line, sessionLines } from './life';

const clientParts = (prices: number[], terms: Partial<PortionTerms>) =>
  sessionLines('S', prices, { responsibility: 'insurance', ...terms }).map(l => l.clientPortionCents);

function problem(rule: () => unknown): Problem | undefined {
  try {
    rule();
  } catch (error) {
    if (error instanceof Problem) return error;
    throw error;
  }
  return undefined;
}

test('a co-pay is shared over the session’s service lines (W3)', () => {
  expect(clientParts([15000, 5000, 3333], { copayCents: 2500 })).toEqual([1607, 536, 357]);
});

test('co-insurance is computed on each line, half up (W3)', () => {
  expect(clientParts([15003, 9999, 3332], { coinsuranceBasisPoints: 2000 })).toEqual([3001, 2000, 666]);
  expect(clientParts([3333], { coinsuranceBasisPoints: 5000 })).toEqual([1667]);
});

test('without terms all of an insured service is the insurer’s', () => {
  expect(clientParts([15000], {})).toEqual([0]);
});

test('no-show fees, products and adjustments are the client’s, whatever the co-pay', () => {
  const lines = [
    line('s', 10000),
    line('n', 7500, 'no_show'),
    line('p', 2500, 'product'),
    line('a', -100, 'adjustment'),
  ];
  const parts = portionsOf(lines, { responsibility: 'insurance', copayCents: 3000 });
  expect(parts.map(part => part.clientPortionCents)).toEqual([3000, 7500, 2500, -100]);
  expect(parts.map(part => part.insurerPortionCents)).toEqual([7000, 0, 0, 0]);
});

test('self-pay is all the client’s, external all the platform’s', () => {
  const [own] = portionsOf([line('s', 10000)], { responsibility: 'self_pay' });
  const [platform] = portionsOf([line('s', 10000)], { responsibility: 'external' });
  expect([own?.clientPortionCents, own?.insurerPortionCents]).toEqual([10000, 0]);
  expect([platform?.clientPortionCents, platform?.insurerPortionCents]).toEqual([0, 10000]);
});

test.each([
  ['self_pay', { copayCents: 100 }],
  ['self_pay', { coinsuranceBasisPoints: 0 }],
  ['external', { copayCents: 0 }],
] as const)('a client portion on %s is refused', (responsibility, terms) => {
  expect(problem(() => sessionLines('S', [100], { responsibility, ...terms }))?.code).toBe(
    'client_portion_not_allowed',
  );
});

test('a co-pay above the session’s services is refused with the facts, and capped for automation', () => {
  const refused = problem(() => clientParts([1000, 500], { copayCents: 1501 }));
  expect([refused?.code, refused?.facts]).toEqual([
    'client_portion_exceeds_amount',
    { sessionId: 'S', amountCents: 1500 },
  ]);
  expect(clientParts([1000, 500], { copayCents: 1501, cap: true })).toEqual([1000, 500]);
});

test('client and insurer portion are the price on every line (domain rule 2)', () => {
  const kinds = fc.constantFrom('service' as const, 'no_show' as const, 'product' as const);
  const lines = fc.array(fc.record({ kind: kinds, amountCents: fc.nat({ max: 99_999_999 }).map(cents) }), {
    maxLength: 20,
  });
  const terms = fc.oneof(
    fc.record({ copayCents: fc.nat({ max: 99_999_999 }) }),
    fc.record({ coinsuranceBasisPoints: fc.nat({ max: 10_000 }) }),
  );
  fc.assert(
    fc.property(lines, terms, (all, by) => {
      for (const part of portionsOf(all, { responsibility: 'insurance', cap: true, ...by })) {
        expect(part.clientPortionCents + part.insurerPortionCents).toBe(part.amountCents);
        expect(Math.min(part.clientPortionCents, part.insurerPortionCents)).toBeGreaterThanOrEqual(0);
      }
    }),
    { numRuns: 500, seed: 20_260_302 },
  );
});
