/**
 * Of each letter from space to tilde, in hundredths of the font's size: the most that it takes in Helvetica or Noto Sans,
 * regular or bold. The fonts themselves would have to be loaded to be asked, and a hundredth too much does no harm.
 */
const hundredths =
  '28 34 48 65 58 91 75 28 34 34 56 59 29 34 29 42 58 58 58 58 58 58 58 58 58 58 34 34 59 59 59 62 102 73 73 73 74 67 62 78 77 39 56 73 62 95 82 80 67 80 73 67 62 76 67 97 67 67 62 34 42 34 59 56 37 60 64 56 64 60 39 64 65 30 30 62 30 98 65 63 64 64 45 56 44 65 58 86 58 58 50 40 56 40 59'
    .split(' ')
    .map(Number);

/** Those beyond that amounts and cards have in them. */
const marks: Readonly<Record<string, number>> = {
  '\u00a0': 28,
  '·': 34,
  '•': 38,
  '–': 56,
  '€': 58,
  '£': 58,
  '¥': 58,
  '’': 28,
};

/** Wider than nearly every other letter. */
const wide = 125;

/** How wide a text is at most, in units of the font's size. */
export function atMostWide(text: string): number {
  let width = 0;
  for (const letter of text) width += hundredths[letter.charCodeAt(0) - 32] ?? marks[letter] ?? wide;
  return width / 100;
}
