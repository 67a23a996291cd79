import type { KeptValue } from '../cloud/keptValue';
import type { LocalClock } from '../parts';

/**
 * The one clock: real time plus an offset that lives in shared memory, where every function's environment reads it, and on
 * disk, where it survives a restart. It only ever moves forward.
 */
export class MovedClock implements LocalClock {
  readonly cell = new SharedArrayBuffer(8);
  readonly #offset = new BigInt64Array(this.cell);

  constructor(private readonly kept: KeptValue<number>) {
    Atomics.store(this.#offset, 0, BigInt(kept.read() ?? 0));
  }

  now(): number {
    return Date.now() + Number(Atomics.load(this.#offset, 0));
  }

  /** Sets the time to an instant; one that is past already changes nothing. */
  moveTo(instant: number): void {
    if (instant > this.now()) this.set(instant);
  }

  /** For a new data folder, whose time may begin anywhere. */
  set(instant: number): void {
    const offset = Math.round(instant - Date.now());
    this.kept.write(offset);
    Atomics.store(this.#offset, 0, BigInt(offset));
  }
}
