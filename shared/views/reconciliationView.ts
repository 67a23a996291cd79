import type * as z from 'zod';
import { sumCents } from '../domain/money';
import type { Reconciliation } from '../domain/reconciliation';
import type { reconciliationObject } from '../operations/reconciliation';

export const reconciliationView = (run: Reconciliation): z.input<typeof reconciliationObject> => {
  const { step: _, stripeDays: __, ledgerDays: ___, dueAt: ____, by: _____, revision: ______, sums, ...shown } = run;
  return { ...shown, sums: { ...sums, netCents: sumCents(Object.values(sums)) } };
};
