import { overlaps, type Policy } from './client';
import type { Payer } from './practice';
import { invalidInput } from './problem';

/** Who is to answer for a policy from now on; one that was hidden afterwards stays with the policies that it has. */
export function refuseWrongInsurer(payer: Payer | undefined): void {
  if (!payer?.active || payer.kind !== 'insurer') throw invalidInput('/payerId', 'must be an active insurer');
}

/** Coverage dates decide which policy is offered, so on each day one of a rank is in force (`domain.md` 2.5). */
export function refuseWrongTerms(policy: Policy, others: readonly Policy[]): void {
  if (policy.endOn !== undefined && policy.endOn < policy.effectiveOn) {
    throw invalidInput('/endOn', 'must not be before effectiveOn');
  }
  if (policy.copayCents !== undefined && policy.coinsuranceBasisPoints !== undefined) {
    throw invalidInput('/coinsuranceBasisPoints', 'must be absent when there is a co-pay');
  }
  if (others.some(other => overlaps(other, policy))) {
    throw invalidInput('/effectiveOn', `overlaps another ${policy.rank} policy; end that one first`);
  }
}
