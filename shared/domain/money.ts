import { invariant } from './invariant';

/** Integer minor units of the practice's one currency. Negative only where a field says so. */
export type Cents = number & { readonly __unit: 'cents' };
/** Hundredths of a percent: 2000 is 20 %. */
export type BasisPoints = number & { readonly __unit: 'basisPoints' };

/** Marks an integer as cents. Throws (our bug) on a fraction or an unsafe integer: money never passes through floats. */
export function cents(amount: number): Cents {
  invariant(Number.isSafeInteger(amount), `${amount} is not an integer amount of cents`);
  return amount as Cents;
}

export const zeroCents = 0 as Cents;

export const sumCents = (amounts: Iterable<number>): Cents => {
  let total = 0;
  for (const amount of amounts) total += amount;
  return cents(total);
};

export const minCents = (a: number, b: number): Cents => cents(Math.min(a, b));
export const maxCents = (a: number, b: number): Cents => cents(Math.max(a, b));

/**
 * SPLIT of `ledger.md` section 3: shares `amount` over `weights` by largest remainder, ties to the earlier one, so that
 * the parts always add up to the amount and no cent needs repair. Weights are ≥ 0; all zero: the first takes everything.
 */
export function splitCents(amount: Cents, weights: readonly number[]): Cents[] {
  if (weights.length === 0) {
    invariant(amount === 0, 'nothing to split an amount over');
    return [];
  }
  const total = sumCents(weights);
  if (total === 0) return weights.map((_, index) => (index === 0 ? amount : zeroCents));
  const sign = amount < 0 ? -1n : 1n;
  const whole = BigInt(Math.abs(amount));
  const parts = weights.map((weight, index) => {
    invariant(weight >= 0, 'a weight of a split is negative');
    const product = whole * BigInt(weight);
    return { index, part: product / BigInt(total), remainder: product % BigInt(total) };
  });
  let left = whole - parts.reduce((sum, { part }) => sum + part, 0n);
  const byRemainder = [...parts].sort((a, b) =>
    a.remainder === b.remainder ? a.index - b.index : a.remainder < b.remainder ? 1 : -1,
  );
  for (const entry of byRemainder) {
    if (left === 0n) break;
    entry.part += 1n;
    left -= 1n;
  }
  return parts.map(({ part }) => cents(Number(sign * part)));
}

/** Co-insurance of one line: half up to the cent (`domain.md` rule 2); the insurer's part is price less this. */
export function basisPointsOf(amount: Cents, basisPoints: number): Cents {
  const product = BigInt(amount) * BigInt(basisPoints);
  const half = product >= 0n ? 5000n : -5000n;
  return cents(Number((product + half) / 10000n));
}

/** Making a formatter takes longer than laying out a line of a bill, so each currency's is made once. */
const formats = new Map<string, Intl.NumberFormat>();
function formatOf(currency: string, locale: string): Intl.NumberFormat {
  const key = `${locale} ${currency}`;
  const format = formats.get(key) ?? new Intl.NumberFormat(locale, { style: 'currency', currency });
  formats.set(key, format);
  return format;
}

/** Decimal digits of a currency's minor unit: 2 for USD, 0 for JPY (`domain.md` rule 3). */
export const currencyDigits = (currency: string): number =>
  formatOf(currency, 'en-US').resolvedOptions().maximumFractionDigits ?? 2;

/** Money as people read it, e.g. `$1,240.00`, minus as U+2212 (`ui/README.md`). */
export function formatCents(amount: number, currency: string, locale = 'en-US'): string {
  const digits = currencyDigits(currency);
  const text = formatOf(currency, locale).format(Math.abs(amount) / 10 ** digits);
  return amount < 0 ? `\u2212${text}` : text;
}
