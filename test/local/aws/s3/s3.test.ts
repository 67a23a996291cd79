import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import {
  CopyObjectCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  type GetObjectCommandInput,
  HeadObjectCommand,
  ListObjectsV2Command,
  type ListObjectsV2CommandInput,
  PutObjectCommand,
  type PutObjectCommandInput,
  S3Client,
} from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { type S3Options, startS3 } from '../../../../local/aws/s3/server';
import { AccessDenied, type Fault, type Part } from '../../../../local/parts';

const DOCUMENTS = 'documents';
const folder = mkdtempSync(path.join(tmpdir(), 's3-'));
let offset = 0;
let fault: Fault | undefined;
const denied = new Set<string>();
const asked: string[] = [];

const options: S3Options = {
  port: 0,
  folder,
  clock: { now: () => Date.now() + offset },
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
    asked.push(`${action} ${resource}`);
    if (key !== 'local' && denied.has(action)) throw new AccessDenied(action, resource, key);
  },
  faults: {
    next: () => {
      const due = fault;
      fault = undefined;
      return due;
    },
  },
};

const clientOf = (part: Part, accessKeyId = 'local', secretAccessKey = 'local') =>
  new S3Client({
    endpoint: part.url,
    region: 'us-east-1',
    forcePathStyle: true,
    credentials: { accessKeyId, secretAccessKey },
    maxAttempts: 1,
  });

let part: Part;
let client: S3Client;
beforeAll(async () => {
  part = await startS3(options);
  client = clientOf(part);
});
afterAll(async () => {
  client.destroy();
  await part.close();
  rmSync(folder, { recursive: true });
});
afterEach(() => {
  offset = 0;
  denied.clear();
});

const put = (
  Key: string,
  Body: NonNullable<PutObjectCommandInput['Body']>,
  rest: Partial<PutObjectCommandInput> = {},
) => client.send(new PutObjectCommand({ Bucket: DOCUMENTS, Key, Body, ...rest }));
const get = (Key: string, rest: Partial<GetObjectCommandInput> = {}) =>
  client.send(new GetObjectCommand({ Bucket: DOCUMENTS, Key, ...rest }));
const textOf = async (Key: string, rest: Partial<GetObjectCommandInput> = {}) =>
  (await get(Key, rest)).Body?.transformToString();
const list = (rest: Partial<ListObjectsV2CommandInput>) =>
  client.send(new ListObjectsV2Command({ Bucket: DOCUMENTS, ...rest }));
const linkTo = (command: GetObjectCommand | PutObjectCommand, from = client) =>
  getSignedUrl(from, command, { expiresIn: 300 });

describe('objects', () => {
  it('come back byte for byte, with the headers they were stored with', async () => {
    const bytes = Uint8Array.from({ length: 256 }, (_, at) => at);
    const headers = { ContentType: 'application/pdf', ContentDisposition: 'attachment; filename="x.pdf"' };
    await put('a/b.bin', bytes, { ...headers, CacheControl: 'private', Metadata: { practice: 'oak' } });
    const found = await get('a/b.bin');
    expect(await found.Body?.transformToByteArray()).toEqual(Buffer.from(bytes));
    expect(found).toMatchObject({ ...headers, CacheControl: 'private', Metadata: { practice: 'oak' } });
    const head = await client.send(new HeadObjectCommand({ Bucket: DOCUMENTS, Key: 'a/b.bin' }));
    expect(head).toMatchObject({ ContentLength: 256, ETag: found.ETag });
    expect(head.ETag).toMatch(/^"[0-9a-f]{32}"$/);
  });

  it('may be sent as a stream, or empty', async () => {
    const half = Buffer.alloc(100_000, 'z');
    await put('stream', Readable.from([half, half]), { ContentLength: 200_000 });
    expect(await textOf('stream')).toBe('z'.repeat(200_000));
    await put('empty', '');
    expect(await textOf('empty')).toBe('');
  });

  it('may have keys in any script', async () => {
    const Key = 'é ü/ファイル (1)+&.txt';
    await put(Key, 'u');
    expect(await textOf(Key)).toBe('u');
    const link = await linkTo(new GetObjectCommand({ Bucket: DOCUMENTS, Key }));
    expect(await (await fetch(link)).text()).toBe('u');
  });

  it('are read in ranges', async () => {
    await put('digits', '0123456789');
    expect(await textOf('digits', { Range: 'bytes=2-4' })).toBe('234');
    expect(await textOf('digits', { Range: 'bytes=-2' })).toBe('89');
    expect((await get('digits', { Range: 'bytes=5-' })).$metadata.httpStatusCode).toBe(206);
    await expect(get('digits', { Range: 'bytes=20-' })).rejects.toMatchObject({ name: 'InvalidRange' });
  });

  it('that are missing answer NoSuchKey, or NotFound to HEAD', async () => {
    await expect(get('missing')).rejects.toMatchObject({ name: 'NoSuchKey' });
    const head = client.send(new HeadObjectCommand({ Bucket: DOCUMENTS, Key: 'missing' }));
    await expect(head).rejects.toMatchObject({ name: 'NotFound' });
    await expect(get('any', { Bucket: 'no-such-bucket' })).rejects.toMatchObject({ name: 'NoSuchBucket' });
  });

  it('are written once under IfNoneMatch', async () => {
    await put('once', '1', { IfNoneMatch: '*' });
    await expect(put('once', '2', { IfNoneMatch: '*' })).rejects.toMatchObject({ name: 'PreconditionFailed' });
    expect(await textOf('once')).toBe('1');
  });

  it('are listed by prefix, folder and page', async () => {
    for (const at of [0, 1, 2, 3, 4]) await put(`list/${at}`, 'x');
    const page = await list({ Prefix: 'list/', MaxKeys: 2 });
    expect(page).toMatchObject({ KeyCount: 2, IsTruncated: true });
    const rest = await list({ Prefix: 'list/', ContinuationToken: page.NextContinuationToken });
    expect(rest.Contents?.map(({ Key }) => Key)).toEqual(['list/2', 'list/3', 'list/4']);
    const folders = await list({ Delimiter: '/' });
    expect(folders.CommonPrefixes).toContainEqual({ Prefix: 'list/' });
  });

  it('are copied and deleted', async () => {
    await put('original', 'text', { ContentType: 'text/csv' });
    await client.send(new CopyObjectCommand({ Bucket: DOCUMENTS, Key: 'copy', CopySource: `${DOCUMENTS}/original` }));
    expect(await get('copy')).toMatchObject({ ContentType: 'text/csv', ContentLength: 4 });
    await client.send(new DeleteObjectCommand({ Bucket: DOCUMENTS, Key: 'copy' }));
    await expect(get('copy')).rejects.toMatchObject({ name: 'NoSuchKey' });
    const several = { Objects: [{ Key: 'original' }, { Key: 'never & there' }] };
    const deleted = await client.send(new DeleteObjectsCommand({ Bucket: DOCUMENTS, Delete: several }));
    expect(deleted.Deleted).toEqual(several.Objects);
  });

  it('keep their versions where the bucket does', async () => {
    const first = await put('v', '1', { Bucket: 'versioned' });
    const second = await put('v', '2', { Bucket: 'versioned' });
    expect(first.VersionId).not.toBe(second.VersionId);
    expect(await textOf('v', { Bucket: 'versioned', VersionId: first.VersionId })).toBe('1');
    expect(await textOf('v', { Bucket: 'versioned' })).toBe('2');
  });

  it('survive a restart', async () => {
    await put('kept', 'for long', { ContentType: 'text/plain' });
    const again = await startS3(options);
    const found = await clientOf(again).send(new GetObjectCommand({ Bucket: DOCUMENTS, Key: 'kept' }));
    expect(await found.Body?.transformToString()).toBe('for long');
    expect(found.ContentType).toBe('text/plain');
    await again.close();
  });
});

describe('presigned links', () => {
  const read = () => new GetObjectCommand({ Bucket: DOCUMENTS, Key: 'bill.pdf' });
  beforeAll(() => put('bill.pdf', 'pdf'));

  it('open the object, under the name and type that the link says', async () => {
    const disposition = 'attachment; filename="Bill 7.pdf"';
    const named = new GetObjectCommand({
      Bucket: DOCUMENTS,
      Key: 'bill.pdf',
      ResponseContentDisposition: disposition,
      ResponseContentType: 'application/pdf',
    });
    const answer = await fetch(await linkTo(named));
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-disposition')).toBe(disposition);
    expect(answer.headers.get('content-type')).toBe('application/pdf');
    expect(await answer.text()).toBe('pdf');
  });

  it('end when the moved clock passes their time', async () => {
    const link = await linkTo(read());
    offset = 299_000;
    expect((await fetch(link)).status).toBe(200);
    offset = 302_000;
    expect((await fetch(link)).status).toBe(403);
  });

  it('open nothing else: another key, no signature, a wrong secret, an unknown key', async () => {
    await put('other.pdf', 'secret');
    expect((await fetch((await linkTo(read())).replace('bill.pdf', 'other.pdf'))).status).toBe(403);
    expect((await fetch(`${part.url}/${DOCUMENTS}/bill.pdf`)).status).toBe(403);
    expect((await fetch(await linkTo(read(), clientOf(part, 'local', 'wrong')))).status).toBe(403);
    expect((await fetch(await linkTo(read(), clientOf(part, 'unknown')))).status).toBe(403);
  });

  it('take an upload with its type', async () => {
    const link = await linkTo(new PutObjectCommand({ Bucket: DOCUMENTS, Key: 'up.csv', ContentType: 'text/csv' }));
    const answer = await fetch(link, { method: 'PUT', headers: { 'content-type': 'text/csv' }, body: 'a,b\n' });
    expect(answer.status).toBe(200);
    expect(await textOf('up.csv')).toBe('a,b\n');
    expect((await get('up.csv')).ContentType).toBe('text/csv');
  });

  it('carry the rights of who signed them', async () => {
    denied.add('s3:GetObject');
    expect((await fetch(await linkTo(read(), clientOf(part, 'reader')))).status).toBe(403);
  });
});

describe('rights', () => {
  it('name the object, the bucket and the key that encrypts it', async () => {
    asked.length = 0;
    await put('r', 'x');
    await get('r');
    await list({ Prefix: 'r' });
    expect(asked).toEqual([
      's3:PutObject arn:aws:s3:::documents/r',
      'kms:GenerateDataKey arn:key',
      's3:GetObject arn:aws:s3:::documents/r',
      'kms:Decrypt arn:key',
      's3:ListBucket arn:aws:s3:::documents',
    ]);
  });

  it('hide what is missing from who may not list', async () => {
    denied.add('s3:ListBucket');
    const read = new GetObjectCommand({ Bucket: DOCUMENTS, Key: 'missing' });
    await expect(clientOf(part, 'reader').send(read)).rejects.toMatchObject({ name: 'AccessDenied' });
  });
});

describe('at the edge', () => {
  it('answers CORS as the bucket is configured', async () => {
    const preflight = (origin: string, method: string) =>
      fetch(`${part.url}/${DOCUMENTS}/bill.pdf`, {
        method: 'OPTIONS',
        headers: { origin, 'access-control-request-method': method, 'access-control-request-headers': 'range' },
      });
    const allowed = await preflight('https://app.test', 'GET');
    expect(allowed.headers.get('access-control-allow-origin')).toBe('https://app.test');
    expect((await preflight('https://other.test', 'GET')).status).toBe(403);
    expect((await preflight('https://app.test', 'PUT')).status).toBe(403);
  });

  it('suffers faults before and after the call', async () => {
    fault = { service: 's3', when: 'before', error: 'throttle' };
    await expect(put('faulty', '1')).rejects.toMatchObject({ name: 'SlowDown' });
    await expect(get('faulty')).rejects.toMatchObject({ name: 'NoSuchKey' });
    fault = { service: 's3', when: 'after', error: '500' };
    await expect(put('faulty', '1')).rejects.toMatchObject({ name: 'InternalError' });
    expect(await textOf('faulty')).toBe('1');
  });
});
