import { randomBytes } from 'node:crypto';
import type { Engine } from '../aws/dynamodb/engine';
import { ServiceError } from '../aws/jsonService';
import type { BucketOptions } from '../aws/s3/server';
import type { QueueOptions } from '../aws/sqs/queues';
import type { Template } from '../template/template';

interface KeySchema {
  readonly AttributeName: string;
  readonly KeyType: string;
}
interface IndexProperties {
  readonly IndexName: string;
  readonly KeySchema: readonly KeySchema[];
  readonly Projection: Readonly<Record<string, unknown>>;
}
interface TableProperties {
  readonly AttributeDefinitions: readonly { readonly AttributeName: string; readonly AttributeType: string }[];
  readonly KeySchema: readonly KeySchema[];
  readonly GlobalSecondaryIndexes?: readonly IndexProperties[];
  readonly TimeToLiveSpecification?: { readonly AttributeName: string; readonly Enabled: boolean };
  readonly SSESpecification?: { readonly SSEEnabled?: boolean; readonly KMSMasterKeyId?: string };
  readonly Replicas?: readonly { readonly SSESpecification?: { readonly KMSMasterKeyId?: string } }[];
}

const tableTypes = ['AWS::DynamoDB::GlobalTable', 'AWS::DynamoDB::Table'];
const tablesIn = (template: Template) => tableTypes.flatMap(type => template.all<TableProperties>(type));

const indexOf = ({ IndexName, KeySchema, Projection }: IndexProperties) => ({ IndexName, KeySchema, Projection });

/** Makes what the template declares and the data folder lacks: tables, and indexes that came later. */
export async function ensureTables(template: Template, engine: Engine): Promise<void> {
  for (const { name: TableName, properties } of tablesIn(template)) {
    const { AttributeDefinitions, KeySchema, GlobalSecondaryIndexes = [], TimeToLiveSpecification } = properties;
    const wanted = GlobalSecondaryIndexes.map(indexOf);
    const indexes = wanted.length === 0 ? {} : { GlobalSecondaryIndexes: wanted };
    const known = await describe(engine, TableName);
    if (known === undefined)
      await engine.handle('CreateTable', {
        TableName,
        AttributeDefinitions,
        KeySchema,
        BillingMode: 'PAY_PER_REQUEST',
        ...indexes,
      });
    else
      for (const Create of wanted.filter(({ IndexName }) => !known.has(IndexName)))
        await engine.handle('UpdateTable', {
          TableName,
          AttributeDefinitions,
          GlobalSecondaryIndexUpdates: [{ Create }],
        });
    if (TimeToLiveSpecification !== undefined)
      await engine.handle('UpdateTimeToLive', { TableName, TimeToLiveSpecification });
  }
}

async function describe(engine: Engine, TableName: string): Promise<ReadonlySet<string> | undefined> {
  try {
    const { Table } = await engine.handle('DescribeTable', { TableName });
    const { GlobalSecondaryIndexes = [] } = Table as { GlobalSecondaryIndexes?: readonly { IndexName: string }[] };
    return new Set(GlobalSecondaryIndexes.map(({ IndexName }) => IndexName));
  } catch (error) {
    if (error instanceof ServiceError && error.type.endsWith('ResourceNotFoundException')) return undefined;
    throw error;
  }
}

export function tableKeys(template: Template): (table: string) => string | undefined {
  const keys = new Map(
    tablesIn(template).map(({ name, properties: { Replicas, SSESpecification } }) => [
      name,
      Replicas?.[0]?.SSESpecification?.KMSMasterKeyId ?? SSESpecification?.KMSMasterKeyId,
    ]),
  );
  return table => keys.get(table);
}

interface BucketProperties {
  readonly VersioningConfiguration?: { readonly Status: string };
  readonly BucketEncryption?: {
    readonly ServerSideEncryptionConfiguration: readonly {
      readonly ServerSideEncryptionByDefault?: { readonly KMSMasterKeyID?: string };
    }[];
  };
  readonly CorsConfiguration?: {
    readonly CorsRules: readonly {
      readonly AllowedMethods: readonly string[];
      readonly AllowedOrigins: readonly string[];
      readonly AllowedHeaders?: readonly string[];
      readonly ExposedHeaders?: readonly string[];
    }[];
  };
}

const bucketsIn = (template: Template) => template.all<BucketProperties>('AWS::S3::Bucket');

export const readBuckets = (template: Template): BucketOptions[] =>
  bucketsIn(template).map(({ name, properties: { VersioningConfiguration, CorsConfiguration } }) => ({
    name,
    versioned: VersioningConfiguration?.Status === 'Enabled',
    cors: (CorsConfiguration?.CorsRules ?? []).map(rule => ({
      allowedOrigins: rule.AllowedOrigins,
      allowedMethods: rule.AllowedMethods,
      allowedHeaders: rule.AllowedHeaders ?? [],
      exposedHeaders: rule.ExposedHeaders ?? [],
    })),
  }));

export function bucketKeys(template: Template): (bucket: string) => string | undefined {
  const keys = new Map(
    bucketsIn(template).map(({ name, properties }) => [
      name,
      properties.BucketEncryption?.ServerSideEncryptionConfiguration[0]?.ServerSideEncryptionByDefault?.KMSMasterKeyID,
    ]),
  );
  return bucket => keys.get(bucket);
}

interface QueueProperties {
  readonly VisibilityTimeout?: number;
  readonly DelaySeconds?: number;
  readonly KmsMasterKeyId?: string;
  readonly RedrivePolicy?: { readonly deadLetterTargetArn: string; readonly maxReceiveCount: number };
}

const queuesIn = (template: Template) => template.all<QueueProperties>('AWS::SQS::Queue');

export const readQueues = (template: Template): QueueOptions[] =>
  queuesIn(template).map(({ name, properties: { VisibilityTimeout, DelaySeconds, RedrivePolicy } }) => ({
    name,
    ...(VisibilityTimeout === undefined ? {} : { visibilityTimeoutSeconds: VisibilityTimeout }),
    ...(DelaySeconds === undefined ? {} : { delaySeconds: DelaySeconds }),
    ...(RedrivePolicy === undefined
      ? {}
      : {
          maxReceiveCount: RedrivePolicy.maxReceiveCount,
          deadLetterQueue: RedrivePolicy.deadLetterTargetArn.split(':').at(-1) ?? '',
        }),
  }));

export function queueKeys(template: Template): (queue: string) => string | undefined {
  const keys = new Map(queuesIn(template).map(({ name, properties }) => [name, properties.KmsMasterKeyId]));
  return queue => keys.get(queue);
}

interface SecretProperties {
  readonly KmsKeyId?: string;
  readonly SecretString?: string;
  readonly GenerateSecretString?: {
    readonly PasswordLength?: number;
    readonly SecretStringTemplate?: string;
    readonly GenerateStringKey?: string;
  };
}

const secretsIn = (template: Template) => template.all<SecretProperties>('AWS::SecretsManager::Secret');

/** What the owner fills in after a deploy; on this machine, what the Stripe stand-in takes. */
const ownersValues: Readonly<Record<string, () => string>> = {
  secretKey: () => `sk_test_${randomBytes(16).toString('hex')}`,
  webhookSecret: () => `whsec_${randomBytes(24).toString('hex')}`,
};

function generate({ SecretString, GenerateSecretString }: SecretProperties): string {
  if (SecretString !== undefined) return SecretString;
  const { PasswordLength = 32, SecretStringTemplate, GenerateStringKey } = GenerateSecretString ?? {};
  const password = randomBytes(PasswordLength).toString('hex').slice(0, PasswordLength);
  if (SecretStringTemplate === undefined) return password;
  const fields = JSON.parse(SecretStringTemplate) as Record<string, string>;
  for (const [name, value] of Object.entries(fields)) if (value === '') fields[name] = ownersValues[name]?.() ?? value;
  // The owner adds it. Were it named in the template, the next deploy would draw the secret anew, over the owner's keys.
  if ('webhookSecret' in fields) fields.connectWebhookSecret = ownersValues.webhookSecret?.() ?? '';
  return JSON.stringify({ ...fields, ...(GenerateStringKey === undefined ? {} : { [GenerateStringKey]: password }) });
}

/** A fresh value for each secret; one that is on disk already stays. */
export const freshSecrets = (template: Template): Record<string, string> =>
  Object.fromEntries(secretsIn(template).map(({ name, properties }) => [name, generate(properties)]));

export function secretKeys(template: Template): (secret: string) => string | undefined {
  const keys = new Map(secretsIn(template).map(({ name, properties }) => [name, properties.KmsKeyId]));
  return secret => keys.get(secret);
}

/** The signing secrets that the Stripe stand-in must use, from whichever secret holds them. */
export function webhookSecretsIn(
  template: Template,
  secretNamed: (name: string) => string | undefined,
): { secret: string; connectSecret?: string } | undefined {
  for (const { name } of secretsIn(template)) {
    const value = secretNamed(name);
    if (!value?.startsWith('{')) continue;
    const { webhookSecret: secret, connectWebhookSecret: connectSecret } = JSON.parse(value) as Record<string, string>;
    if (secret !== undefined) return { secret, ...(connectSecret === undefined ? {} : { connectSecret }) };
  }
  return undefined;
}
