import { type BalanceMovement, type ChargeBooks, stripeBalance } from './stripeBalance';
import type { Account } from './stripeClient';

/** Every charge that these movements are about, once: of those that are not on it, Stripe is asked how they stand. */
export async function chargesOf(account: Account, movements: readonly BalanceMovement[]): Promise<ChargeBooks[]> {
  const charges = new Map(movements.flatMap(({ charge }) => (charge ? [[charge.paymentIntentId, charge]] : [])));
  const others = new Set(movements.flatMap(({ paymentIntentId: id }) => (id && !charges.has(id) ? [id] : [])));
  for (const paymentIntentId of others) {
    const books = await stripeBalance.readBooks(account, paymentIntentId);
    if (books) charges.set(paymentIntentId, books);
  }
  return [...charges.values()];
}
