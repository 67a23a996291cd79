import { Readable } from 'node:stream';
import {
  CopyObjectCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadObjectCommand,
} from '@aws-sdk/client-s3';
import { clientOf, DOCUMENTS, type Documents, openDocuments } from './documents';

let documents: Documents;
beforeAll(async () => {
  documents = await openDocuments();
});
afterAll(() => documents.close());

describe('objects', () => {
  it('come back byte for byte, with the headers they were stored with', async () => {
    const bytes = Uint8Array.from({ length: 256 }, (_, at) => at);
    const headers = { ContentType: 'application/pdf', ContentDisposition: 'attachment; filename="x.pdf"' };
    await documents.put('a/b.bin', bytes, { ...headers, CacheControl: 'private', Metadata: { practice: 'oak' } });
    const found = await documents.get('a/b.bin');
    expect(await found.Body?.transformToByteArray()).toEqual(Buffer.from(bytes));
    expect(found).toMatchObject({ ...headers, CacheControl: 'private', Metadata: { practice: 'oak' } });
    const head = await documents.client.send(new HeadObjectCommand({ Bucket: DOCUMENTS, Key: 'a/b.bin' }));
    expect(head).toMatchObject({ ContentLength: 256, ETag: found.ETag });
    expect(head.ETag).toMatch(/^"[0-9a-f]{32}"$/);
  });

  it('may be sent as a stream, or empty', async () => {
    const half = Buffer.alloc(100_000, 'z');
    await documents.put('stream', Readable.from([half, half]), { ContentLength: 200_000 });
    expect(await documents.textOf('stream')).toBe('z'.repeat(200_000));
    await documents.put('empty', '');
    expect(await documents.textOf('empty')).toBe('');
  });

  it('may have keys in any script', async () => {
    const Key = 'é ü/ファイル (1)+&.txt';
    await documents.put(Key, 'u');
    expect(await documents.textOf(Key)).toBe('u');
    const link = await documents.linkTo(new GetObjectCommand({ Bucket: DOCUMENTS, Key }));
    expect(await (await fetch(link)).text()).toBe('u');
  });

  it('are read in ranges', async () => {
    await documents.put('digits', '0123456789');
    expect(await documents.textOf('digits', { Range: 'bytes=2-4' })).toBe('234');
    expect(await documents.textOf('digits', { Range: 'bytes=-2' })).toBe('89');
    expect((await documents.get('digits', { Range: 'bytes=5-' })).$metadata.httpStatusCode).toBe(206);
    await expect(documents.get('digits', { Range: 'bytes=20-' })).rejects.toMatchObject({ name: 'InvalidRange' });
  });

  it('that are missing answer NoSuchKey, or NotFound to HEAD', async () => {
    await expect(documents.get('missing')).rejects.toMatchObject({ name: 'NoSuchKey' });
    const head = documents.client.send(new HeadObjectCommand({ Bucket: DOCUMENTS, Key: 'missing' }));
    await expect(head).rejects.toMatchObject({ name: 'NotFound' });
    await expect(documents.get('any', { Bucket: 'no-such-bucket' })).rejects.toMatchObject({ name: 'NoSuchBucket' });
  });

  it('are written once under IfNoneMatch', async () => {
    await documents.put('once', '1', { IfNoneMatch: '*' });
    await expect(documents.put('once', '2', { IfNoneMatch: '*' })).rejects.toMatchObject({
      name: 'PreconditionFailed',
    });
    expect(await documents.textOf('once')).toBe('1');
  });

  it('are listed by prefix, folder and page', async () => {
    for (const at of [0, 1, 2, 3, 4]) await documents.put(`list/${at}`, 'x');
    const page = await documents.list({ Prefix: 'list/', MaxKeys: 2 });
    expect(page).toMatchObject({ KeyCount: 2, IsTruncated: true });
    const rest = await documents.list({ Prefix: 'list/', ContinuationToken: page.NextContinuationToken });
    expect(rest.Contents?.map(({ Key }) => Key)).toEqual(['list/2', 'list/3', 'list/4']);
    const folders = await documents.list({ Delimiter: '/' });
    expect(folders.CommonPrefixes).toContainEqual({ Prefix: 'list/' });
  });

  it('are copied and deleted', async () => {
    await documents.put('original', 'text', { ContentType: 'text/csv' });
    await documents.client.send(
      new CopyObjectCommand({ Bucket: DOCUMENTS, Key: 'copy', CopySource: `${DOCUMENTS}/original` }),
    );
    expect(await documents.get('copy')).toMatchObject({ ContentType: 'text/csv', ContentLength: 4 });
    await documents.client.send(new DeleteObjectCommand({ Bucket: DOCUMENTS, Key: 'copy' }));
    await expect(documents.get('copy')).rejects.toMatchObject({ name: 'NoSuchKey' });
    const several = { Objects: [{ Key: 'original' }, { Key: 'never & there' }] };
    const deleted = await documents.client.send(new DeleteObjectsCommand({ Bucket: DOCUMENTS, Delete: several }));
    expect(deleted.Deleted).toEqual(several.Objects);
  });

  it('keep their versions where the bucket does', async () => {
    const first = await documents.put('v', '1', { Bucket: 'versioned' });
    const second = await documents.put('v', '2', { Bucket: 'versioned' });
    expect(first.VersionId).not.toBe(second.VersionId);
    expect(await documents.textOf('v', { Bucket: 'versioned', VersionId: first.VersionId })).toBe('1');
    expect(await documents.textOf('v', { Bucket: 'versioned' })).toBe('2');
  });

  it('survive a restart', async () => {
    await documents.put('kept', 'for long', { ContentType: 'text/plain' });
    const again = await documents.restart();
    const found = await clientOf(again.url).send(new GetObjectCommand({ Bucket: DOCUMENTS, Key: 'kept' }));
    expect(await found.Body?.transformToString()).toBe('for long');
    expect(found.ContentType).toBe('text/plain');
    await again.close();
  });
});
