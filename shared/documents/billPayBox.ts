import type { Column, Content, CustomTableLayout, TableCell } from 'pdfmake/interfaces';
import type { BillForPaper } from './billForPaper';
import { heightOf, paragraph } from './letterhead';
import { atMostWide } from './letterWidths';
import { colors, fitted, textWidth } from './paper';

const boxHeight = 121;
const boxPadding = 11;
/** A longer footer may break over pages. */
const mostBelow = 200;

/** Only a bill that the client can pay: with a balance, and while the practice takes payments online. */
export const isPayable = ({ payUrl, clientBalanceCents, status }: BillForPaper): boolean =>
  payUrl !== undefined && clientBalanceCents > 0 && status !== 'cancelled';

/** How to pay, and the footer below it, which would be lost on a page of its own. */
export function payBox(bill: BillForPaper): Content[] {
  const { payUrl, letterhead, footer } = bill;
  if (payUrl === undefined || !isPayable(bill)) return [];
  const width = textWidth(letterhead);
  const frame: Content = {
    canvas: [{ type: 'rect', x: 0.5, y: 0.5, w: width - 1, h: boxHeight - 1, r: 6, lineColor: colors.line }],
  };
  // Drawn over the frame without taking room of its own, so that the box is as high whatever is in it.
  const inside: Content = {
    relativePosition: { x: 0, y: boxPadding - boxHeight },
    stack: [{ margin: [12, 0, 14, 0], columns: columnsOf(bill, payUrl) }],
  };
  const below = paragraph(letterhead, { text: footer });
  const together = heightOf(letterhead, { text: footer }) <= mostBelow;
  return [
    { unbreakable: true, margin: [0, 22, 0, 0], stack: [frame, inside, ...(together ? below : [])] },
    ...(together ? [] : below),
  ];
}

function columnsOf({ letterhead, number, accessCode }: BillForPaper, payUrl: string): Column[] {
  const address = payUrl.replace(/^https?:\/\//, '').replace(/#.*$/, '');
  const factWidth = 80 + atMostWide(number) * 11.5;
  const fact = (label: string, value: string): TableCell[] => [
    { text: label, color: colors.dimmed, margin: [0, 2, 0, 0], noWrap: true },
    { text: value, bold: true, fontSize: 11.5, alignment: 'right', noWrap: true },
  ];
  return [
    // Modules are whole points, so the code is 87 to 99 pt wide; the box leaves four modules of quiet round it.
    // The mask is one of eight that every reader knows; trying all of them would take as long as the layout.
    { width: 115, qr: payUrl, fit: 99, eccLevel: 'M', mask: 0, foreground: colors.ink },
    {
      width: '*',
      margin: [0, 18, 0, 0],
      stack: [
        { text: 'Pay online in a minute', fontSize: 12.5, bold: true, noWrap: true, margin: [0, 0, 0, 3] },
        { text: 'Scan the code, or go to', noWrap: true },
        { ...fitted(address, textWidth(letterhead) - 141 - factWidth), bold: true },
        { text: 'and enter the bill number and access code.', noWrap: true },
      ],
    },
    {
      width: 'auto',
      margin: [0, 32, 0, 0],
      table: {
        body: [fact('Bill number', number), fact('Access code', accessCode.replace(/^(\d{3})(\d{3})$/, '$1 $2'))],
      },
      layout: { ...bare, paddingLeft: i => (i === 0 ? 0 : 10) },
    },
  ];
}

const bare: CustomTableLayout = {
  hLineWidth: () => 0,
  vLineWidth: () => 0,
  paddingLeft: () => 0,
  paddingRight: () => 0,
  paddingTop: () => 1,
  paddingBottom: () => 1,
};
