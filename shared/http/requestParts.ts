import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { Problem } from '../domain/problem';
import type { Row } from '../operations/row';
import type { InputIssue } from './inputIssues';

type Headers = Readonly<Record<string, string | undefined>>;

/** The second from the right is who talked to CloudFront; what stands further left anybody can write. */
export function callerAddress(headers: Headers): string {
  const chain = (headers['x-forwarded-for'] ?? '').split(',').map(part => part.trim());
  return chain.at(-2) ?? chain.at(-1) ?? 'unknown';
}

/** The body of a GET means nothing (RFC 9110), so it is not looked at. */
export const bodyBytes = ({ method }: Row, { body, isBase64Encoded }: APIGatewayProxyEventV2): Uint8Array =>
  method === 'GET' ? new Uint8Array() : Buffer.from(body ?? '', isBase64Encoded ? 'base64' : 'utf8');

const mediaType = (headers: Headers): string =>
  (headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? '';

export function checkMediaType(row: Row, headers: Headers): void {
  const accepted = row.accepts ?? [];
  if (accepted.length > 0 && !accepted.includes(mediaType(headers))) {
    throw new Problem('unsupported_media_type', { accepted });
  }
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

export function readJson(headers: Headers, raw: Uint8Array): unknown {
  if (raw.length === 0) return {};
  if (mediaType(headers) !== 'application/json') {
    throw new Problem('unsupported_media_type', { accepted: ['application/json'] });
  }
  try {
    return JSON.parse(utf8.decode(raw));
  } catch {
    throw new Problem('malformed_json');
  }
}

export function readKey(row: Row, headers: Headers): string | undefined {
  if (!row.idempotency) return undefined;
  const key = headers['idempotency-key'];
  if (key === undefined && row.idempotency === 'accepted') return undefined;
  if (key === undefined || !/^[\x20-\x7e]{8,255}$/.test(key)) throw new Problem('idempotency_key_required');
  return key;
}

export function readIfMatch(headers: Headers, issues: InputIssue[]): number | undefined {
  const value = headers['if-match'];
  if (value === undefined || value === '*') return undefined;
  const match = /^(?:W\/)?"(\d{1,9})"$/.exec(value.trim());
  if (!match) issues.push({ pointer: '/headers/if-match', message: 'must be an ETag that this API gave' });
  return match ? Number(match[1]) : undefined;
}
