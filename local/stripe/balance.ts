import type Stripe from 'stripe';
import type { Desk } from './desk';

/** Stripe's list price for a card in the United States: 2.9 % + 30 ¢, halves up. A refund does not give it back. */
export function cardFee(amount: number): number {
  const thousandths = amount * 29 + 500;
  return (thousandths - (thousandths % 1000)) / 1000 + 30;
}

/** What a lost or open dispute costs (stripe.com/pricing); not given back by a refund. */
export const disputeFee = 1500;

export interface Movement {
  type: Stripe.BalanceTransaction.Type;
  amount: number;
  fee: number;
  currency: string;
  /** What it is about; nothing of what Stripe moves by itself. */
  source: string | null;
  description?: string | null;
}

const twoDays = 2 * 24 * 60 * 60;

export function moveBalance(desk: Desk, movement: Movement): Stripe.BalanceTransaction {
  const { type, amount, fee, currency, source } = movement;
  const now = desk.now();
  return desk.put('balance_transaction', {
    id: desk.newId('txn'),
    object: 'balance_transaction',
    amount,
    available_on: now + twoDays,
    balance_type: 'payments',
    created: now,
    currency,
    description: movement.description ?? null,
    exchange_rate: null,
    fee,
    fee_details:
      fee === 0
        ? []
        : [{ amount: fee, application: null, currency, description: 'Stripe processing fees', type: 'stripe_fee' }],
    net: amount - fee,
    reporting_category: type === 'adjustment' ? 'dispute' : type,
    source,
    status: 'pending',
    type,
  });
}
