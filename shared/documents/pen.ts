import type { Area, Inline, LaidLine, Vector } from 'pdfmake/js/LayoutBuilder.js';

import { codesOf } from './pdfFonts';
import { Renderer } from './pdfmakeClasses';

/**
 * pdfmake's renderer, which draws each word as a text of its own and each module of a QR code as a path of its own. The
 * two things that our papers mostly consist of are drawn shorter here; all else as pdfmake does. A bill takes half the
 * time for it, and a third of the bytes.
 */
export class Pen extends Renderer {
  override renderVector(vector: Vector): void {
    if (isPlainArea(vector) && operandsOf(vector.color) !== undefined) this.#fill(vector);
    else super.renderVector(vector);
    const { x, y, areas = [] } = vector;
    for (const area of areas) this.#fill({ ...area, x: x + area.x, y: y + area.y });
  }

  #fill({ x, y, w, h, color }: Area): void {
    this.pdfDocument.addContent(`${operandsOf(color)} rg ${short(x)} ${short(y)} ${short(w)} ${short(h)} re f`);
  }

  /** One text object a line; words of one look follow each other, as their widths have it. */
  override renderLine(line: LaidLine, x: number, y: number): void {
    if (line.inlines.every(isPlainText)) this.#write(line, x, y);
    else super.renderLine(line, x, y);
  }

  #write(line: LaidLine, x: number, y: number): void {
    const { page } = this.pdfDocument;
    const baseline = short(y + line.getAscenderHeight());
    const drawn = ['BT'];
    let before: Inline | undefined;
    for (const inline of line.inlines) {
      const { font, fontSize, color, text } = inline;
      if (color !== before?.color) drawn.push(`${operandsOf(color)} rg`);
      if (font !== before?.font || fontSize !== before.fontSize) {
        if (page) page.fonts[font.id] ??= font.ref();
        drawn.push(`/${font.id} ${short(fontSize)} Tf`);
      }
      // The page is drawn from the top down, so letters are turned over once more.
      if (!before) drawn.push(`1 0 0 -1 ${short(x + inline.x)} ${baseline} Tm`);
      drawn.push(codesOf(font, text));
      before = inline;
    }
    if (before) this.pdfDocument.addContent(`${drawn.join(' ')} ET`);
  }
}

/** Three decimals are a 25,000th of an inch. */
const short = (number: number): number => Math.round(number * 1000) / 1000;

const isPlainArea = ({ type, r, color, lineColor, fillOpacity, linearGradient }: Vector): boolean =>
  type === 'rect' && !r && color !== undefined && !lineColor && fillOpacity === undefined && !linearGradient;

/** Only what pdfkit need not lay out: a standard font knows the width of each letter beforehand. */
const isPlainText = (inline: Inline): boolean =>
  !inline.font.layoutRun &&
  operandsOf(inline.color) !== undefined &&
  (inline.opacity ?? 1) === 1 &&
  !inline.background &&
  !inline.decoration &&
  !inline.link &&
  !inline.fontFeatures &&
  !inline.characterSpacing;

/** `#RRGGBB` as PDF's operators take it; each color is read once, and papers have few. */
function operandsOf(color: unknown): string | undefined {
  if (typeof color !== 'string') return undefined;
  const known = operands.get(color);
  if (known || !/^#[\da-f]{6}$/i.test(color)) return known;
  const read = [1, 3, 5].map(from => short(Number.parseInt(color.slice(from, from + 2), 16) / 255)).join(' ');
  if (operands.size < 100) operands.set(color, read);
  return read;
}
const operands = new Map<string, string>();
