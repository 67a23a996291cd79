import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import * as z from 'zod';
import { config } from '../config';

const secretShape = z.object({
  secretKey: z.string().min(1),
  /** Of the endpoint that hears the platform's own account. */
  webhookSecret: z.string().min(1),
  /** Of the endpoint that hears connected accounts: Stripe signs for each endpoint with a secret of its own. */
  connectWebhookSecret: z.string().optional(),
});
export type StripeSecret = z.output<typeof secretShape>;

let secret: { readonly value: Promise<StripeSecret>; readonly readAt: number } | undefined;

const keepMilliseconds = 300_000;

/** The platform's keys; read anew every five minutes, so that a rotation needs no deploy. */
export function stripeSecret(): Promise<StripeSecret> {
  if (!secret || performance.now() - secret.readAt > keepMilliseconds) {
    const value = readSecret();
    secret = { value, readAt: performance.now() };
    value.catch(() => {
      secret = undefined;
    });
  }
  return secret.value;
}

async function readSecret(): Promise<StripeSecret> {
  const client = new SecretsManagerClient({});
  const { SecretString } = await client.send(new GetSecretValueCommand({ SecretId: config.stripeSecretId() }));
  return secretShape.parse(JSON.parse(SecretString ?? '{}'));
}

/** Test and live never mix: the platform's key says which it is. */
export const isLiveKey = ({ secretKey }: Pick<StripeSecret, 'secretKey'>): boolean => /^[sr]k_live_/.test(secretKey);

/** What Stripe may have signed an event with. An empty secret would let anybody sign. */
export function signingSecrets({ webhookSecret, connectWebhookSecret }: StripeSecret): string[] {
  return [webhookSecret, connectWebhookSecret].flatMap(known => (known ? [known] : []));
}

/** Hands the adapters other keys: in-process tests have no Secrets Manager. */
export function useStripeSecret(replacement: StripeSecret | undefined): void {
  secret = replacement && { value: Promise.resolve(replacement), readAt: Number.POSITIVE_INFINITY };
}
