import type { BillForPaper, PaperMovement } from './billForPaper';
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
  for (const movement of bill.movements) {
    rows.push({ label: movementLabel(movement, bill), cents: sign[movement.kind] * movement.amountCents });
  }
  const due = bill.status === 'cancelled' ? 0 : bill.clientBalanceCents;
  return [...rows, { label: 'Due from you', cents: due, weight: 'closing', rule: 'dark' }];
}

const sign: Readonly<Record<PaperMovement['kind'], 1 | -1>> = {
  payment: -1,
  credit: -1,
  discount: -1,
  refund: 1,
  taken_back: 1,
};

function movementLabel({ kind, on, card, means }: PaperMovement, { issuedOn }: BillForPaper): string {
  const day = dayOf(on, issuedOn);
  const how = card ? `${cardName(card.brand)} •••• ${card.last4}` : means;
  switch (kind) {
    case 'payment':
      return how ? `Paid ${day}, ${how}` : `Paid ${day}`;
    case 'credit':
      return `Credit used ${day}`;
    case 'discount':
      return `Discount ${day}`;
    case 'refund':
      return `Refunded ${day}`;
    case 'taken_back':
      return `Taken back by the bank ${day}`;
  }
}

/** Stripe names card brands in lower case. */
const cardName = (brand: string): string => brand.charAt(0).toUpperCase() + brand.slice(1);
