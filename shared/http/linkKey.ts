import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { config } from '../config';
import { invariant } from '../domain/invariant';

let key: Promise<string> | undefined;

/** The key of the pay links. It never changes (that would end every link that was sent), so one read an environment. */
export function linkKey(): Promise<string> {
  key ??= readKey().catch((error: unknown) => {
    key = undefined;
    throw error;
  });
  return key;
}

async function readKey(): Promise<string> {
  const client = new SecretsManagerClient({});
  const { SecretString } = await client.send(new GetSecretValueCommand({ SecretId: config.linkKeySecretId() }));
  invariant(SecretString, 'the key of the pay links is empty');
  return SecretString;
}
