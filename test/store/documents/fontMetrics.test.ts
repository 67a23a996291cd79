import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { ParsedFont } from 'pdfmake/js/PDFDocument.js';
import { writeFontMetrics } from '../../../infra/fontMetrics';
import { fullMetrics } from '../../../shared/documents/pdfFonts';
import { PDFDocument } from '../../../shared/documents/pdfmakeClasses';

const folder = mkdtempSync(path.join(tmpdir(), 'metrics-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** As pdfkit reads the head of a font's file: a key, and the rest of the line. */
const attributesIn = (file: string): Record<string, string> =>
  Object.fromEntries(
    readFileSync(file, 'utf8')
      .split('\n')
      .flatMap(line => [/(^\w+)\s+(.*)/.exec(line)?.slice(1) ?? []].filter(({ length }) => length > 0)),
  );

test('the short metrics in a bundle have the width of every letter and the kerning of every pair that pdfkit’s own have', () => {
  const files = writeFontMetrics(folder);
  expect(files.map(file => path.basename(file, '.afm'))).toEqual(['Helvetica', 'Helvetica-Bold']);
  for (const file of files) {
    const sheet = new PDFDocument({}, {}, {}, {}, { font: null, autoFirstPage: false }, null, () => false);
    const whole = sheet.font(path.basename(file, '.afm'))._font.font;
    const short: ParsedFont = { attributes: attributesIn(file) };
    fullMetrics(short);
    const glyphs = [...new Set(Array.from({ length: 0x10000 }, (_each, code) => whole.characterToGlyph?.(code) ?? ''))];
    expect(glyphs.length).toBeGreaterThan(200);
    expect(glyphs.map(glyph => short.glyphWidths?.[glyph])).toEqual(glyphs.map(glyph => whole.glyphWidths?.[glyph]));
    const pairs = glyphs.flatMap(left => glyphs.map(right => [left, right] as const));
    const differing = pairs.filter(
      ([left, right]) => short.getKernPair?.(left, right) !== (whole.kernPairs?.[`${left}\0${right}`] ?? 0),
    );
    expect(differing).toEqual([]);
    expect(pairs.filter(([left, right]) => short.getKernPair?.(left, right) !== 0).length).toBeGreaterThan(1_000);
  }
});
