import type { BillAmounts } from './billAmounts';
import { Problem } from './problem';

/**
 * RESERVE of `ledger.md` section 3: a request may pay the client balance less what is reserved. Problems in this order:
 * `bill_cancelled`, `amount_exceeds_balance` above the balance, `payment_in_progress` within it.
 */
export function checkPayable(
  { cancelled, clientBalanceCents }: Pick<BillAmounts, 'cancelled' | 'clientBalanceCents'>,
  reservedCents: number,
  amountCents: number,
): void {
  if (cancelled) throw new Problem('bill_cancelled');
  if (amountCents > clientBalanceCents) throw new Problem('amount_exceeds_balance', { clientBalanceCents });
  if (amountCents > clientBalanceCents - reservedCents) {
    throw new Problem('payment_in_progress', { reservedCents, clientBalanceCents });
  }
}
