import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import type { WebAnswer, WebRequest } from './exchange';

/** What CloudFront compresses: text and code, between these sizes. */
const compressible = /^(text\/|application\/(javascript|json|manifest\+json|xml)|image\/svg\+xml)/;
const smallest = 1_000;
const largest = 10_000_000;

/** AWS's own policy under which nothing is cached, and so nothing is compressed. */
const cachingDisabled = '4135ea2d-6df8-44a3-9df3-4b5a84be39ad';

export const compresses = ({ Compress, CachePolicyId }: { Compress?: boolean; CachePolicyId?: string }): boolean =>
  Compress === true && CachePolicyId !== cachingDisabled;

const encoders: readonly (readonly [string, (body: Buffer) => Buffer])[] = [
  ['br', body => brotliCompressSync(body, { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } })],
  ['gzip', body => gzipSync(body)],
];

/** Compresses as CloudFront does, each file once: its etag is its content. */
export function compression(): (request: WebRequest, answer: WebAnswer) => WebAnswer {
  const kept = new Map<string, Buffer>();
  return (request, answer) => {
    const { 'content-type': type = '', etag, 'content-encoding': already } = answer.headers;
    const body = Buffer.from(answer.body);
    if (already !== undefined || body.length < smallest || body.length > largest) return answer;
    if (!compressible.test(String(type))) return answer;
    const accepted = (request.headers['accept-encoding'] ?? '').split(/[,;] */);
    const [encoding, encode] = encoders.find(([name]) => accepted.includes(name)) ?? [];
    if (encoding === undefined || encode === undefined) return answer;
    const key = `${encoding} ${String(etag)}`;
    const encoded = kept.get(key) ?? encode(body);
    if (etag !== undefined) kept.set(key, encoded);
    const headers = { ...answer.headers, 'content-encoding': encoding, vary: 'accept-encoding' };
    return { ...answer, headers, body: encoded };
  };
}
