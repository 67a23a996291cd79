import type { Content, TableCell } from 'pdfmake/interfaces';
import type { BillForPaper, PaperMovement } from './billForPaper';
import { colors, dayOf, money } from './paper';

interface TotalsRow {
  readonly label: string;
  readonly cents: number;
  readonly weight?: 'bold' | 'closing';
  /** A rule above this row: light before a subtotal, dark before the last figure. */
  readonly rule?: 'light' | 'dark';
}

/** From what was done to what is due, one step a row, never broken over two pages. */
export function totalsOf(bill: BillForPaper): Content {
  const { currency } = bill.letterhead;
  const rows = totalRows(bill);
  const cell = (row: TotalsRow, text: string, alignment: 'left' | 'right'): TableCell => ({
    text,
    alignment,
    bold: row.weight !== undefined,
    fontSize: row.weight === 'closing' ? 12.5 : 9.5,
    noWrap: alignment === 'right',
  });
  return {
    unbreakable: true,
    margin: [0, 12, 0, 0],
    columns: [
      { width: '*', text: '' },
      {
        width: 250,
        table: {
          widths: ['*', 'auto'],
          body: rows.map(row => [cell(row, row.label, 'left'), cell(row, money(row.cents, currency), 'right')]),
        },
        layout: {
          hLineWidth: i => (rows[i]?.rule === 'dark' ? 1 : rows[i]?.rule ? 0.8 : 0),
          hLineColor: i => (rows[i]?.rule === 'dark' ? colors.ink : colors.line),
          vLineWidth: () => 0,
          paddingLeft: () => 0,
          paddingRight: () => 0,
          paddingTop: i => (rows[i]?.weight === 'closing' ? 7 : 5),
          paddingBottom: () => 4.5,
        },
      },
    ],
  };
}

function totalRows(bill: BillForPaper): TotalsRow[] {
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
