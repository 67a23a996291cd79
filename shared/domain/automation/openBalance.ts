import { Problem } from '../problem';

/**
 * Rule 14: switching AutoPay on, for a client or for the practice, must not sweep up an old balance unseen. Problem:
 * `autopay_balance_unconfirmed`, unless just this amount was confirmed.
 */
export function refuseUnconfirmed(openBalanceCents: number, confirmed: number | undefined): void {
  if (openBalanceCents > 0 && confirmed !== openBalanceCents) {
    throw new Problem('autopay_balance_unconfirmed', { openBalanceCents });
  }
}
