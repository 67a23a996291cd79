import type {
  Column,
  Content,
  ContentTable,
  CustomTableLayout,
  TableCell,
  TDocumentDefinitions,
} from 'pdfmake/interfaces';
import type { BillForPaper, PaperLine } from './billForPaper';
import { payBox } from './billPayBox';
import { totalsOf } from './billTotals';
import { colors, longDate, money, paper, plain, shortDate } from './paper';

/**
 * The bill's paper: a pure function of the bill, so that the same bill gives the same bytes. Each call makes a fresh
 * definition, because rendering writes into it.
 */
export function billDocument(bill: BillForPaper): TDocumentDefinitions {
  const { letterhead } = bill;
  return paper({
    letterhead,
    title: `Bill ${bill.number}`,
    issuedAt: bill.issuedAt,
    questions: letterhead.email ? `Questions about this bill? Write to ${letterhead.email}` : letterhead.practiceName,
    content: [
      head(bill),
      parties(bill),
      lineTable(bill),
      totalsOf(bill),
      ...paragraph('Comments', bill.comments),
      ...payBox(bill),
      ...paragraph(undefined, bill.footer),
    ],
  });
}

/** A mark that also stands on the pay page, so that whoever scans the code knows the page again. */
const mark = `<svg viewBox="0 0 34 34"><rect width="34" height="34" rx="7" fill="${colors.petrol}"/><g fill="none" stroke="#fff" stroke-width="1.9" stroke-linecap="round" stroke-linejoin="round"><path d="M17 26V17"/><path d="M17 19.5C12 19.5 9.2 16.6 9 11.2C14.2 11.2 17 14 17 19.5Z"/><path d="M17 17C17 11.6 19.8 8.7 25 8.5C25 13.8 22.2 17 17 17Z"/></g></svg>`;

function head({ letterhead, number, issuedOn }: BillForPaper): Content {
  const ids = [letterhead.taxId && `Tax ID ${letterhead.taxId}`, letterhead.npi && `NPI ${letterhead.npi}`];
  const lines = [letterhead.address.join(', '), letterhead.email ?? '', ids.filter(Boolean).join(' · ')];
  return {
    columns: [
      { svg: mark, width: 34, margin: [0, 1, 0, 0] },
      {
        width: '*',
        stack: [
          { text: plain(letterhead.practiceName), fontSize: 13, bold: true, margin: [0, 0, 0, 2] },
          ...lines.filter(Boolean).map(text => ({ text: plain(text), fontSize: 8.7, color: colors.dimmed })),
        ],
      },
      {
        width: 'auto',
        stack: [
          { text: `Bill ${number}`, fontSize: 21, bold: true, lineHeight: 1, noWrap: true },
          { text: `Issued ${longDate(issuedOn)}`, color: colors.dimmed, margin: [0, 3, 0, 0] },
        ],
        alignment: 'right',
      },
    ],
    columnGap: 11,
    margin: [0, 0, 0, 26],
  };
}

const dueBox = { width: 159, height: 74 };

function parties(bill: BillForPaper): Content {
  const { recipient, clientName, insurer } = bill;
  const forClient = clientName === recipient.name ? [] : [`For ${clientName}`];
  return {
    columns: [
      party('Bill to', recipient.name, [...(recipient.address ?? []), ...forClient]),
      insurer ? party('Insurance', insurer.name, insurer.memberId ? [`Member ${masked(insurer.memberId)}`] : []) : '',
      { width: dueBox.width, stack: [amountDue(bill)] },
    ],
    columnGap: 14,
    margin: [0, 0, 0, 22],
  };
}

/** Enough of a member number to know it by, not enough to use it. */
const masked = (memberId: string): string =>
  `${memberId.slice(0, Math.max(2, memberId.length - 4)).slice(0, 5)} \u2022\u2022\u2022`;

const party = (label: string, name: string, lines: readonly string[]): Column => ({
  width: '*',
  stack: [
    { text: label, fontSize: 8.5, bold: true, color: colors.dimmed, margin: [0, 9, 0, 4] },
    { text: plain(name), bold: true },
    ...lines.map(line => ({ text: plain(line) })),
  ],
});

function amountDue(bill: BillForPaper): Content {
  const { label, amount, note } = dueWords(bill);
  return {
    stack: [
      {
        canvas: [{ type: 'rect', x: 0, y: 0, w: dueBox.width, h: dueBox.height, r: 5, color: colors.sunken }],
      },
      {
        relativePosition: { x: 14, y: -dueBox.height + 12 },
        stack: [
          { text: label, fontSize: 8.5, bold: true },
          {
            text: amount,
            fontSize: 20.5,
            bold: true,
            color: colors.deepPetrol,
            lineHeight: 1.15,
            margin: [0, 3, 0, 3],
          },
          { text: note, fontSize: 9 },
        ],
      },
    ],
  };
}

function dueWords(bill: BillForPaper): { label: string; amount: string; note: string } {
  const amount = money(bill.clientBalanceCents, bill.letterhead.currency);
  if (bill.status === 'cancelled') return { label: 'Cancelled', amount: 'Not payable', note: 'Nothing is due.' };
  if (bill.clientBalanceCents > 0) {
    return { label: 'Amount due from you', amount, note: `by ${longDate(bill.dueOn)}` };
  }
  const note = bill.status === 'awaiting_insurance' ? 'The insurer’s answer is awaited.' : 'Paid in full. Thank you.';
  return { label: 'Amount due from you', amount, note };
}

function lineTable(bill: BillForPaper): ContentTable {
  const split = bill.insurerPortionCents !== 0 || bill.insurer !== undefined;
  const heads = ['Date', 'Service', 'Units', 'Amount', ...(split ? ['Insurance', 'Your part'] : [])];
  return {
    table: {
      headerRows: 1,
      dontBreakRows: true,
      keepWithHeaderRows: 1,
      widths: [66, '*', 32, 58, ...(split ? [58, 58] : [])],
      body: [
        heads.map((text, column) => ({
          text,
          fontSize: 8.5,
          bold: true,
          color: colors.dimmed,
          alignment: column < 2 ? 'left' : 'right',
          noWrap: true,
        })),
        ...bill.lines.map(line => lineRow(line, bill, split)),
      ],
    },
    layout: ruled,
  };
}

function lineRow(line: PaperLine, { letterhead }: BillForPaper, split: boolean): TableCell[] {
  const { currency, serviceDescription } = letterhead;
  const custom = line.kind === 'service' && serviceDescription.mode === 'custom';
  const details = [custom ? undefined : line.code, line.practitionerName].filter(Boolean).join(' · ');
  const figure = (cents: number): TableCell => ({
    text: cents === 0 ? '—' : money(cents, currency),
    color: cents === 0 ? colors.dimmed : colors.ink,
    alignment: 'right',
    noWrap: true,
  });
  return [
    { text: line.dateOfService ? shortDate(line.dateOfService) : '', noWrap: true },
    {
      stack: [
        plain(custom ? (serviceDescription.text ?? line.description) : line.description),
        ...(details
          ? [
              {
                text: plain(details),
                fontSize: 8.5,
                color: colors.dimmed,
                margin: [0, 1, 0, 0] as [number, number, number, number],
              },
            ]
          : []),
      ],
    },
    { text: String(line.units), alignment: 'right' },
    figure(line.amountCents),
    ...(split ? [figure(line.insurerPortionCents), figure(line.clientPortionCents)] : []),
  ];
}

const ruled: CustomTableLayout = {
  hLineWidth: i => (i === 0 ? 0 : i === 1 ? 1 : 0.6),
  hLineColor: i => (i === 1 ? colors.ink : colors.line),
  vLineWidth: () => 0,
  paddingLeft: i => (i === 0 ? 0 : 8),
  paddingRight: () => 0,
  paddingTop: row => (row === 0 ? 0 : 9),
  paddingBottom: row => (row === 0 ? 7 : 9),
};

function paragraph(label: string | undefined, text: string): Content[] {
  const shown = plain(text);
  if (!shown) return [];
  const heading: Content[] = label
    ? [{ text: label, fontSize: 8.5, bold: true, color: colors.dimmed, margin: [0, 0, 0, 3] }]
    : [];
  const color = label ? colors.ink : colors.dimmed;
  return [{ stack: [...heading, { text: shown, color }], margin: [0, 16, 0, 0] }];
}
