import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import type { DocumentFont, ParsedFont, default as PDFDocument } from 'pdfmake/js/PDFDocument.js';

/** pdfmake's font dictionary: Helvetica is every reader's own, Noto Sans is embedded as a subset of what is used. */
export function fontFiles(): Record<FontFamily, { readonly normal: string; readonly bold: string }> {
  return {
    Helvetica: { normal: 'Helvetica', bold: 'Helvetica-Bold' },
    'Noto Sans': { normal: notoFile('400Regular'), bold: notoFile('700Bold') },
  };
}

export type FontFamily = 'Helvetica' | 'Noto Sans';

/** In a bundle the fonts lie in `data/` beside the code, where pdfkit also looks for Helvetica's metrics. */
function notoFile(weight: '400Regular' | '700Bold'): string {
  const name = `NotoSans_${weight}.ttf`;
  if (typeof __dirname === 'string') {
    const beside = path.join(__dirname, 'data', name);
    if (existsSync(beside)) return beside;
  }
  const installed = createRequire(path.join(process.cwd(), 'package.json'));
  return installed.resolve(`@expo-google-fonts/noto-sans/${weight}/${name}`);
}

/** Words are measured when a line is laid out and again when it is drawn, and mostly were in the bill before this one. */
const mostWords = 5_000;

/**
 * Fonts that outlive a document. pdfkit parses a font's file for each document anew, which is most of what a short bill
 * costs; here each file is parsed once, and a document gets a font of its own over the parsed one: what a font keeps of
 * one document (its number there, the glyphs used) is its own, what the file says is shared, and so are words that were
 * laid out before. At most four files, and at most 5,000 words of each.
 */
export class FontShelf {
  readonly #parsed = new Map<string, DocumentFont>();
  readonly #remembered: ReadonlyMap<string, unknown>[] = [];
  readonly #open: (source: string) => DocumentFont;

  /** @param open parses a file, in a document of no other use: the shelf keeps that document as long as the font. */
  constructor(open: (source: string) => DocumentFont) {
    this.#open = open;
  }

  /** How many files were parsed so far. */
  get parses(): number {
    return this.#parsed.size;
  }

  get mostWordsKept(): number {
    return Math.max(0, ...this.#remembered.map(words => words.size));
  }

  /** The font for one document, to be numbered and finished with it. */
  for(document: PDFDocument, source: string): DocumentFont {
    let parsed = this.#parsed.get(source);
    if (!parsed) {
      parsed = remembering(this.#open(source), words => this.#remembered.push(words));
      this.#parsed.set(source, parsed);
    }
    document._fontCount += 1;
    const font = Object.assign(Object.create(parsed), {
      document,
      id: `F${document._fontCount}`,
      dictionary: undefined,
      embedded: false,
      ...glyphsOf(parsed),
    });
    document._fontFamilies[source] = font;
    return font;
  }
}

/** What an embedded font starts a document with, as pdfkit's own constructor has it. */
function glyphsOf({ font }: DocumentFont) {
  if (!font.createSubset || !font.getGlyph) return {};
  return { subset: font.createSubset(), unicode: [[0]], widths: [font.getGlyph(0).advanceWidth] };
}

/** In a bundle a standard font's widths and kerning stand on lines of which pdfkit makes nothing: `infra/fontMetrics.ts`. */
export function fullMetrics(font: ParsedFont): void {
  const { GlyphWidths, KernRows } = font.attributes ?? {};
  if (!GlyphWidths || !KernRows) return;
  font.glyphWidths = JSON.parse(GlyphWidths);
  const rows: Readonly<Record<string, string>> = JSON.parse(KernRows);
  font.getKernPair = (left, right) => {
    const row = rows[left] ?? '';
    const at = row.indexOf(` ${right}=`);
    return at < 0 ? 0 : Number.parseInt(row.slice(at + `${right}`.length + 2), 10);
  };
}

/** A standard font remembers widths and codes of words; an embedded one, how they were laid out. */
function remembering(font: DocumentFont, note: (words: ReadonlyMap<string, unknown>) => void): DocumentFont {
  const remembered = <Result>(make: (text: string) => Result): ((text: string) => Result) => {
    const known = new Map<string, Result>();
    note(known);
    return text => knownOr(known, text, make);
  };
  if (font.layoutRun) {
    // Letters are not taken apart into base and mark (OpenType's `ccmp`): pdfkit would not know what the mark reads as.
    font.layoutCached = remembered(text => font.layoutRun?.(text, { ccmp: false }));
    return font;
  }
  fullMetrics(font.font);
  const written = remembered(text => writtenIn(font, text));
  font.widthOfString = (text, size) => (written(text).width * size) / 1000;
  font.codes = text => written(text).codes;
  return font;
}

interface Written {
  /** At a size of 1,000. */
  readonly width: number;
  /** The operation that shows the text: codes of its letters, and between them what kerning takes. */
  readonly codes: string;
}

/** A text in a standard font, measured and encoded in one go. */
function writtenIn(font: DocumentFont, text: string): Written {
  const [codes, positions] = font.encode(text.replace(/\n/g, ''));
  let width = 0;
  let shown = '';
  codes.forEach((code, i) => {
    const { xAdvance = 0, advanceWidth = 0 } = positions[i] ?? {};
    width += xAdvance;
    shown += xAdvance === advanceWidth ? code : `${code}> ${advanceWidth - xAdvance} <`;
  });
  return { width, codes: `[<${shown}>] TJ` };
}

export const codesOf = (font: DocumentFont, text: string): string => font.codes?.(text) ?? writtenIn(font, text).codes;

function knownOr<Result>(known: Map<string, Result>, text: string, make: (text: string) => Result): Result {
  let result = known.get(text);
  if (result === undefined) {
    result = make(text);
    // Emptied rather than pruned: what is in use is back within a page.
    if (known.size >= mostWords) known.clear();
    known.set(text, result);
  }
  return result;
}
