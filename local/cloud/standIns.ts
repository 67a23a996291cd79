import { existsSync } from 'node:fs';
import path from 'node:path';
import { startCognito } from '../aws/cognito/server';
import { startDynamoDb } from '../aws/dynamodb/server';
import { startS3 } from '../aws/s3/server';
import type { SecretsPart } from '../aws/secrets/server';
import { startSes } from '../aws/ses/server';
import { startSqs } from '../aws/sqs/server';
import type { Part, PartOptions } from '../parts';
import type { Users } from '../signin/users';
import { startStripe } from '../stripe/server';
import type { Template } from '../template/template';
import type { Closing } from './closing';
import { CorruptFolder } from './keptValue';
import { type DoorName, PortInUse } from './ports';
import { bucketKeys, ensureTables, queueKeys, readBuckets, readQueues, tableKeys, webhookSecretsIn } from './storage';

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
  readonly closing: Closing;
}

/** Starts what stands for AWS's services and for Stripe, with what the template declares in them. */
export async function startStandIns({ template, settings, secrets, users, webhookUrl, closing }: StandInsNeeds) {
  const signing = webhookSecretsIn(template, name => secrets.valueOf(name));
  const webhook = signing === undefined ? {} : { webhook: { url: webhookUrl, ...signing } };
  const open = async <P extends Part>(door: DoorName, start: (options: PartOptions) => Promise<P>): Promise<P> =>
    closing.add(await opened(settings(door), start));
  const dynamodb = await open('dynamodb', options => startDynamoDb({ ...options, kmsKeyOf: tableKeys(template) }));
  const buckets = { buckets: readBuckets(template), kmsKeyOf: bucketKeys(template) };
  const queues = { queues: readQueues(template), kmsKeyOf: queueKeys(template) };
  const standIns = {
    dynamodb,
    s3: await open('s3', options => startS3({ ...options, ...buckets })),
    sqs: await open('sqs', options => startSqs({ ...options, ...queues })),
    ses: await open('ses', startSes),
    cognito: await open('cognito', options => startCognito({ ...options, users })),
    stripe: await open('stripe', options => startStripe({ ...options, ...webhook })),
  };
  await ensureTables(template, dynamodb.engine);
  return standIns;
}

/** A part that cannot read what it wrote before says in which folder; one whose port is gone, which port. */
export async function opened<P extends Part>(
  options: PartOptions,
  start: (options: PartOptions) => Promise<P>,
): Promise<P> {
  const wroteBefore = options.folder !== undefined && existsSync(options.folder);
  try {
    return await start(options);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE') throw new PortInUse(options.port);
    if (wroteBefore && options.folder !== undefined) throw new CorruptFolder(options.folder, error);
    throw error;
  }
}

export type StandIns = Awaited<ReturnType<typeof startStandIns>>;
