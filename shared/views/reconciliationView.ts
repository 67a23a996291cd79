import type * as z from 'zod';
import { sumCents } from '../domain/money';
import type { BalanceSums, PayoutBooks, Reconciliation } from '../domain/reconciliation';
import type { payoutObject, reconciliationObject } from '../operations/reconciliation';

/** The newest payouts stand with their run; how it gets on is nobody's business. */
export const reconciliationView = (run: Reconciliation): z.input<typeof reconciliationObject> => {
  const { step: _, stripeDays: __, ledgerDays: ___, dueAt: ____, by: _____, revision: ______, ...shown } = run;
  const { sums, payouts, otherCurrencies } = run;
  return {
    ...shown,
    sums: withNet(sums),
    otherCurrencies: otherCurrencies.map(other => ({ ...other, sums: withNet(other.sums) })),
    payouts: payouts.map(payoutView),
  };
};

const withNet = (sums: BalanceSums) => ({ ...sums, netCents: sumCents(Object.values(sums)) });

export const payoutView = ({ sums, ...payout }: PayoutBooks): z.input<typeof payoutObject> => {
  const { payoutId, status, currency, createdAt, arrivesOn, amountCents, netCents, movements } = payout;
  const { capturedCents, refundedCents, disputedCents, feeCents, payoutCents, otherCents } = sums;
  return {
    ...{ payoutId, status, currency, createdAt, arrivesOn, amountCents },
    ...{ grossCents: capturedCents, refundedCents, disputedCents, feeCents },
    // Another payout that failed came back into this one.
    ...{ otherCents: otherCents + payoutCents, netCents, movements, agrees: payout.agrees ?? null },
  };
};
