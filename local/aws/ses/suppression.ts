import { openFiles } from '../files';

export interface Suppressed {
  readonly reason: 'BOUNCE' | 'COMPLAINT';
  readonly at: number;
}

const FILE = 'suppressed.json';

/** The account's suppression list: who bounced or complained gets no further mail. */
export class SuppressionList {
  readonly #files;
  readonly #addresses: Map<string, Suppressed>;

  constructor(folder: string | undefined) {
    this.#files = openFiles(folder);
    const written = this.#files.read(FILE);
    this.#addresses = new Map(written === undefined ? [] : (JSON.parse(written.toString()) as [string, Suppressed][]));
  }

  get(address: string): Suppressed | undefined {
    return this.#addresses.get(address.toLowerCase());
  }

  put(address: string, suppressed: Suppressed): void {
    this.#addresses.set(address.toLowerCase(), suppressed);
    this.#save();
  }

  remove(address: string): boolean {
    const removed = this.#addresses.delete(address.toLowerCase());
    if (removed) this.#save();
    return removed;
  }

  #save(): void {
    this.#files.write(FILE, Buffer.from(JSON.stringify([...this.#addresses])));
  }
}
