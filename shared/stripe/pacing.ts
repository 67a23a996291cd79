import type Stripe from 'stripe';

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
 * turn. Stripe limits by account and endpoint, and what it refuses with 429 only comes back later.
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

/** An endpoint as Stripe counts it: the method and the path without its ids, of one account. */
export const endpointOf = (method: string, path: string, account: string): string =>
  `${account} ${method} ${path.replace(/\?.*$/, '').replace(/\/[a-z]+_[A-Za-z0-9_]{8,}/g, '/:id')}`;

/** Stripe's own way out, paced. */
export function pacedClient(inner: Stripe.HttpClient, perSecond: number, time?: Time): Stripe.HttpClient {
  const turn = pacer(perSecond, time);
  const paced: Stripe.HttpClient = Object.create(inner);
  paced.makeRequest = async (...asked: Parameters<Stripe.HttpClient['makeRequest']>) => {
    const [, , path, method, headers] = asked;
    const account = Object.entries(headers).find(([name]) => name.toLowerCase() === 'stripe-account')?.[1];
    await turn(endpointOf(method, path, String(account ?? 'own')));
    return inner.makeRequest(...asked);
  };
  return paced;
}
