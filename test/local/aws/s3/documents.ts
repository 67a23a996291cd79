import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import {
  GetObjectCommand,
  type GetObjectCommandInput,
  ListObjectsV2Command,
  type ListObjectsV2CommandInput,
  PutObjectCommand,
  type PutObjectCommandInput,
  S3Client,
} from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { type S3Options, startS3 } from '../../../../local/aws/s3/server';
import { AccessDenied, type Fault } from '../../../../local/parts';

export const DOCUMENTS = 'documents';

/** What a test turns: the clock, the next call's fault, the actions that only `local` may do. */
export interface Controls {
  offsetMs: number;
  fault: Fault | undefined;
  readonly denied: Set<string>;
  /** Each right asked for: `<action> <resource>`. */
  readonly asked: string[];
}

const optionsFor = (folder: string, controls: Controls): S3Options => ({
  port: 0,
  folder,
  clock: { now: () => Date.now() + controls.offsetMs },
  buckets: [
    {
      name: DOCUMENTS,
      cors: [{ allowedOrigins: ['https://app.test'], allowedMethods: ['GET'], allowedHeaders: ['*'] }],
    },
    { name: 'versioned', versioned: true },
  ],
  secretOf: key => (key === 'unknown' ? undefined : 'local'),
  kmsKeyOf: bucket => (bucket === DOCUMENTS ? 'arn:key' : undefined),
  checkAccess: (key, action, resource) => {
    controls.asked.push(`${action} ${resource}`);
    if (key !== 'local' && controls.denied.has(action)) throw new AccessDenied(action, resource, key);
  },
  faults: {
    next: () => {
      const due = controls.fault;
      controls.fault = undefined;
      return due;
    },
  },
});

export const clientOf = (url: string, accessKeyId = 'local', secretAccessKey = 'local') =>
  new S3Client({
    endpoint: url,
    region: 'us-east-1',
    forcePathStyle: true,
    credentials: { accessKeyId, secretAccessKey },
    maxAttempts: 1,
  });

export async function openDocuments() {
  const folder = mkdtempSync(path.join(tmpdir(), 's3-'));
  const controls: Controls = { offsetMs: 0, fault: undefined, denied: new Set(), asked: [] };
  const options = optionsFor(folder, controls);
  const part = await startS3(options);
  const client = clientOf(part.url);
  const get = (Key: string, rest: Partial<GetObjectCommandInput> = {}) =>
    client.send(new GetObjectCommand({ Bucket: DOCUMENTS, Key, ...rest }));
  return {
    url: part.url,
    client,
    controls,
    /** A second server on the same folder. */
    restart: () => startS3(options),
    put: (Key: string, Body: NonNullable<PutObjectCommandInput['Body']>, rest: Partial<PutObjectCommandInput> = {}) =>
      client.send(new PutObjectCommand({ Bucket: DOCUMENTS, Key, Body, ...rest })),
    get,
    textOf: async (Key: string, rest: Partial<GetObjectCommandInput> = {}) =>
      (await get(Key, rest)).Body?.transformToString(),
    list: (rest: Partial<ListObjectsV2CommandInput>) =>
      client.send(new ListObjectsV2Command({ Bucket: DOCUMENTS, ...rest })),
    linkTo: (command: GetObjectCommand | PutObjectCommand, from = client) =>
      getSignedUrl(from, command, { expiresIn: 300 }),
    close: async () => {
      client.destroy();
      await part.close();
      rmSync(folder, { recursive: true });
    },
  };
}

export type Documents = Awaited<ReturnType<typeof openDocuments>>;
