/**
 * What papers can show: all that Noto Sans draws. A text keeps the signs that are drawn; of the others, those that have an
 * equal among them are written by it, pictures are left out, and letters of other scripts stay (they show as boxes: no
 * letter of ours says the same).
 */
export function readable(text: string): string {
  if (isDrawn(text)) return text;
  const signs = Array.from(text.replace(joints, ''), sign => (isDrawn(sign) ? sign : otherwise(sign)));
  return signs.join('').replace(/ {2,}/g, ' ').replace(/^ | $/gm, '');
}

/** Which form a picture has, and what makes one of several. */
const joints = /[\ufe01-\ufe0f\u20e3]|\u200d(?=\p{Extended_Pictographic})/gu;

function otherwise(sign: string): string {
  const known = equals[sign] ?? sign.normalize('NFKC');
  if (isDrawn(known)) return known;
  return /[\p{L}\p{M}\p{N}]/u.test(sign) ? sign : '';
}

/** In the signs that people type in their place. Others have an equal by Unicode's own tables: `①`, `𝗔`. */
const equals: Readonly<Record<string, string>> = {
  '≥': '>=',
  '≤': '<=',
  '≠': '<>',
  '≈': '~',
  '∞': 'infinite',
  '√': 'root of ',
  '→': '->',
  '←': '<-',
  '↔': '<->',
  '⇒': '=>',
  '➔': '->',
  '➜': '->',
  '➡': '->',
  '✓': '[x]',
  '✔': '[x]',
  '✅': '[x]',
  '☑': '[x]',
  '☒': '[x]',
  '☐': '[ ]',
  '✗': '×',
  '✘': '×',
  '❌': '×',
  '▪': '•',
  '■': '•',
  '●': '•',
  '◦': '•',
  '○': '•',
  '★': '*',
  '☆': '*',
  '♥': '<3',
  '❤': '<3',
  '☺': ':)',
  '🙂': ':)',
  '😊': ':)',
  '😀': ':)',
  '☎': 'Tel.',
  '✉': 'E-mail',
};

/** What Noto Sans has, regular and bold, from one letter to another in hexadecimal; a test holds it against its files. */
const drawnRanges =
  'a a0-ff 20-7e 100-377 37a-37f 384-38a 38c 38e-3a1 3a3-3e1 3f0-52f 900-97f 10fb 1ab0-1ac0 1ac5 1ac7-1ace 1c80-1c88 1d00-1df9 1dfb-1f15 1f18-1f1d 1f20-1f45 1f48-1f4d 1f50-1f57 1f59 1f5b 1f5d 1f5f-1f7d 1f80-1fb4 1fb6-1fc4 1fc6-1fd3 1fd6-1fdb 1fdd-1fef 1ff2-1ff4 1ff6-1ffe 2000-2064 2066-2071 2074-208e 2090-209c 20a0-20c0 20f0 2100-215f 2183-2184 2189 2212 25cc 2c60-2c7f 2de0-2e5d a640-a69f a700-a7ca a7d0-a7d1 a7d3 a7d5-a7d9 a7f2-a7ff a8ff a92e ab30-ab6b fb00-fb06 fe00 fe20-fe2f feff fffc-fffd 10780-10785 10787-107b0 107b2-107ba 1df00-1df1e';

let ranges: readonly (readonly [from: number, to: number])[] | undefined;

function isDrawn(text: string): boolean {
  ranges ??= drawnRanges.split(' ').map(range => {
    const [from = '', to = from] = range.split('-');
    return [Number.parseInt(from, 16), Number.parseInt(to, 16)];
  });
  const known = ranges;
  return Array.from(text, sign => sign.codePointAt(0) ?? 0).every(code =>
    known.some(([from, to]) => code >= from && code <= to),
  );
}
