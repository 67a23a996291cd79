import { GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { clientOf, DOCUMENTS, type Documents, openDocuments } from './documents';

let documents: Documents;
beforeAll(async () => {
  documents = await openDocuments();
});
afterAll(() => documents.close());
afterEach(() => {
  documents.controls.offsetMs = 0;
  documents.controls.denied.clear();
});

describe('presigned links', () => {
  const read = () => new GetObjectCommand({ Bucket: DOCUMENTS, Key: 'bill.pdf' });
  beforeAll(() => documents.put('bill.pdf', 'pdf'));

  it('open the object, under the name and type that the link says', async () => {
    const disposition = 'attachment; filename="Bill 7.pdf"';
    const named = new GetObjectCommand({
      Bucket: DOCUMENTS,
      Key: 'bill.pdf',
      ResponseContentDisposition: disposition,
      ResponseContentType: 'application/pdf',
    });
    const answer = await fetch(await documents.linkTo(named));
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-disposition')).toBe(disposition);
    expect(answer.headers.get('content-type')).toBe('application/pdf');
    expect(await answer.text()).toBe('pdf');
  });

  it('end when the moved clock passes their time', async () => {
    const link = await documents.linkTo(read());
    // With room for a machine that takes its time.
    documents.controls.offsetMs = 200_000;
    expect((await fetch(link)).status).toBe(200);
    documents.controls.offsetMs = 330_000;
    expect((await fetch(link)).status).toBe(403);
  });

  it('open nothing else: another key, no signature, a wrong secret, an unknown key', async () => {
    await documents.put('other.pdf', 'secret');
    expect((await fetch((await documents.linkTo(read())).replace('bill.pdf', 'other.pdf'))).status).toBe(403);
    expect((await fetch(`${documents.url}/${DOCUMENTS}/bill.pdf`)).status).toBe(403);
    expect((await fetch(await documents.linkTo(read(), clientOf(documents.url, 'local', 'wrong')))).status).toBe(403);
    expect((await fetch(await documents.linkTo(read(), clientOf(documents.url, 'unknown')))).status).toBe(403);
  });

  it('take an upload with its type', async () => {
    const link = await documents.linkTo(
      new PutObjectCommand({ Bucket: DOCUMENTS, Key: 'up.csv', ContentType: 'text/csv' }),
    );
    const answer = await fetch(link, { method: 'PUT', headers: { 'content-type': 'text/csv' }, body: 'a,b\n' });
    expect(answer.status).toBe(200);
    expect(await documents.textOf('up.csv')).toBe('a,b\n');
    expect((await documents.get('up.csv')).ContentType).toBe('text/csv');
  });

  it('carry the rights of who signed them', async () => {
    documents.controls.denied.add('s3:GetObject');
    expect((await fetch(await documents.linkTo(read(), clientOf(documents.url, 'reader')))).status).toBe(403);
  });
});

describe('rights', () => {
  it('name the object, the bucket and the key that encrypts it', async () => {
    documents.controls.asked.length = 0;
    await documents.put('r', 'x');
    await documents.get('r');
    await documents.list({ Prefix: 'r' });
    expect(documents.controls.asked).toEqual([
      's3:PutObject arn:aws:s3:::documents/r',
      'kms:GenerateDataKey arn:key',
      's3:GetObject arn:aws:s3:::documents/r',
      'kms:Decrypt arn:key',
      's3:ListBucket arn:aws:s3:::documents',
    ]);
  });

  it('hide what is missing from who may not list', async () => {
    documents.controls.denied.add('s3:ListBucket');
    const read = new GetObjectCommand({ Bucket: DOCUMENTS, Key: 'missing' });
    await expect(clientOf(documents.url, 'reader').send(read)).rejects.toMatchObject({ name: 'AccessDenied' });
  });
});

describe('at the edge', () => {
  it('answers CORS as the bucket is configured', async () => {
    const preflight = (origin: string, method: string) =>
      fetch(`${documents.url}/${DOCUMENTS}/bill.pdf`, {
        method: 'OPTIONS',
        headers: { origin, 'access-control-request-method': method, 'access-control-request-headers': 'range' },
      });
    const allowed = await preflight('https://app.test', 'GET');
    expect(allowed.headers.get('access-control-allow-origin')).toBe('https://app.test');
    expect((await preflight('https://other.test', 'GET')).status).toBe(403);
    expect((await preflight('https://app.test', 'PUT')).status).toBe(403);
  });

  it('suffers faults before and after the call', async () => {
    documents.controls.fault = { service: 's3', when: 'before', error: 'throttle' };
    await expect(documents.put('faulty', '1')).rejects.toMatchObject({ name: 'SlowDown' });
    await expect(documents.get('faulty')).rejects.toMatchObject({ name: 'NoSuchKey' });
    documents.controls.fault = { service: 's3', when: 'after', error: '500' };
    await expect(documents.put('faulty', '1')).rejects.toMatchObject({ name: 'InternalError' });
    expect(await documents.textOf('faulty')).toBe('1');
  });
});
