import { refused } from './stripeError';

/** docs.stripe.com/currencies: at least 50 ¢, at most eight digits. */
export function checkAmount(amount: number): void {
  if (amount < 1)
    throw refused('This value must be greater than or equal to 1.', {
      code: 'parameter_invalid_integer',
      param: 'amount',
    });
  if (amount < 50) throw refused('Amount must be at least $0.50 usd', { code: 'amount_too_small', param: 'amount' });
  if (amount > 99_999_999)
    throw refused('Amount must be no more than $999,999.99', { code: 'amount_too_large', param: 'amount' });
}

export function currencyOf(word: string): string {
  const currency = word.toLowerCase();
  if (!/^[a-z]{3}$/.test(currency)) throw refused(`Invalid currency: ${word}.`, { param: 'currency' });
  return currency;
}
