import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { billDocument } from '../../shared/documents/billDocument';
import { plain } from '../../shared/documents/paper';
import { readable } from '../../shared/documents/readable';
import { paperBill } from '../fixtures/paperBill';
import { paperWords } from '../fixtures/paperWords';

interface Parsed {
  hasGlyphForCodePoint(code: number): boolean;
}
const { create }: { create(bytes: Buffer): Parsed } = createRequire(require.resolve('pdfkit'))('fontkit');
const fonts = ['400Regular/NotoSans_400Regular', '700Bold/NotoSans_700Bold'].map(name =>
  create(readFileSync(require.resolve(`@expo-google-fonts/noto-sans/${name}.ttf`))),
);
const isDrawn = (sign: string): boolean => fonts.every(font => font.hasGlyphForCodePoint(sign.codePointAt(0) ?? 0));

it('signs that the fonts draw stay as they are, and of the others nothing is left that shows as a box', () => {
  const wrong: string[] = [];
  // ASCII, the scripts and signs after it, and the pictures.
  const ranges: readonly [from: number, to: number][] = [
    [0x20, 0x7e],
    [0xa0, 0x32ff],
    [0x1f000, 0x1fb00],
  ];
  const codes = ranges.flatMap(([from, to]) => Array.from({ length: to - from + 1 }, (_each, index) => from + index));
  for (const code of codes) {
    const sign = String.fromCodePoint(code);
    const shown = readable(sign);
    const fine = isDrawn(sign)
      ? shown === sign || sign === ' '
      : [...shown].every(isDrawn) || /[\p{L}\p{M}\p{N}]/u.test(sign);
    if (!fine) wrong.push(`${code.toString(16)} ${sign} ${shown}`);
  }
  expect(wrong).toEqual([]);
});

it('a comment says in other signs what it said, without pictures and their joints', () => {
  const said = 'Cancel ≥ 24 h before → no fee ✓\n👩‍👩‍👧 Thank you 🙏🏽!\nStep 1️⃣ ①, 𝗯𝗼𝗹𝗱, 5 ‰ ≤ ½ €';
  expect(plain(said)).toBe('Cancel >= 24 h before -> no fee [x]\nThank you !\nStep 1 1, bold, 5 ‰ <= ½ €');
  expect(plain('Łódź — Ψυχή, Жанна: 李')).toBe('Łódź — Ψυχή, Жанна: 李');
  const words = paperWords(billDocument(paperBill({ comments: '🎉 Paid → done', footer: '' })));
  expect(words).toContain('Comments|Paid -> done');
  expect(billDocument(paperBill({ comments: '🎉 Paid → done' })).defaultStyle.font).toBe('Helvetica');
});
