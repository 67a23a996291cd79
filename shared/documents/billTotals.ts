import { sumCents } from '../domain/money';
import type { BillForPaper } from './billForPaper';
import type { TotalsRow } from './documentTable';
import { dayOf } from './paper';

/** From what was done to what is due, one step a row. */
export function totalsOf(bill: BillForPaper): TotalsRow[] {
  const { insurerPortionCents, writeOffCents } = bill;
  const rows: TotalsRow[] = [{ label: 'Total of services', cents: bill.totalCents }];
  if (insurerPortionCents !== 0) {
    rows.push({ label: `Billed to ${bill.insurer?.name ?? 'the insurer'}`, cents: -insurerPortionCents });
  }
  if (writeOffCents !== 0) rows.push({ label: 'Written off', cents: -writeOffCents });
  if (rows.length > 1) {
    rows.push({ label: 'Your part', cents: bill.clientPortionCents, weight: 'bold', rule: 'light' });
  }
  for (const { on, description, owedCents } of bill.movements) {
    rows.push({ label: `${description}, ${dayOf(on, bill.issuedOn)}`, cents: owedCents });
  }
  const cancelled = bill.status === 'cancelled';
  const due = cancelled ? 0 : bill.clientBalanceCents;
  if (cancelled) {
    const left = sumCents([bill.clientPortionCents, ...bill.movements.map(({ owedCents }) => owedCents)]);
    rows.push({ label: 'Cancelled', cents: -left });
  }
  return [...rows, { label: 'Due from you', cents: due, weight: 'closing', rule: 'dark' }];
}
