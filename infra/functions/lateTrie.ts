import UnicodeTrie = require('../../node_modules/unicode-trie/index.js');

/** What packages for text take from `unicode-trie`: a table, unpacked when its first letter is looked up. */
class LateTrie {
  readonly #packed: Uint8Array;
  #table: UnicodeTrie | undefined;

  constructor(packed: Uint8Array) {
    this.#packed = packed;
  }

  get(codePoint: number): number {
    this.#table ??= new UnicodeTrie(this.#packed);
    return this.#table.get(codePoint);
  }
}

export = LateTrie;
