import { idFrom } from '../ids';
import type { Needs } from '../needs';
import { attentionStore } from '../store/attentionStore';
import type { ChargeSucceeded } from './stripeGateway';

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

/**
 * True for money that the ledger, which is in the practice's currency, can hold. Staff are told of any other, and also
 * where Stripe exchanges what it takes: fees and payouts of such an account are in a currency that is not the ledger's.
 */
export async function fitsLedger(
  { currency: taken, settledIn }: Pick<ChargeSucceeded, 'currency' | 'settledIn'>,
  practice: { practiceId: string; currency: string },
  needs: Needs,
): Promise<boolean> {
  const { practiceId, currency } = practice;
  for (const other of new Set([taken, settledIn ?? taken])) {
    if (other !== currency) await tellOtherCurrency({ practiceId, currency: other }, needs);
  }
  return taken === currency;
}
