import { given } from '../domain/given';
import type { Difference } from '../domain/reconciliation';
import { idFrom } from '../ids';
import type { Needs } from '../needs';
import { attentionStore } from '../store/attentionStore';

/** What nobody but staff can mend; once for the same sums, however often it is found: other sums are another difference. */
export async function raiseDifference(practiceId: string, difference: Difference, { clock }: Needs): Promise<void> {
  const { reconciliationId, paymentIntentId, paymentId, stripeCents, ledgerCents } = difference;
  const attentionId = idFrom('wrk', practiceId, 'reconciliation', paymentIntentId, `${stripeCents}`, `${ledgerCents}`);
  const facts = { paymentIntentId, stripeCents, ledgerCents, reconciliationId };
  const about = given({ paymentId: paymentId === '' ? undefined : paymentId });
  const item = { attentionId, kind: 'reconciliation_difference', at: clock.now(), ...about, facts };
  await attentionStore.raiseOnce(practiceId, item);
}
