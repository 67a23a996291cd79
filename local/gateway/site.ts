import { createHash } from 'node:crypto';
import { existsSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import type { Door, WebAnswer } from './exchange';

const contentTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.webmanifest': 'application/manifest+json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.webp': 'image/webp',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.txt': 'text/plain; charset=utf-8',
  '.map': 'application/json',
};

/** What S3 behind CloudFront answers for a key that is not there: it may not list, so it does not say 404. */
const denied: WebAnswer = {
  status: 403,
  headers: { 'content-type': 'application/xml' },
  body: '<?xml version="1.0" encoding="UTF-8"?><Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>',
};

function fileOf(folder: string, rawPath: string): string | undefined {
  try {
    return path.join(folder, decodeURIComponent(rawPath));
  } catch {
    // No key has such a name.
    return undefined;
  }
}

/** Serves the built portal's folder as its bucket would, with what publishing writes beside it. A folder is no key. */
export function site(folder: string | undefined, written: Readonly<Record<string, string>> = {}): Door {
  return async request => {
    const content = written[request.rawPath];
    if (content !== undefined)
      return {
        status: 200,
        headers: { 'content-type': 'application/json', 'cache-control': 'no-cache' },
        body: content,
      };
    if (folder === undefined || request.method === 'OPTIONS') return denied;
    const file = fileOf(folder, request.rawPath);
    if (file === undefined || !file.startsWith(folder + path.sep) || !existsSync(file) || !statSync(file).isFile())
      return denied;
    const body = readFileSync(file);
    const etag = `"${createHash('md5').update(body).digest('hex')}"`;
    if (request.headers['if-none-match'] === etag) return { status: 304, headers: { etag }, body: '' };
    // As publishing sets it: these carry their content's hash in the name; a page must be asked for anew.
    const hashed = request.rawPath.startsWith('/assets/');
    return {
      status: 200,
      headers: {
        'content-type': contentTypes[path.extname(file).toLowerCase()] ?? 'application/octet-stream',
        'cache-control': hashed ? 'public, max-age=31536000, immutable' : 'no-cache',
        etag,
      },
      body,
    };
  };
}
