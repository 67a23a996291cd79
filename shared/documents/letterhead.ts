import type { CanvasElement, Column, Content } from 'pdfmake/interfaces';
import type { Letterhead } from '../domain/billRecord';
import { colors, fitted, plain, smallSize } from './paper';

/** Who sends the document, and what it is: the top of every document's first page. */
export function letterheadBlock(letterhead: Letterhead, document: { title: string; note: string }): Content {
  const { practiceName, address, email, taxId, npi } = letterhead;
  const ids = [taxId && `Tax ID ${taxId}`, npi && `NPI ${npi}`];
  const lines = [address.join(', '), email ?? '', ids.filter(Boolean).join(' · ')];
  return {
    columns: [
      { canvas: mark(), width: markSize, margin: [0, 1, 0, 0] },
      {
        width: '*',
        stack: [
          { ...fitted(plain(practiceName), 230, 13), fontSize: 13, bold: true, margin: [0, 0, 0, 2] },
          ...lines
            .filter(Boolean)
            .map(text => ({ ...fitted(plain(text), 230, 8.7), fontSize: 8.7, color: colors.dimmed })),
        ],
      },
      {
        width: 'auto',
        stack: [
          { text: document.title, fontSize: 21, bold: true, noWrap: true, margin: [0, -4, 0, 0] },
          { text: document.note, color: colors.dimmed, noWrap: true },
        ],
        alignment: 'right',
      },
    ],
    columnGap: 11,
    margin: [0, 0, 0, 26],
  };
}

/** Somebody whom the document names: a small label, a name, lines below. */
export const party = (label: string, name: string, lines: readonly string[]): Column => ({
  width: '*',
  stack: [
    { ...labelled(label), margin: [0, 9, 0, 4] },
    { ...fitted(plain(name), partyRoom), bold: true },
    ...lines.map(line => fitted(plain(line), partyRoom)),
  ],
});

const labelled = (text: string) =>
  ({ text, fontSize: smallSize, bold: true, color: colors.dimmed, noWrap: true }) as const;

const boxWidth = 159;
/** Two parties beside the figure box, on the narrower paper. */
const partyRoom = 150;

/** The figure that the reader looks for, on a tinted ground. */
export function figureBox(figure: { label: string; amount: string; note: string }): Column {
  return {
    width: boxWidth,
    table: {
      widths: ['*'],
      body: [
        [
          {
            stack: [
              { text: figure.label, fontSize: smallSize, bold: true, noWrap: true },
              { text: figure.amount, fontSize: 20.5, bold: true, color: colors.deepPetrol, noWrap: true },
              { ...fitted(figure.note, boxWidth - 28, 9), fontSize: 9 },
            ],
            fillColor: colors.sunken,
          },
        ],
      ],
    },
    layout: {
      hLineWidth: () => 0,
      vLineWidth: () => 0,
      paddingLeft: () => 14,
      paddingRight: () => 14,
      paddingTop: () => 12,
      paddingBottom: () => 10,
    },
  };
}

/** A row of parties, and the figure box at its end. */
export const parties = (columns: readonly Column[]): Content => ({
  columns: [...columns],
  columnGap: 14,
  margin: [0, 0, 0, 22],
});

/** A paragraph of free text with a small label, or none where there is no text. */
export function paragraph(label: string | undefined, text: string): Content[] {
  const shown = plain(text);
  if (!shown) return [];
  const heading: Content[] = label ? [{ ...labelled(label), margin: [0, 0, 0, 3] }] : [];
  return [{ stack: [...heading, { text: shown, color: label ? colors.ink : colors.dimmed }], margin: [0, 16, 0, 0] }];
}

const markSize = 34;
type Point = { readonly x: number; readonly y: number };

/** A mark that also stands on the pay page, so that whoever scans the code knows the page again. */
function mark(): CanvasElement[] {
  const stroke = { lineWidth: 1.9, lineCap: 'round', lineJoin: 'round', lineColor: colors.white } as const;
  return [
    { type: 'rect', x: 0, y: 0, w: markSize, h: markSize, r: 7, color: colors.petrol },
    { type: 'line', x1: 17, y1: 26, x2: 17, y2: 17, ...stroke },
    ...leaves.map(
      points => ({ type: 'polyline', points: points.map(p => ({ ...p })), closePath: true, ...stroke }) as const,
    ),
  ];
}

const at = (x: number, y: number): Point => ({ x, y });
const leaves: readonly (readonly Point[])[] = [
  [
    ...curve(at(17, 19.5), at(12, 19.5), at(9.2, 16.6), at(9, 11.2)),
    ...curve(at(9, 11.2), at(14.2, 11.2), at(17, 14), at(17, 19.5)),
  ],
  [
    ...curve(at(17, 17), at(17, 11.6), at(19.8, 8.7), at(25, 8.5)),
    ...curve(at(25, 8.5), at(25, 13.8), at(22.2, 17), at(17, 17)),
  ],
];

/** A Bézier curve in five straight pieces: pdfmake moves polylines to their place, but not paths. */
function curve(...[from, first, second, to]: readonly [Point, Point, Point, Point]): Point[] {
  return [0, 0.2, 0.4, 0.6, 0.8].map(t => {
    const s = 1 - t;
    const along = (axis: 'x' | 'y') =>
      s ** 3 * from[axis] + 3 * s * s * t * first[axis] + 3 * s * t * t * second[axis] + t ** 3 * to[axis];
    return at(Math.round(along('x') * 100) / 100, Math.round(along('y') * 100) / 100);
  });
}
