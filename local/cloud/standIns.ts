import path from 'node:path';
import { startCognito } from '../aws/cognito/server';
import { startDynamoDb } from '../aws/dynamodb/server';
import { startS3 } from '../aws/s3/server';
import type { SecretsPart } from '../aws/secrets/server';
import { startSes } from '../aws/ses/server';
import { startSqs } from '../aws/sqs/server';
import type { PartOptions } from '../parts';
import type { Users } from '../signin/users';
import { startStripe } from '../stripe/server';
import type { Template } from '../template/template';
import type { DoorName } from './ports';
import { bucketKeys, ensureTables, queueKeys, readBuckets, readQueues, tableKeys, webhookSecretIn } from './storage';

export type PartSettings = (door: DoorName) => PartOptions;

/** The settings of each part: its port, its folder, and what all share. */
export function settingsOf(
  shared: Omit<PartOptions, 'port' | 'folder'>,
  ports: Readonly<Record<DoorName, number>>,
  folder: string | undefined,
): PartSettings {
  return door => ({
    ...shared,
    port: ports[door],
    ...(folder === undefined ? {} : { folder: path.join(folder, door) }),
  });
}

export interface StandInsNeeds {
  readonly template: Template;
  readonly settings: PartSettings;
  readonly secrets: SecretsPart;
  readonly users: Users;
  /** Where Stripe's events go. */
  readonly webhookUrl: string;
}

/** Starts what stands for AWS's services and for Stripe, with what the template declares in them. */
export async function startStandIns({ template, settings, secrets, users, webhookUrl }: StandInsNeeds) {
  const webhookSecret = webhookSecretIn(template, name => secrets.valueOf(name));
  const webhook = webhookSecret === undefined ? {} : { webhook: { url: webhookUrl, secret: webhookSecret } };
  const [dynamodb, s3, sqs, ses, cognito, stripe] = await Promise.all([
    startDynamoDb({ ...settings('dynamodb'), kmsKeyOf: tableKeys(template) }),
    startS3({ ...settings('s3'), buckets: readBuckets(template), kmsKeyOf: bucketKeys(template) }),
    startSqs({ ...settings('sqs'), queues: readQueues(template), kmsKeyOf: queueKeys(template) }),
    startSes(settings('ses')),
    startCognito({ ...settings('cognito'), users }),
    startStripe({ ...settings('stripe'), ...webhook }),
  ]);
  await ensureTables(template, dynamodb.engine);
  return { dynamodb, s3, sqs, ses, cognito, stripe };
}

export type StandIns = Awaited<ReturnType<typeof startStandIns>>;
