import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import {
  DescribeSecretCommand,
  GetSecretValueCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { type SecretsOptions, startSecrets } from '../../../../local/aws/secrets/server';
import { AccessDenied } from '../../../../local/parts';

const folder = mkdtempSync(path.join(tmpdir(), 'secrets-'));
const asked: string[] = [];
const options: SecretsOptions = {
  port: 0,
  folder,
  clock: { now: () => Date.parse('2026-03-01T12:00:00Z') },
  secrets: { 'stripe/keys': '{"a":1}' },
  kmsKeyOf: () => 'arn:key',
  checkAccess: (key, action, resource) => {
    asked.push(`${action} ${resource}`);
    if (key === 'nobody') throw new AccessDenied(action, resource, key);
  },
};
const clientOf = (endpoint: string, accessKeyId = 'local') =>
  new SecretsManagerClient({
    endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId, secretAccessKey: 'local' },
    maxAttempts: 1,
  });

let part: Awaited<ReturnType<typeof startSecrets>>;
beforeAll(async () => {
  part = await startSecrets(options);
});
afterAll(async () => {
  await part.close();
  rmSync(folder, { recursive: true });
});

const SecretId = 'stripe/keys';
const ARN = 'arn:aws:secretsmanager:us-east-1:123456789012:secret:stripe/keys-local0';

it('gives a secret by name and by ARN, asking for the secret and its key', async () => {
  const client = clientOf(part.url);
  asked.length = 0;
  expect(await client.send(new GetSecretValueCommand({ SecretId }))).toMatchObject({ ARN, SecretString: '{"a":1}' });
  expect(asked).toEqual([`secretsmanager:GetSecretValue ${ARN}`, 'kms:Decrypt arn:key']);
  expect((await client.send(new GetSecretValueCommand({ SecretId: ARN }))).SecretString).toBe('{"a":1}');
  expect((await client.send(new DescribeSecretCommand({ SecretId }))).Name).toBe(SecretId);
});

it('refuses an unknown secret, and who may not read it', async () => {
  const unknown = clientOf(part.url).send(new GetSecretValueCommand({ SecretId: 'other' }));
  await expect(unknown).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  const denied = clientOf(part.url, 'nobody').send(new GetSecretValueCommand({ SecretId }));
  await expect(denied).rejects.toMatchObject({ name: 'AccessDeniedException' });
});

it('keeps a new value over a restart, against the one it is started with', async () => {
  await clientOf(part.url).send(new PutSecretValueCommand({ SecretId, SecretString: 'rotated' }));
  expect(part.valueOf(SecretId)).toBe('rotated');
  const again = await startSecrets(options);
  expect(again.valueOf(SecretId)).toBe('rotated');
  await again.close();
});
