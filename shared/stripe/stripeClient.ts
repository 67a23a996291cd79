import Stripe from 'stripe';
import { config } from '../config';
import { Problem } from '../domain/problem';
import { logger } from '../logger';
import { pacedClient } from './pacing';
import { type StripeSecret, stripeSecret, useStripeSecret } from './stripeSecret';

let client: { readonly secretKey: string; readonly stripe: Stripe } | undefined;
let httpClient: Stripe.HttpClient | undefined;

/** Hands the adapters other keys, and another way to Stripe: in-process tests bring a stand-in without a socket. */
export function useStripe(replacement: { secret: StripeSecret; httpClient?: Stripe.HttpClient } | undefined): void {
  useStripeSecret(replacement?.secret);
  client = undefined;
  httpClient = replacement?.httpClient;
}

/** Longest wait for Stripe: the gateway in front of us gives up after 30 s (clarification 6). */
const stripeTimeoutMilliseconds = 20_000;

export async function stripeClient(): Promise<Stripe> {
  const { secretKey } = await stripeSecret();
  if (client?.secretKey !== secretKey) client = { secretKey, stripe: newClient(secretKey) };
  return client.stripe;
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
    httpClient: httpClient ?? pacedClient(Stripe.createNodeHttpClient(), config.stripeRequestsPerSecond()),
  });
}

/** The Stripe account to act on; absent: the platform key's own. */
export type Account = string | undefined;
export const onAccount = (account: Account) => (account === undefined ? {} : { stripeAccount: account });

/**
 * Asks Stripe something that may be asked again: where it gives no answer, or cannot now, the Problem is 503; where it
 * refuses for good (a restricted account, a right that is missing, a mistake of ours) it is `stripe_refused`.
 */
export async function askStripe<T>(ask: (stripe: Stripe) => Promise<T>): Promise<T> {
  try {
    return await ask(await stripeClient());
  } catch (error) {
    if (!(error instanceof Stripe.errors.StripeError)) throw error;
    const { type, code, statusCode } = error;
    if (isTurnedAway(error)) throw new Problem('stripe_refused', { reason: turnedAway('look', error) });
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

/**
 * Turned away before it began: its form, its key, or an account that does not let this platform in any more. Definite, and
 * no repetition mends it.
 */
export function isTurnedAway(error: unknown): error is InstanceType<typeof Stripe.errors.StripeError> {
  const { StripeInvalidRequestError, StripePermissionError, StripeAuthenticationError } = Stripe.errors;
  return (
    [StripeInvalidRequestError, StripePermissionError, StripeAuthenticationError].some(kind => error instanceof kind) &&
    !(error instanceof Stripe.errors.StripeError && error.code === 'idempotency_key_in_use')
  );
}

/** `turnedAway`: Stripe does not let us look; otherwise it has no answer now, or the charge is not finished. */
export interface Unknown {
  readonly kind: 'unknown';
  readonly turnedAway?: true;
}

/** Stripe's word for why; an error of the log, as somebody must mend it. */
export function turnedAway(
  call: string,
  { type, code, statusCode, param }: InstanceType<typeof Stripe.errors.StripeError>,
) {
  logger.error('stripe refuses what was asked', { call, type, code, statusCode, param });
  return code ?? type;
}

/** Every object of a list, page after page. */
export async function everyOne<T>(list: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const one of list) found.push(one);
  return found;
}
