import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { Call } from '../loopback';
import { S3Error } from './xml';

const sha256 = (text: string | Buffer) => createHash('sha256').update(text).digest('hex');
const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest();

/** RFC 3986, as SigV4 wants it: stricter than `encodeURIComponent`. */
const encode = (text: string) =>
  encodeURIComponent(text).replace(/[!'()*]/g, sign => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);

interface Signed {
  readonly credential: string;
  readonly signedHeaders: string;
  readonly signature: string;
  readonly date: string;
  readonly payload: string;
}

function presigned({ url }: Call, now: number): Signed {
  const value = (name: string) => url.searchParams.get(`X-Amz-${name}`) ?? '';
  const date = value('Date');
  const signedAt = Date.parse(date.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'));
  const expiresAt = signedAt + Number(value('Expires')) * 1000;
  if (!(now <= expiresAt)) throw new S3Error(403, 'AccessDenied', 'Request has expired');
  return {
    credential: value('Credential'),
    signedHeaders: value('SignedHeaders'),
    signature: value('Signature'),
    date,
    payload: url.searchParams.get('X-Amz-Content-Sha256') ?? 'UNSIGNED-PAYLOAD',
  };
}

function signedByHeader({ headers, body }: Call): Signed {
  const parts = /Credential=([^,]+), ?SignedHeaders=([^,]+), ?Signature=(\w+)/.exec(headers.authorization ?? '');
  const [, credential, signedHeaders, signature] = parts ?? [];
  if (credential === undefined || signedHeaders === undefined || signature === undefined)
    throw new S3Error(403, 'AccessDenied', 'Access Denied');
  const payload = String(headers['x-amz-content-sha256'] ?? '');
  if (/^[0-9a-f]{64}$/.test(payload) && payload !== sha256(body))
    throw new S3Error(400, 'XAmzContentSHA256Mismatch', "The provided 'x-amz-content-sha256' does not match.");
  return { credential, signedHeaders, signature, date: String(headers['x-amz-date'] ?? ''), payload };
}

function canonicalRequest({ method, url, headers }: Call, { signedHeaders, payload }: Signed): string {
  const query = [...url.searchParams]
    .filter(([name]) => name !== 'X-Amz-Signature')
    .map(([name, value]) => `${encode(name)}=${encode(value)}`)
    .sort()
    .join('&');
  const path = url.pathname.split('/').map(part => encode(decodeURIComponent(part)));
  const named = signedHeaders.split(';').map(name => {
    const value = String(headers[name] ?? '');
    return `${name}:${value.trim().replace(/ +/g, ' ')}`;
  });
  return [method, path.join('/'), query, ...named, '', signedHeaders, payload].join('\n');
}

/**
 * Whose call it is, once its signature is proven. A presigned link ends at its own expiry by `now`, the moved clock;
 * the age of a signed header is not judged, since callers outside the moved time sign too.
 */
export function verifySignature(
  call: Call,
  now: number,
  secretOf: (accessKeyId: string) => string | undefined,
): string {
  const signed = call.url.searchParams.has('X-Amz-Signature') ? presigned(call, now) : signedByHeader(call);
  const [accessKeyId = '', day = '', region = '', service = ''] = signed.credential.split('/');
  const secret = secretOf(accessKeyId);
  if (secret === undefined)
    throw new S3Error(403, 'InvalidAccessKeyId', 'The AWS Access Key Id you provided does not exist in our records.');
  const scope = `${day}/${region}/${service}/aws4_request`;
  const text = ['AWS4-HMAC-SHA256', signed.date, scope, sha256(canonicalRequest(call, signed))].join('\n');
  const key = hmac(hmac(hmac(hmac(`AWS4${secret}`, day), region), service), 'aws4_request');
  const expected = hmac(key, text);
  const given = Buffer.from(signed.signature, 'hex');
  if (given.length !== expected.length || !timingSafeEqual(given, expected))
    throw new S3Error(403, 'SignatureDoesNotMatch', 'The request signature we calculated does not match.');
  return accessKeyId;
}
