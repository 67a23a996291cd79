import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { PDFDocument } from '../shared/documents/pdfmakeClasses';
import { invariant } from '../shared/domain/invariant';

/**
 * The metrics of the standard fonts as a bundle carries them: files that pdfkit reads as its own, but with widths and
 * kerning as two lines that `fullMetrics` of `shared/documents/pdfFonts.ts` understands, and of those letters only that
 * the encoding has. To match 3,000 lines with four patterns each took a cold function as long as Node's own start.
 */
export function writeFontMetrics(folder: string): string[] {
  mkdirSync(folder, { recursive: true });
  return ['Helvetica', 'Helvetica-Bold'].map(font => {
    const file = path.join(folder, `${font}.afm`);
    writeFileSync(file, shortened(font));
    return file;
  });
}

const characters = Array.from({ length: 0x10000 }, (_each, code) => code);

function shortened(name: string): string {
  const nothing = new PDFDocument({}, {}, {}, {}, { font: null, autoFirstPage: false }, null, () => false);
  const { font } = nothing.font(name)._font;
  const { attributes, glyphWidths, kernPairs } = font;
  invariant(attributes && glyphWidths && kernPairs, `${name} is a standard font`);
  const glyphs = new Set(characters.map(code => font.characterToGlyph?.(code) ?? ''));
  const rows: Record<string, string> = {};
  for (const [pair, by] of Object.entries(kernPairs)) {
    const [left = '', right = ''] = pair.split('\0');
    if (glyphs.has(left) && glyphs.has(right)) rows[left] = `${rows[left] ?? ''} ${right}=${by}`;
  }
  const lines = {
    ...Object.fromEntries(read.map(key => [key, attributes[key]])),
    GlyphWidths: JSON.stringify(Object.fromEntries(Object.entries(glyphWidths).filter(([glyph]) => glyphs.has(glyph)))),
    KernRows: JSON.stringify(rows),
  };
  const told = Object.entries(lines).map(([key, value]) => `${key} ${value}`);
  return ['StartFontMetrics 4.1', ...told, 'EndFontMetrics', ''].join('\n');
}

/** What pdfkit asks of the file's head. */
const read = ['FontBBox', 'Ascender', 'Descender', 'XHeight', 'CapHeight'];
