/** What somebody means to happen once: a repeat of the same request carries the same key, until it is answered for good. */
export class Intent {
  #request: string | undefined;
  #key = '';

  keyFor(request: string): string {
    if (request !== this.#request) {
      this.#request = request;
      this.#key = newKey();
    }
    return this.#key;
  }

  /** The next request is another one, even if it says the same. */
  settled(): void {
    this.#request = undefined;
  }
}

/** 128 bits; `randomUUID` is missing where a page comes without TLS. */
const newKey = (): string =>
  Array.from(crypto.getRandomValues(new Uint8Array(16)), byte => byte.toString(16).padStart(2, '0')).join('');
