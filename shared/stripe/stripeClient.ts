import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import Stripe from 'stripe';
import * as z from 'zod';
import { config } from '../config';
import { Problem } from '../domain/problem';
import { logger } from '../logger';

const secretShape = z.object({ secretKey: z.string().min(1), webhookSecret: z.string().min(1) });
type Secret = z.output<typeof secretShape>;

let secret: { readonly value: Promise<Secret>; readonly readAt: number } | undefined;
let stripe: Promise<Stripe> | undefined;
let httpClient: Stripe.HttpClient | undefined;

const keepMilliseconds = 300_000;

/** The platform's keys; read anew every five minutes, so that a rotation needs no deploy. */
export function stripeSecret(): Promise<Secret> {
  if (!secret || performance.now() - secret.readAt > keepMilliseconds) {
    const value = readSecret();
    secret = { value, readAt: performance.now() };
    stripe = undefined;
    value.catch(() => {
      secret = undefined;
    });
  }
  return secret.value;
}

async function readSecret(): Promise<Secret> {
  const client = new SecretsManagerClient({});
  const { SecretString } = await client.send(new GetSecretValueCommand({ SecretId: config.stripeSecretId() }));
  return secretShape.parse(JSON.parse(SecretString ?? '{}'));
}

/** Hands the adapters other keys, and another way to Stripe: in-process tests bring a stand-in without a socket. */
export function useStripe(replacement: { secret: Secret; httpClient?: Stripe.HttpClient } | undefined): void {
  secret = replacement && { value: Promise.resolve(replacement.secret), readAt: Number.POSITIVE_INFINITY };
  stripe = undefined;
  httpClient = replacement?.httpClient;
}

/** Longest wait for Stripe: the gateway in front of us gives up after 30 s (clarification 6). */
export const stripeTimeoutMilliseconds = 20_000;

export async function stripeClient(): Promise<Stripe> {
  const { secretKey } = await stripeSecret();
  stripe ??= Promise.resolve(newClient(secretKey));
  return stripe;
}

function newClient(secretKey: string): Stripe {
  const { hostname, port, protocol } = config.stripeApi();
  return new Stripe(secretKey, {
    host: hostname,
    ...(port ? { port: Number(port) } : {}),
    protocol: protocol === 'http:' ? 'http' : 'https',
    timeout: stripeTimeoutMilliseconds,
    // We repeat by our own rules: an attempt is looked up before anything is sent again.
    maxNetworkRetries: 0,
    telemetry: false,
    ...(httpClient ? { httpClient } : {}),
  });
}

/** The Stripe account to act on; absent: the platform key's own. */
export type Account = string | undefined;
export const onAccount = (account: Account) => (account === undefined ? {} : { stripeAccount: account });

/** Asks Stripe something that may be asked again: where it gives no answer, or cannot now, the Problem is 503. */
export async function askStripe<T>(ask: (stripe: Stripe) => Promise<T>): Promise<T> {
  try {
    return await ask(await stripeClient());
  } catch (error) {
    if (!(error instanceof Stripe.errors.StripeError)) throw error;
    const { type, code, statusCode } = error;
    logger.warn('stripe did not answer', { type, code, statusCode });
    throw new Problem('dependency_down', { dependency: 'Stripe', retryAfterSeconds: 5 });
  }
}

/** Takes Stripe's definite "no" for this answer; anything else is thrown on. */
export const refusedAs =
  <T>(answer: T) =>
  (error: unknown): T => {
    if (error instanceof Stripe.errors.StripeInvalidRequestError) return answer;
    throw error;
  };

/** Every object of a list, page after page. */
export async function everyOne<T>(list: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const one of list) found.push(one);
  return found;
}
