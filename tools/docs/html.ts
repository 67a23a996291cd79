/** Text that is HTML already; everything else is escaped where it is put in. */
export class Html {
  constructor(readonly text: string) {}
}

export type Insert = Html | string | number | false | undefined | readonly Insert[];

export const html = (strings: TemplateStringsArray, ...inserts: readonly Insert[]): Html =>
  new Html(strings.map((text, at) => text + textOf(inserts[at])).join(''));

function textOf(insert: Insert): string {
  if (insert === false || insert === undefined) return '';
  if (insert instanceof Html) return insert.text;
  if (typeof insert === 'object') return insert.map(textOf).join('');
  return String(insert).replace(/[&<>"]/g, sign => escapes[sign] ?? sign);
}

const escapes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** A sentence with `code` in back quotes and the names of facts in braces. */
export const sentence = (text: string): Html =>
  new Html(
    textOf(text)
      .replace(/`([^`]+)`/g, '<code>$1</code>')
      .replace(/\{(\w+)\}/g, '<var>$1</var>'),
  );
