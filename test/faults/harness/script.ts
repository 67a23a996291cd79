import type { System } from './system';
import { time } from './time';

/** How far a story had come: what its steps answered, and until when it waited, if it did. */
export interface Progress {
  readonly answers: readonly unknown[];
  readonly waitsUntil: number | undefined;
}

/**
 * The steps of a story, in their order. A schedule that goes on from a moment of another one plays its story from the
 * beginning, but the steps done by then answer what they answered, and touch nothing; so all that a story does to the
 * system or reads of it is a step.
 */
export class Script {
  readonly #answers: unknown[] = [];
  #waitsUntil: number | undefined;

  constructor(
    private readonly system: System,
    private readonly told: Progress = { answers: [], waitsUntil: undefined },
  ) {
    this.#waitsUntil = told.waitsUntil;
  }

  /** True while steps only answer what they did. */
  get isTold(): boolean {
    return this.#answers.length < this.told.answers.length;
  }

  get progress(): Progress {
    return { answers: [...this.#answers], waitsUntil: this.#waitsUntil };
  }

  async step<T>(act: (system: System) => T | Promise<T>): Promise<T> {
    const answer = this.isTold ? (this.told.answers[this.#answers.length] as T) : await act(this.system);
    this.#answers.push(answer);
    return answer;
  }

  /** Lets the system go on for so many milliseconds; answers whether nothing is left to do. */
  wait(milliseconds: number): Promise<boolean> {
    return this.#goOn(() => time.now() + milliseconds);
  }

  waitUntil(at: string): Promise<boolean> {
    return this.#goOn(() => Date.parse(at));
  }

  #goOn(until: () => number): Promise<boolean> {
    return this.step(async system => {
      // Told from the middle of a wait, it ends when it was to end.
      this.#waitsUntil ??= until();
      const quiet = await system.goOn(this.#waitsUntil);
      this.#waitsUntil = undefined;
      return quiet;
    });
  }
}
