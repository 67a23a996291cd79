/** Everything that was opened and must close, last opened first. */
export class Closing {
  readonly #steps: (() => unknown)[] = [];

  add<T extends { close(): unknown }>(what: T): T {
    this.#steps.push(() => what.close());
    return what;
  }

  readonly run = async (): Promise<void> => {
    for (const step of this.#steps.splice(0).reverse()) await step();
  };
}
