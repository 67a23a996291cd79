import { randomUUID } from 'node:crypto';
import type { Cloud } from '../cloud/cloud';

type Json = Readonly<Record<string, unknown>>;

/** Calls the product's own API as a member of staff; anything but success stops the seed with what was said. */
export interface StaffApi {
  post(path: string, body: Json): Promise<Json>;
  put(path: string, body: Json): Promise<Json>;
  get(path: string): Promise<Json>;
}

export async function staffApi(cloud: Cloud, email: string): Promise<StaffApi> {
  const token = await cloud.token(email);
  const call = async (method: string, path: string, body?: Json): Promise<Json> => {
    const answer = await fetch(`${cloud.urls.api}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        'idempotency-key': randomUUID(),
        ...(body ? { 'content-type': 'application/json' } : {}),
      },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    const text = await answer.text();
    if (!answer.ok && answer.status !== 402) throw new Error(`${method} ${path} answered ${answer.status}: ${text}`);
    return JSON.parse(text) as Json;
  };
  return {
    post: (path, body) => call('POST', path, body),
    put: (path, body) => call('PUT', path, body),
    get: path => call('GET', path),
  };
}

export const idIn = (answer: Json, name: string): string => {
  const id = answer[name];
  if (typeof id !== 'string') throw new Error(`the answer has no ${name}`);
  return id;
};

/** Saves a card the way people do: on Stripe's hosted page. */
export async function saveCard(api: StaffApi, clientId: string, number: string, contactId?: string): Promise<void> {
  const wanted = { consentTextVersion: '2026-01', ...(contactId ? { contactId } : {}) };
  const url = idIn(await api.post(`/clients/${clientId}/cards/setup`, wanted), 'url');
  const form = new URLSearchParams({ number, expiry: '12 / 34', cvc: '123', name: 'Demo Cardholder' });
  const answer = await fetch(url, { method: 'POST', body: form, redirect: 'manual' });
  if (answer.status !== 303) throw new Error(`the card page answered ${answer.status}`);
}
