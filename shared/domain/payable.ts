import type { BillAmounts } from './billAmounts';
import { Problem } from './problem';

/**
 * RESERVE of `ledger.md` section 3: a request may pay the client balance less what is reserved. Problems in this order:
 * `bill_cancelled`, `payment_in_progress` within the balance, `amount_exceeds_balance` above it.
 */
export function checkPayable(
  { cancelled, clientBalanceCents }: Pick<BillAmounts, 'cancelled' | 'clientBalanceCents'>,
  reservedCents: number,
  amountCents: number,
): void {
  if (cancelled) throw new Problem('bill_cancelled');
  checkNotReserved({ clientBalanceCents }, reservedCents, amountCents);
  if (amountCents > clientBalanceCents) throw new Problem('amount_exceeds_balance', { clientBalanceCents });
}

/** `payment_in_progress` for an amount within the balance of which a charge under way has reserved too much. */
export function checkNotReserved(
  { clientBalanceCents }: Pick<BillAmounts, 'clientBalanceCents'>,
  reservedCents: number,
  amountCents: number,
): void {
  if (amountCents <= clientBalanceCents && amountCents > clientBalanceCents - reservedCents) {
    throw new Problem('payment_in_progress', { reservedCents, clientBalanceCents });
  }
}
