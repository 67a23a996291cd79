import type { LocalClock } from '../../../local/parts';

/** All but `Date` stays real. */
const untouched = [
  'hrtime',
  'nextTick',
  'performance',
  'queueMicrotask',
  'setImmediate',
  'clearImmediate',
  'setInterval',
  'clearInterval',
  'setTimeout',
  'clearTimeout',
] as const;

/**
 * The time of a schedule, told by `Date` to everybody in this process: it stands but for what calls and waits take, and a
 * wait is over at once. So every run of a schedule is the same, and none waits.
 */
export class StandingTime implements LocalClock {
  now(): number {
    return Date.now();
  }
  set(at: number): void {
    jest.setSystemTime(at);
  }
  advance(milliseconds: number): void {
    this.set(this.now() + milliseconds);
  }
}

export const time = new StandingTime();

let stands = false;

/** From now on time stands, here first. */
export function stopTime(at: string): void {
  if (stands) {
    time.set(Date.parse(at));
    return;
  }
  stands = true;
  jest.useFakeTimers({ now: Date.parse(at), doNotFake: [...untouched] });
  jest.spyOn(Math, 'random').mockReturnValue(0.5);
  const real = globalThis.setTimeout;
  const wait = (callback: (...given: unknown[]) => void, milliseconds = 0, ...given: unknown[]) =>
    real(() => {
      time.advance(milliseconds);
      callback(...given);
    }, 0);
  Object.assign(globalThis, { setTimeout: Object.assign(wait, real) });
}
