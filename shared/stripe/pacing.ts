import type Stripe from 'stripe';
import { pacer, type Time } from '../pacing';

/** An endpoint as Stripe counts it, which limits by account and endpoint: the method and the path without its ids, of one account. */
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
