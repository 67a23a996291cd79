import { currencyDigits } from '../../../shared/domain/money';

/**
 * What a person typed as an amount, in minor units; `undefined` when it is none. Takes `95`, `95.5`, `$1,240`, `95,50`:
 * the last separator is a decimal one only if no more digits follow it than the currency has.
 */
export function parseAmount(typed: string, currency: string): number | undefined {
  const digits = currencyDigits(currency);
  const text = typed.replace(/[\s\u00a0\u202f]/g, '').replace(/^\p{Sc}|\p{Sc}$/gu, '');
  const match = /^(\d{1,3}(?:[.,']?\d{3})*|\d+)(?:[.,](\d+))?$/.exec(text);
  if (!match) return undefined;
  const whole = (match[1] ?? '').replace(/\D/g, '');
  const fraction = match[2] ?? '';
  if (fraction.length > digits) return undefined;
  const minor = Number(whole + fraction.padEnd(digits, '0'));
  return Number.isSafeInteger(minor) ? minor : undefined;
}
