import { currencyDigits } from '../../../shared/domain/money';

/**
 * The ways to write an amount that mean one thing only. Both languages of the page write `1,240.50`; a decimal comma
 * (`95,50`, `1.240,50`) is understood too. `1.005` could be either and is refused rather than guessed.
 */
const forms = [/^(\d+|\d{1,3}(?:,\d{3})+)(?:\.(\d+))?$/, /^(\d+|\d{1,3}(?:\.\d{3})+),(\d{1,2})$/];

/** What a person typed as an amount, in minor units; `undefined` when it is none. No float is on the way. */
export function parseAmount(typed: string, currency: string): number | undefined {
  const digits = currencyDigits(currency);
  const text = typed.replace(/[\s\u00a0\u202f]/g, '').replace(/^\p{Sc}|\p{Sc}$/gu, '');
  const match = forms.map(form => form.exec(text)).find(found => found !== null);
  const [, whole = '', fraction = ''] = match ?? [];
  if (!match || fraction.length > digits) return undefined;
  const minor = Number(whole.replace(/\D/g, '') + fraction.padEnd(digits, '0'));
  return Number.isSafeInteger(minor) ? minor : undefined;
}
