import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';

/** A file that was made with the build and is the same for everybody. */
export interface BuiltFile {
  readonly bytes: Uint8Array;
  readonly gzipped: Uint8Array;
  readonly etag: string;
}

/** Weak: the same file has the same tag, compressed or not. */
export const builtFileOf = (bytes: Uint8Array): BuiltFile => ({
  bytes,
  gzipped: gzipSync(bytes),
  etag: `W/"${createHash('sha256').update(bytes).digest('base64url').slice(0, 22)}"`,
});

/** The file that lies in `data/` beside the bundled code; read when first asked for, then kept. */
export function builtFile(name: string): () => BuiltFile {
  let file: BuiltFile | undefined;
  return () => {
    file ??= builtFileOf(readFileSync(path.join(__dirname, 'data', name)));
    return file;
  };
}

/** Compressed here, since CloudFront compresses only what it may cache. */
export function fileAnswer(file: BuiltFile, headers: Readonly<Record<string, string | undefined>>) {
  const known = (headers['if-none-match'] ?? '').split(',').map(tag => tag.trim());
  const common: Record<string, string> = {
    etag: file.etag,
    'cache-control': 'public, max-age=300',
    vary: 'accept-encoding',
  };
  if (known.includes(file.etag) || known.includes('*'))
    return { status: 304 as const, body: undefined, headers: common };
  if (!/\bgzip\b(?!\s*;\s*q=0(\.0*)?\s*(,|$))/.test(headers['accept-encoding'] ?? ''))
    return { status: 200 as const, body: file.bytes, headers: common };
  return { status: 200 as const, body: file.gzipped, headers: { ...common, 'content-encoding': 'gzip' } };
}
