/** The least that Stripe charges, in minor units, by currency (Stripe's documentation, "Minimum and maximum charge amounts"). */
const minimums: Readonly<Record<string, number>> = {
  USD: 50,
  CAD: 50,
  AUD: 50,
  NZD: 50,
  EUR: 50,
  GBP: 30,
  CHF: 50,
  SGD: 50,
  JPY: 50,
  DKK: 250,
  NOK: 300,
  SEK: 300,
  MXN: 1000,
};

export const stripeMinimum = (currency: string): number => minimums[currency.toUpperCase()] ?? 50;
