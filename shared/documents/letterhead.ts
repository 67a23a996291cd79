import type { CanvasElement, Column, Content, ContentCanvas } from 'pdfmake/interfaces';
import type { Letterhead } from '../domain/billRecord';
import { atMostWide } from './letterWidths';
import type { LogoPicture } from './logo/logoPicture';
import { bodySize, colors, fitted, plain, smallSize, textWidth } from './paper';

/** Who sends the document, and what it is: the top of every document's first page. */
export function letterheadBlock(
  letterhead: Letterhead,
  document: { title: string; note: string; logo: LogoPicture | undefined },
): Content {
  const { practiceName, address, email, taxId, npi } = letterhead;
  const ids = [taxId && `Tax ID ${taxId}`, npi && `NPI ${npi}`];
  const drawn = document.logo ? fittedLogo(document.logo) : neutralMark();
  const title = Math.max(atMostWide(document.title) * titleSize, atMostWide(document.note) * bodySize);
  const titleWidth = Math.min(Math.ceil(title) + 1, mostTitle);
  const room = textWidth(letterhead) - drawn.width - titleWidth - 22;
  const lines = [address.join(', '), email ?? '', ids.filter(Boolean).join(' · ')];
  return {
    columns: [
      drawn,
      {
        width: room,
        stack: [
          { ...fitted(plain(practiceName), room, 13), fontSize: 13, bold: true, margin: [0, 0, 0, 2] },
          ...lines
            .filter(Boolean)
            .map(text => ({ ...fitted(plain(text), room, 8.7), fontSize: 8.7, color: colors.dimmed })),
        ],
      },
      {
        width: titleWidth,
        stack: [
          { ...fitted(document.title, titleWidth, titleSize), fontSize: titleSize, bold: true, margin: [0, -4, 0, 0] },
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
export interface Party {
  readonly label: string;
  readonly name: string;
  readonly lines: readonly string[];
}

const labelled = (text: string) =>
  ({ text, fontSize: smallSize, bold: true, color: colors.dimmed, noWrap: true }) as const;

const boxWidth = 159;
const boxPadding = 14;
const partyGap = 14;

/** Two parties, or one, and the figure box at the row's end. */
export function parties(
  letterhead: Letterhead,
  [first, second]: readonly [Party, (Party | undefined)?],
  figure: { label: string; amount: string; note: string },
): Content {
  const room = (textWidth(letterhead) - boxWidth - 2 * partyGap) / 2;
  return {
    columns: [
      partyColumn(first, room),
      second ? partyColumn(second, room) : { width: room, text: '' },
      figureBox(figure),
    ],
    columnGap: partyGap,
    margin: [0, 0, 0, 22],
  };
}

/** Fixed in width, so that a long word breaks rather than pushing the rest off the page. */
const partyColumn = ({ label, name, lines }: Party, width: number): Column => ({
  width,
  stack: [
    { ...labelled(label), margin: [0, 9, 0, 4] },
    { ...fitted(plain(name), width), bold: true },
    ...lines.map(line => fitted(plain(line), width)),
  ],
});

/** One party over the whole width, below the others. */
export const partyBelow = (letterhead: Letterhead, party: Party): Content => ({
  columns: [partyColumn(party, textWidth(letterhead))],
  margin: [0, -9, 0, 22],
});

/** The figure that the reader looks for, on a tinted ground. */
function figureBox(figure: { label: string; amount: string; note: string }): Column {
  const room = boxWidth - 2 * boxPadding;
  const fontSize = Math.min(20.5, room / atMostWide(figure.amount));
  return {
    width: boxWidth,
    table: {
      widths: ['*'],
      body: [
        [
          {
            stack: [
              { text: figure.label, fontSize: smallSize, bold: true, noWrap: true },
              { text: figure.amount, fontSize, bold: true, color: colors.deepPetrol, noWrap: true },
              { ...fitted(figure.note, room, 9), fontSize: 9 },
            ],
            fillColor: colors.sunken,
          },
        ],
      ],
    },
    layout: {
      hLineWidth: () => 0,
      vLineWidth: () => 0,
      paddingLeft: () => boxPadding,
      paddingRight: () => boxPadding,
      paddingTop: () => 12,
      paddingBottom: () => 10,
    },
  };
}

/** Free text, with a small label or none. */
export interface Note {
  readonly label?: string;
  readonly text: string;
}

/** A paragraph of free text, or none where there is no text. */
export function paragraph(letterhead: Letterhead, { label, text }: Note): Content[] {
  const shown = plain(text);
  if (!shown) return [];
  const heading: Content[] = label ? [{ ...labelled(label), margin: [0, 0, 0, 3] }] : [];
  return [
    {
      stack: [...heading, { ...fitted(shown, textWidth(letterhead)), color: label ? colors.ink : colors.dimmed }],
      margin: [0, noteGap, 0, 0],
    },
  ];
}
const noteGap = 16;

/** What a paragraph takes at most, but for words longer than a line. */
export function heightOf(letterhead: Letterhead, { label, text }: Note): number {
  const shown = plain(text);
  if (!shown) return 0;
  const lines = shown.split('\n').map(line => Math.ceil((atMostWide(line) * bodySize) / textWidth(letterhead)) || 1);
  return noteGap + (label ? 14 : 0) + lines.reduce((sum, count) => sum + count, 0) * bodySize * 1.3;
}

const markSize = 34;
const titleSize = 21;
const mostTitle = 275;
const neutralMark = (): ContentCanvas & { width: number } => ({
  canvas: mark(),
  width: markSize,
  margin: [0, 1, 0, 0],
});

/** As large as the box allows, its sides as they are to each other. */
function fittedLogo({ widthPx, heightPx }: LogoPicture) {
  const scale = Math.min(logoBox.width / widthPx, logoBox.height / heightPx);
  const [width, height] = [widthPx * scale, heightPx * scale];
  return { image: 'logo', width, height };
}
const logoBox = { width: 96, height: 40 };

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
