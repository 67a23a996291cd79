import { AsyncLocalStorage } from 'node:async_hooks';

const lives = new AsyncLocalStorage<Life>();

/** A killed function's code never goes on, so none of it can catch this. */
const forever = <T>(): Promise<T> => new Promise<T>(() => undefined);

/** One invocation of a function, from its event to its answer or its death. */
export class Life {
  #dead = false;
  #die: () => void = () => undefined;
  readonly #death = new Promise<'crashed'>(resolve => {
    this.#die = () => resolve('crashed');
  });
  /** What services are doing for it now; they finish even when it is dead. */
  readonly #underWay = new Set<Promise<unknown>>();

  constructor(
    /** The function: `addPayment`, `followStripe`. */
    readonly name: string,
  ) {}

  static current(): Life | undefined {
    return lives.getStore();
  }

  /** Runs until the answer, or until a call kills it; then nothing of it goes on, and no further call of it leaves. */
  async live<T>(run: () => Promise<T>): Promise<T | 'crashed'> {
    const ended = await Promise.race([lives.run(this, run), this.#death]);
    await Promise.allSettled(this.#underWay);
    return ended;
  }

  /** Kills it here. */
  die<T>(): Promise<T> {
    this.#dead = true;
    this.#die();
    return forever<T>();
  }

  /** A call of this life: it does not leave when the caller is dead, and its answer reaches no dead caller. */
  async call<T>(make: () => Promise<T>): Promise<T> {
    if (this.#dead) return forever<T>();
    try {
      return await make();
    } finally {
      if (this.#dead) await forever();
    }
  }

  /** What a service does for this life. */
  async underWay<T>(effect: Promise<T>): Promise<T> {
    this.#underWay.add(effect);
    try {
      return await effect;
    } finally {
      this.#underWay.delete(effect);
    }
  }
}
