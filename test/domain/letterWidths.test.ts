import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { atMostWide } from '../../shared/documents/letterWidths';
import { money } from '../../shared/documents/paper';

interface Parsed {
  layout(text: string): { readonly advanceWidth: number };
}
const { create }: { create(bytes: Buffer): Parsed } = createRequire(require.resolve('pdfkit'))('fontkit');

/** Of a bold text, which is the widest: by Noto Sans itself, and by Helvetica's metrics, both in units of the size. */
const noto = create(readFileSync(require.resolve('@expo-google-fonts/noto-sans/700Bold/NotoSans_700Bold.ttf')));
const metrics = readFileSync(require.resolve('pdfkit/js/data/Helvetica-Bold.afm'), 'latin1');
const helvetica = new Map(
  [...metrics.matchAll(/^C (\d+) ; WX (\d+) /gm)].map(([, code, width]) => [Number(code), Number(width)]),
);

const ascii = Array.from({ length: 95 }, (_each, index) => String.fromCharCode(32 + index));
const amounts = ['USD', 'CAD', 'EUR', 'GBP', 'CHF', 'JPY'].flatMap(currency =>
  [-123_456_789, 1_234_567].map(amount => money(amount, currency)),
);

it('a text is never wider than it is said to be at most, nor is much more said', () => {
  for (const text of [...ascii, ...amounts, ascii.join('')]) {
    const inNoto = noto.layout(text).advanceWidth / 1000;
    const codes = [...text].map(letter => helvetica.get(letter.charCodeAt(0)) ?? 0);
    const inHelvetica = codes.reduce((sum, width) => sum + width, 0) / 1000;
    const most = atMostWide(text);
    expect([text, most >= Math.max(inNoto, inHelvetica) - 0.001]).toEqual([text, true]);
    // A letter may be narrow in one of the fonts; no text that has ten of them is.
    if (text.length >= 10) expect([text, most / Math.max(inNoto, inHelvetica) < 1.12]).toEqual([text, true]);
  }
});
