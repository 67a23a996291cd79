import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import Stripe from 'stripe';
import { type StripeOptions, type StripePart, startStripe } from '../../../local/stripe/server';

/** A clock that a test moves. */
export class MovedClock {
  constructor(private at = Date.UTC(2026, 10, 19, 18, 0, 0)) {}
  now(): number {
    return this.at;
  }
  advance(milliseconds: number): void {
    this.at += milliseconds;
  }
}

export const minute = 60_000;
export const hour = 60 * minute;
export const day = 24 * hour;

export interface StandIn {
  part: StripePart;
  stripe: Stripe;
  clock: MovedClock;
  post(path: string, words: object): Promise<{ status: number; body: Record<string, unknown> }>;
}

export const clientOf = (url: string, config: { timeout?: number; stripeAccount?: string } = {}): Stripe =>
  new Stripe('sk_test_practice', {
    host: '127.0.0.1',
    port: new URL(url).port,
    protocol: 'http',
    maxNetworkRetries: 0,
    telemetry: false,
    ...config,
  });

export async function startStandIn(options: Partial<StripeOptions> = {}): Promise<StandIn> {
  const clock = new MovedClock();
  const part = await startStripe({ port: 0, clock, ...options });
  return { part, clock, stripe: clientOf(part.url), post: (path, words) => postJson(`${part.url}${path}`, words) };
}

export async function postJson(url: string, words: object): Promise<{ status: number; body: Record<string, unknown> }> {
  const answer = await fetch(url, { method: 'POST', body: JSON.stringify(words) });
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
}

/** What the SDK throws, for a look at its fields. */
export async function refusalOf(call: Promise<unknown>): Promise<Stripe.errors.StripeError> {
  try {
    await call;
  } catch (thrown) {
    if (thrown instanceof Stripe.errors.StripeError) return thrown;
    throw thrown;
  }
  throw new Error('The call was not refused.');
}

export interface Heard {
  body: string;
  signature: string;
  type: string;
  id: string;
}

export interface Listener {
  url: string;
  heard: Heard[];
  /** Answers in turn; 200 after the last. */
  answers: number[];
  types(): string[];
  close(): Promise<void>;
}

/** A place that hears webhooks. */
export async function listen(): Promise<Listener> {
  const heard: Heard[] = [];
  const answers: number[] = [];
  const server = createServer((request, response) => {
    void bodyOf(request).then(body => {
      const { type, id } = JSON.parse(body) as { type: string; id: string };
      heard.push({ body, signature: String(request.headers['stripe-signature']), type, id });
      response.writeHead(answers.shift() ?? 200).end();
    });
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/webhooks`,
    heard,
    answers,
    types: () => heard.map(({ type }) => type),
    close: () => {
      server.closeAllConnections();
      return new Promise(resolve => server.close(() => resolve()));
    },
  };
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

/** Fills in and sends a hosted page's form, without following where it leads. */
export function submitForm(url: string, fields: Record<string, string>): Promise<Response> {
  return fetch(url, { method: 'POST', body: new URLSearchParams(fields), redirect: 'manual' });
}

export const goodCard = { number: '4242 4242 4242 4242', expiry: '12 / 30', cvc: '123', name: 'Rosa Diaz' };
