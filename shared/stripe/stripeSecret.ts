import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import * as z from 'zod';
import { config } from '../config';

const secretShape = z.object({ secretKey: z.string().min(1), webhookSecret: z.string().min(1) });
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

/** Hands the adapters other keys: in-process tests have no Secrets Manager. */
export function useStripeSecret(replacement: StripeSecret | undefined): void {
  secret = replacement && { value: Promise.resolve(replacement), readAt: Number.POSITIVE_INFINITY };
}
