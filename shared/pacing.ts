export interface Time {
  now(): number;
  pause(milliseconds: number): Promise<void>;
}

const realTime: Time = {
  now: () => performance.now(),
  pause: milliseconds => new Promise(done => setTimeout(done, milliseconds)),
};

/**
 * Lets at most so many calls a second through for each key, with a burst of one second's worth; the others wait their
 * turn. What a service refuses for haste only comes
 * back later.
 */
export function pacer(perSecond: number, time: Time = realTime): (key: string) => Promise<void> {
  const spacing = 1000 / perSecond;
  const burst = Math.max(perSecond, 1);
  /** By key: when the next call would be due if all went evenly. */
  const due = new Map<string, number>();
  return async key => {
    const now = time.now();
    const even = Math.max(due.get(key) ?? now, now);
    due.set(key, even + spacing);
    const wait = even - (burst - 1) * spacing - now;
    if (wait > 0) await time.pause(wait);
  };
}
