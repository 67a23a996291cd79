import { AccessDenied } from '../../parts';
import { bucketArn, objectArn } from '../arns';
import type { Answer, Call } from '../loopback';
import { bodyOf } from './chunked';
import type { Bucket, ObjectFacts } from './objects';
import { escapeXml, S3Error, unescapeXml, xmlAnswer } from './xml';

export interface S3Call {
  readonly call: Call;
  readonly bucket: Bucket;
  readonly key: string;
  readonly now: number;
  bucketNamed(name: string): Bucket;
  /** Throws when the caller may not; `s3:GetObject` and `s3:PutObject` ask for the bucket's key as well. */
  demand(action: string, bucket: string, resource: string): void;
}

const KEPT = new Set(['content-type', 'content-disposition', 'content-language', 'cache-control', 'expires']);
const noSuchKey = () => new S3Error(404, 'NoSuchKey', 'The specified key does not exist.');

function keptHeaders(headers: Call['headers']): Record<string, string> {
  const kept = Object.entries(headers).filter(([name]) => KEPT.has(name) || name.startsWith('x-amz-meta-'));
  return Object.fromEntries(kept.map(([name, value]) => [name, String(value)]));
}

function answered(facts: ObjectFacts): Record<string, string> {
  return {
    etag: `"${facts.etag}"`,
    ...(facts.versionId === undefined ? {} : { 'x-amz-version-id': facts.versionId }),
  };
}

/** Who may not list a bucket does not learn that an object is absent: S3 answers 403. */
function missing({ demand, bucket }: S3Call): S3Error {
  try {
    demand('s3:ListBucket', bucket.name, bucketArn(bucket.name));
  } catch (error) {
    if (error instanceof AccessDenied) return new S3Error(403, 'AccessDenied', error.message);
    throw error;
  }
  return noSuchKey();
}

function putObject({ call, bucket, key, now, demand }: S3Call): Answer {
  demand('s3:PutObject', bucket.name, objectArn(bucket.name, key));
  if (call.headers['if-none-match'] === '*' && bucket.facts(key) !== undefined)
    throw new S3Error(412, 'PreconditionFailed', 'At least one of the pre-conditions you specified did not hold');
  return { status: 200, headers: answered(bucket.put(key, bodyOf(call), keptHeaders(call.headers), now)) };
}

function copyObject(request: S3Call): Answer {
  const { call, bucket, key, now, demand } = request;
  const [name = '', ...rest] = decodeURIComponent(String(call.headers['x-amz-copy-source']))
    .replace(/^\//, '')
    .split('/');
  const sourceKey = rest.join('/');
  demand('s3:GetObject', name, objectArn(name, sourceKey));
  demand('s3:PutObject', bucket.name, objectArn(bucket.name, key));
  const source = request.bucketNamed(name).read(sourceKey);
  if (source === undefined) throw noSuchKey();
  const replaces = call.headers['x-amz-metadata-directive'] === 'REPLACE';
  const facts = bucket.put(key, source.body, replaces ? keptHeaders(call.headers) : source.facts.headers, now);
  const at = new Date(now).toISOString();
  return xmlAnswer(
    200,
    `<CopyObjectResult><ETag>"${facts.etag}"</ETag><LastModified>${at}</LastModified></CopyObjectResult>`,
  );
}

function rangeOf(header: string | undefined, size: number): { from: number; to: number } | undefined {
  const [, first, last] = /^bytes=(\d*)-(\d*)$/.exec(header ?? '') ?? [];
  if (first === undefined || last === undefined || (first === '' && last === '')) return undefined;
  const from = first === '' ? Math.max(0, size - Number(last)) : Number(first);
  const to = first === '' || last === '' ? size - 1 : Math.min(Number(last), size - 1);
  if (from > to) throw new S3Error(416, 'InvalidRange', 'The requested range is not satisfiable');
  return { from, to };
}

function getObject(request: S3Call): Answer {
  const { call, bucket, key, demand } = request;
  demand('s3:GetObject', bucket.name, objectArn(bucket.name, key));
  const query = call.url.searchParams;
  const found = bucket.read(key, query.get('versionId'));
  if (found === undefined) throw missing(request);
  const headers: Record<string, string> = {
    ...found.facts.headers,
    ...answered(found.facts),
    'last-modified': new Date(found.facts.modifiedAt).toUTCString(),
    'accept-ranges': 'bytes',
  };
  for (const name of KEPT) {
    const wanted = query.get(`response-${name}`);
    if (wanted !== null) headers[name] = wanted;
  }
  if (call.method === 'HEAD')
    return { status: 200, headers: { ...headers, 'content-length': String(found.facts.bytes) } };
  const range = rangeOf(call.headers.range, found.facts.bytes);
  if (range === undefined) return { status: 200, headers, body: found.body };
  return {
    status: 206,
    headers: { ...headers, 'content-range': `bytes ${range.from}-${range.to}/${found.facts.bytes}` },
    body: found.body.subarray(range.from, range.to + 1),
  };
}

function deleteObject({ bucket, key, demand }: S3Call): Answer {
  demand('s3:DeleteObject', bucket.name, objectArn(bucket.name, key));
  bucket.remove(key);
  return { status: 204 };
}

function deleteObjects({ call, bucket, demand }: S3Call): Answer {
  const keys = [
    ...bodyOf(call)
      .toString()
      .matchAll(/<Key>([^<]*)<\/Key>/g),
  ].map(match => unescapeXml(match[1] ?? ''));
  for (const key of keys) demand('s3:DeleteObject', bucket.name, objectArn(bucket.name, key));
  for (const key of keys) bucket.remove(key);
  const deleted = keys.map(key => `<Deleted><Key>${escapeXml(key)}</Key></Deleted>`).join('');
  return xmlAnswer(200, `<DeleteResult>${deleted}</DeleteResult>`);
}

function listObjects({ call, bucket, demand }: S3Call): Answer {
  demand('s3:ListBucket', bucket.name, bucketArn(bucket.name));
  const query = call.url.searchParams;
  const prefix = query.get('prefix') ?? '';
  const delimiter = query.get('delimiter') ?? '';
  const limit = Number(query.get('max-keys') ?? 1000);
  const token = query.get('continuation-token');
  const after = token === null ? (query.get('start-after') ?? '') : Buffer.from(token, 'base64').toString();
  const all = bucket.list(prefix, after);
  const folders = new Set<string>();
  const listed: ObjectFacts[] = [];
  let last: string | undefined;
  for (const facts of all) {
    const cut = delimiter === '' ? -1 : facts.key.indexOf(delimiter, prefix.length);
    const folder = cut < 0 ? undefined : facts.key.slice(0, cut + delimiter.length);
    // Keys of a folder that is already on the page take no place of their own.
    if (listed.length + folders.size >= limit && (folder === undefined || !folders.has(folder))) break;
    if (folder === undefined) listed.push(facts);
    else folders.add(folder);
    last = facts.key;
  }
  const truncated = last !== undefined && last !== all.at(-1)?.key;
  return xmlAnswer(
    200,
    [
      `<ListBucketResult><Name>${bucket.name}</Name><Prefix>${escapeXml(prefix)}</Prefix>`,
      `<KeyCount>${listed.length + folders.size}</KeyCount><MaxKeys>${limit}</MaxKeys><IsTruncated>${truncated}</IsTruncated>`,
      truncated ? `<NextContinuationToken>${Buffer.from(last ?? '').toString('base64')}</NextContinuationToken>` : '',
      ...listed.map(contents),
      ...[...folders].map(folder => `<CommonPrefixes><Prefix>${escapeXml(folder)}</Prefix></CommonPrefixes>`),
      '</ListBucketResult>',
    ].join(''),
  );
}

const contents = (facts: ObjectFacts) =>
  `<Contents><Key>${escapeXml(facts.key)}</Key><LastModified>${new Date(facts.modifiedAt).toISOString()}</LastModified>` +
  `<ETag>"${facts.etag}"</ETag><Size>${facts.bytes}</Size><StorageClass>STANDARD</StorageClass></Contents>`;

function headBucket({ bucket, demand }: S3Call): Answer {
  demand('s3:ListBucket', bucket.name, bucketArn(bucket.name));
  return { status: 200 };
}

const operations = {
  PutObject: putObject,
  CopyObject: copyObject,
  GetObject: getObject,
  HeadObject: getObject,
  DeleteObject: deleteObject,
  DeleteObjects: deleteObjects,
  ListObjectsV2: listObjects,
  HeadBucket: headBucket,
} as const;

export type S3Operation = keyof typeof operations;

/** Which of S3's operations a request is; the others are not answered here. */
export function operationOf({ method, url, headers }: Call, key: string): S3Operation {
  const query = url.searchParams;
  const unsupported = ['tagging', 'acl', 'uploads', 'uploadId', 'versioning', 'versions'].some(name => query.has(name));
  if (!unsupported && key !== '') {
    if (method === 'PUT') return headers['x-amz-copy-source'] === undefined ? 'PutObject' : 'CopyObject';
    if (method === 'GET') return 'GetObject';
    if (method === 'HEAD') return 'HeadObject';
    if (method === 'DELETE') return 'DeleteObject';
  }
  if (!unsupported && key === '') {
    if (method === 'POST' && query.has('delete')) return 'DeleteObjects';
    if (method === 'GET' && query.get('list-type') === '2') return 'ListObjectsV2';
    if (method === 'HEAD') return 'HeadBucket';
  }
  throw new S3Error(501, 'NotImplemented', 'The stand-in of the one-machine cloud does not know this operation.');
}

export const performS3 = (operation: S3Operation, request: S3Call): Answer => operations[operation](request);
