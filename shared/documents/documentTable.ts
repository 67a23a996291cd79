import type { Content, CustomTableLayout, TableCell } from 'pdfmake/interfaces';
import type { Letterhead } from '../domain/billRecord';
import { heightOf, type Note, paragraph } from './letterhead';
import { atMostWide } from './letterWidths';
import { bodySize, colors, fitted, money, plain, smallSize, textWidth } from './paper';

export interface TableColumn {
  readonly head: string;
  readonly width: number | '*';
  readonly right?: boolean;
}

export interface TableWithTotals {
  readonly letterhead: Letterhead;
  readonly columns: readonly TableColumn[];
  readonly rows: readonly TableCell[][];
  readonly totals: readonly TotalsRow[];
  /** Free text below the sums. What is short stays with them: a page with a comment alone would say nothing. */
  readonly notes: readonly Note[];
}

/**
 * So high are the sums that stay with the last line, and those that stay with the notes; the rest may go on over pages.
 * What is kept together has to fit on a page with its notes: of what does not, pdfmake draws the end alone.
 */
const mostTogether = 250;
const mostAtEnd = 80;

/**
 * The lines of a document, and below them what they come to. The head is repeated on each page, a line is never broken,
 * and the last line stays with the totals: sums alone on a page would leave the reader to wonder of what.
 */
export function documentTable({ letterhead, columns, rows, totals, notes }: TableWithTotals): Content[] {
  const { currency } = letterhead;
  const widths = widthsOf(columns, letterhead);
  const { kept, loose } = notesOf(letterhead, notes);
  const count = countWithin(totals, mostTogether);
  const [first, rest] = [totals.slice(0, count), totals.slice(count)];
  const together = [totalsBlock(first, currency, 8), ...(rest.length > 0 ? [] : kept)];
  const last = rows.at(-1);
  const table: Content = {
    table: {
      headerRows: 1,
      dontBreakRows: true,
      keepWithHeaderRows: 1,
      widths,
      body: [headOf(columns), ...rows.slice(0, -1), ...(last ? [lastRow(last, together, widths)] : [])],
    },
    layout: ruledTo(rows.length),
  };
  return [table, ...(last ? [] : together), ...(rest.length > 0 ? closing(rest, currency, kept) : []), ...loose];
}

/** More sums than stay with the last line: they go on over pages, but the last few stay with what is below them. */
function closing(rest: readonly TotalsRow[], currency: string, kept: readonly Content[]): Content[] {
  const count = countWithin([...rest].reverse(), mostAtEnd);
  const before = rest.slice(0, -count);
  return [
    ...(before.length > 0 ? [totalsBlock(before, currency, 0)] : []),
    { unbreakable: true, stack: [totalsBlock(rest.slice(-count), currency, 0), ...kept] },
  ];
}

/** How many of these, the first at least, are not higher together. */
function countWithin(rows: readonly TotalsRow[], most: number): number {
  let height = 0;
  const over = rows.findIndex(row => {
    // A label leaves room for its sum; one of several lines may take one more, where a long word begins a new one.
    const lines = Math.ceil((atMostWide(row.label) * sizeOf(row)) / (totalsWidth - 110));
    height += (lines > 1 ? lines + 1 : 1) * sizeOf(row) * 1.3 + 8;
    return height > most;
  });
  return over < 0 ? rows.length : Math.max(over, 1);
}

/** About a third of a page, so that lines, sums and notes fit on one. */
const mostKept = 200;

function notesOf(letterhead: Letterhead, notes: readonly Note[]): { kept: Content[]; loose: Content[] } {
  const content = notes.flatMap(note => paragraph(letterhead, note));
  const height = notes.reduce((sum, note) => sum + heightOf(letterhead, note), 0);
  return height <= mostKept ? { kept: content, loose: [] } : { kept: [], loose: content };
}

/** Fixed, so that a long word breaks rather than pushing the amounts off the page. */
const widthsOf = (columns: readonly TableColumn[], letterhead: Letterhead): number[] =>
  columns.map(({ width }) => (width === '*' ? roomIn(columns, letterhead) : width));

/** A column of amounts, as wide as the widest of them; their heads are words of a width that is known. */
export function figureColumn(head: string, amounts: readonly number[], currency: string): TableColumn {
  const [most, least] = [Math.max(0, ...amounts), Math.min(0, ...amounts)];
  const wide = Math.max(...[most, least].map(amount => atMostWide(money(amount, currency))));
  return { head, width: Math.max(leastFigure, Math.ceil(wide * bodySize)), right: true };
}
const leastFigure = 52;

/** What the other columns leave to the one of width `*`. */
export function roomIn(columns: readonly TableColumn[], letterhead: Letterhead): number {
  const taken = columns.reduce((sum, { width }) => sum + (width === '*' ? 0 : width), 0);
  return textWidth(letterhead) - taken - gap * (columns.length - 1);
}
const gap = 8;

const headOf = (columns: readonly TableColumn[]): TableCell[] =>
  columns.map(({ head, right }) => ({
    text: head,
    fontSize: smallSize,
    bold: true,
    color: colors.dimmed,
    alignment: right ? 'right' : 'left',
    noWrap: true,
  }));

/** One cell over all columns, with the line as a table in it; its columns fall where those of the other lines do. */
function lastRow(row: TableCell[], below: readonly Content[], widths: readonly number[]): TableCell[] {
  const line: Content = { table: { widths: [...widths], body: [row] }, layout: lineAlone };
  return [{ colSpan: widths.length, stack: [line, ...below] }, ...widths.slice(1).map(() => '')];
}

const paddings: CustomTableLayout = {
  vLineWidth: () => 0,
  paddingLeft: i => (i === 0 ? 0 : gap),
  paddingRight: () => 0,
};

const linePadding = 5;

const lineAlone: CustomTableLayout = {
  ...paddings,
  hLineWidth: i => (i === 0 ? 0 : 0.6),
  hLineColor: () => colors.line,
  paddingTop: () => linePadding,
  paddingBottom: () => linePadding,
};

/** A dark rule below the head, a light one below each line but the last, which has its own. */
const ruledTo = (last: number): CustomTableLayout => ({
  ...paddings,
  hLineWidth: i => (i === 0 || i > last ? 0 : i === 1 ? 1 : 0.6),
  hLineColor: i => (i === 1 ? colors.ink : colors.line),
  paddingTop: row => (row === 0 || row === last ? 0 : linePadding),
  paddingBottom: row => (row === 0 ? linePadding : row === last ? 0 : linePadding),
});

/** A text, and in smaller and lighter letters what belongs to it; `room` is the width of the column. */
export const described = (text: string, details: string, room: number): TableCell => ({
  stack: [
    fitted(plain(text), room),
    ...(details ? [{ ...fitted(plain(details), room, smallSize), fontSize: smallSize, color: colors.dimmed }] : []),
  ],
});

/** An amount, or a dash for nothing. */
export const figure = (cents: number, currency: string): TableCell => ({
  text: cents === 0 ? '—' : money(cents, currency),
  color: cents === 0 ? colors.dimmed : colors.ink,
  alignment: 'right',
  noWrap: true,
});

export interface TotalsRow {
  readonly label: string;
  readonly cents: number;
  readonly weight?: 'bold' | 'closing';
  /** A rule above this row: light before a subtotal, dark before the last figure. */
  readonly rule?: 'light' | 'dark';
}

const sizeOf = ({ weight }: TotalsRow): number => (weight === 'closing' ? 12.5 : bodySize);

const totalsWidth = 280;
const totalsGap = 12;

/** Sums below a table, one step a row, to the right. Widths are fixed, so that a long word breaks within its column. */
function totalsBlock(rows: readonly TotalsRow[], currency: string, above: number): Content {
  const sums = rows.map(row => money(row.cents, currency));
  const wide = Math.ceil(Math.max(...rows.map((row, index) => atMostWide(sums[index] ?? '') * sizeOf(row))));
  const room = totalsWidth - totalsGap - wide;
  const look = (row: TotalsRow) => ({ bold: row.weight !== undefined, fontSize: sizeOf(row) });
  const body = rows.map((row, index): TableCell[] => [
    { ...fitted(plain(row.label), room, sizeOf(row)), ...look(row) },
    { text: sums[index] ?? '', noWrap: true, alignment: 'right', ...look(row) },
  ]);
  return {
    margin: [0, above, 0, 0],
    columns: [
      { width: '*', text: '' },
      {
        width: totalsWidth,
        table: { dontBreakRows: true, widths: [room, wide], body },
        layout: {
          hLineWidth: i => (rows[i]?.rule === 'dark' ? 1 : rows[i]?.rule ? 0.8 : 0),
          hLineColor: i => (rows[i]?.rule === 'dark' ? colors.ink : colors.line),
          vLineWidth: () => 0,
          paddingLeft: i => (i === 0 ? 0 : totalsGap),
          paddingRight: () => 0,
          paddingTop: i => (rows[i]?.weight === 'closing' ? 6 : 3.5),
          paddingBottom: () => 3,
        },
      },
    ],
  };
}
