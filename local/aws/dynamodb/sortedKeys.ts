import type { LevelRange } from 'dynalite/types';

/** Few enough that moving what stands behind a new key costs nothing, many enough that leaves are few. */
const mostInLeaf = 512;

interface Place {
  readonly leaf: number;
  readonly at: number;
}

/** Keys in order. In leaves, since one array of a whole table would be moved for each key that comes or goes. */
export class SortedKeys {
  /** None of them empty. */
  readonly #leaves: string[][];

  constructor(other?: SortedKeys) {
    this.#leaves = other ? other.#leaves.map(leaf => [...leaf]) : [];
  }

  /** One that is not there yet. */
  add(key: string): void {
    const { leaf: nth, at } = this.#place(key);
    const leaf = this.#leaves[nth];
    if (leaf === undefined) {
      this.#leaves.push([key]);
      return;
    }
    leaf.splice(at, 0, key);
    if (leaf.length > mostInLeaf) this.#leaves.splice(nth + 1, 0, leaf.splice(mostInLeaf / 2));
  }

  /** One that is there. */
  delete(key: string): void {
    const { leaf: nth, at } = this.#place(key);
    const leaf = this.#leaves[nth];
    leaf?.splice(at, 1);
    if (leaf?.length === 0) this.#leaves.splice(nth, 1);
  }

  within({ gt, gte, lt, lte, limit = -1, reverse }: LevelRange): string[] {
    const from = gt === undefined ? this.#place(gte ?? '') : this.#place(gt, 'after');
    const end = lt === undefined ? { leaf: this.#leaves.length, at: 0 } : this.#place(lt);
    const to = lte === undefined ? end : this.#place(lte, 'after');
    const leaves = this.#leaves.slice(from.leaf, to.leaf + 1);
    const keys = leaves.flatMap((leaf, nth) =>
      leaf.slice(nth === 0 ? from.at : 0, from.leaf + nth === to.leaf ? to.at : leaf.length),
    );
    if (reverse) keys.reverse();
    return limit < 0 ? keys : keys.slice(0, limit);
  }

  /** Where a key stands or would stand; or the place after it. */
  #place(key: string, side: 'at' | 'after' = 'at'): Place {
    // The last leaf that does not begin behind the key.
    const leaf = Math.max(0, firstWhere(this.#leaves.length, nth => (this.#leaves[nth]?.[0] ?? '') > key) - 1);
    const keys = this.#leaves[leaf] ?? [];
    const isBehind = (there: string) => there > key || (side === 'at' && there === key);
    return { leaf, at: firstWhere(keys.length, nth => isBehind(keys[nth] ?? '')) };
  }
}

/** The first place of an order for which this holds from there on; `length` when there is none. */
function firstWhere(length: number, holds: (nth: number) => boolean): number {
  let low = 0;
  let high = length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (holds(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}
