import { idFrom } from '../ids';
import type { Needs } from '../needs';
import { attentionStore } from '../store/attentionStore';

/**
 * Money at Stripe in a currency that is not the practice's is in no account of its ledger: staff are told, once a
 * currency, and see the sums with each reconciliation.
 */
export const tellOtherCurrency = (
  { practiceId, currency }: { practiceId: string; currency: string },
  { clock }: Needs,
): Promise<void> => {
  const attentionId = idFrom('wrk', practiceId, 'currency', currency);
  return attentionStore.raiseOnce(practiceId, {
    ...{ attentionId, kind: 'other_currency', at: clock.now() },
    facts: { currency },
  });
};
