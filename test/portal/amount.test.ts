import { parseAmount } from '../../portal/src/pay/amount';

it.each([
  ['95', 'USD', 9500],
  ['95.5', 'USD', 9550],
  ['$1,240', 'USD', 124000],
  ['1,240.05', 'USD', 124005],
  ['95,50', 'EUR', 9550],
  ['1.240,50 €', 'EUR', 124050],
  [' 0.1 ', 'USD', 10],
  ['1240', 'JPY', 1240],
])('reads %j in %s as %d minor units, without a float on the way', (typed, currency, minor) => {
  expect(parseAmount(typed, currency)).toBe(minor);
});

it.each(['', '-5', '1.005', 'ninety', '1,24,0', '5..0', '9e3', '99999999999999999999'])(
  'does not guess at %j',
  typed => {
    expect(parseAmount(typed, 'USD')).toBeUndefined();
  },
);

it('takes no fraction in a currency without one', () => {
  expect(parseAmount('12.50', 'JPY')).toBeUndefined();
});
