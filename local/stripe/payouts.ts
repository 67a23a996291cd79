import type Stripe from 'stripe';
import { moveBalance } from './balance';
import type { Desk } from './desk';
import { invalid } from './stripeError';

/**
 * Pays out what is available by the clock, as Stripe does by itself; the payout names its movements ever after. Of one that
 * a person asked for Stripe does not tell them.
 */
export function payOut(desk: Desk, automatic = true): Stripe.Payout {
  const due = desk.all('balance_transaction').filter(movement => isDue(desk, movement));
  const amount = due.reduce((total, { net }) => total + net, 0);
  const [first] = due;
  if (!first || amount <= 0) throw invalid('Nothing is available to be paid out.');
  const id = desk.newId('po');
  const { currency } = first;
  const movement = moveBalance(desk, { type: 'payout', amount: -amount, fee: 0, currency, source: id });
  for (const paid of [...due, movement]) desk.keep('paidOut', paid.id, { payout: automatic ? id : '' });
  const payout = desk.put('payout', {
    id,
    object: 'payout',
    amount,
    application_fee: null,
    application_fee_amount: null,
    arrival_date: desk.now() + 24 * 60 * 60,
    automatic,
    balance_transaction: movement.id,
    created: desk.now(),
    currency,
    description: 'STRIPE PAYOUT',
    destination: null,
    failure_balance_transaction: null,
    failure_code: null,
    failure_message: null,
    livemode: false,
    metadata: {},
    method: 'standard',
    original_payout: null,
    payout_method: null,
    reconciliation_status: automatic ? 'completed' : 'not_applicable',
    reversed_by: null,
    source_type: 'card',
    statement_descriptor: null,
    status: 'paid',
    trace_id: null,
    type: 'bank_account',
  });
  desk.emit('payout.paid', payout);
  return payout;
}

const isDue = (desk: Desk, { id, type, available_on: on }: Stripe.BalanceTransaction): boolean =>
  type !== 'payout' && on <= desk.now() && desk.find('paidOut', id) === undefined;

/** The movements of one payout, its own included. */
export const movementsOf = (desk: Desk, payoutId: string): Stripe.BalanceTransaction[] =>
  desk.all('balance_transaction').filter(({ id }) => desk.find('paidOut', id)?.payout === payoutId);
