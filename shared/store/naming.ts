import { invariant } from '../domain/invariant';

export type Fields = Readonly<Record<string, unknown>>;

/** Fields by their stored names, and back. */
export interface Naming {
  shorten(record: object): Record<string, unknown>;
  lengthen(stored: object): Record<string, unknown>;
}

/** Short names for stored fields, since each begun KB of an item costs units; a field without one keeps its own. */
export function naming(short: Readonly<Record<string, string>>): Naming {
  const toShort = new Map(Object.entries(short));
  const toLong = new Map([...toShort].map(([long, stored]) => [stored, long]));
  invariant(toLong.size === toShort.size, `two of ${Object.keys(short).join(', ')} share a stored name`);
  return {
    shorten: record => renamed(record, toShort),
    lengthen: stored => renamed(stored, toLong),
  };
}

const renamed = (fields: object, names: ReadonlyMap<string, string>): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(fields).flatMap(([name, value]) => (value === undefined ? [] : [[names.get(name) ?? name, value]])),
  );

/** A name for every field of a record, also those that it may lack: one that is added does not compile without. */
export type NameOfEach<R extends object> = Readonly<Record<keyof R & string, string>>;

/** A short code for each of a few words, and back. */
export function coding<Word extends string>(codes: Readonly<Record<Word, string>>) {
  const words = new Map(Object.entries(codes).map(([word, code]) => [code, word as Word]));
  return {
    shorten: (word: Word): string => codes[word],
    lengthen(code: string): Word {
      const word = words.get(code);
      invariant(word, `nothing is stored as ${code}`);
      return word;
    },
  };
}
