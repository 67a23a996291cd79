/**
 * Uploads the site after `cdk deploy --all --outputs-file .build/outputs.json`. Not by CDK's own deployment construct: that
 * is a custom resource with a function and wide rights behind it, and templates here hold none. Files with a hash in
 * their name go first and stay for a year; the pages go last and are asked for anew each time, so nobody ever gets a page
 * whose files are not there, and nothing needs to be invalidated.
 */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { invariant } from '../shared/domain/invariant';
import { buildSite } from './site';

const contentTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.txt': 'text/plain; charset=utf-8',
  '.map': 'application/json',
  '.webmanifest': 'application/manifest+json',
};

const outputsFile = process.argv[2] ?? '.build/outputs.json';
const outputs = JSON.parse(readFileSync(outputsFile, 'utf8')) as Record<string, Record<string, string>>;
const web = Object.values(outputs).find(stack => stack.SiteBucket);
invariant(
  web,
  `${outputsFile} holds no outputs of the web stack: run \`cdk deploy --all --outputs-file ${outputsFile}\``,
);
const { SiteBucket, Issuer, PortalClientId, PublicUrl, Region } = web;
const s3 = new S3Client({ ...(Region ? { region: Region } : {}) });

const put = (key: string, body: Uint8Array | string, cacheControl: string) =>
  s3.send(
    new PutObjectCommand({
      Bucket: SiteBucket,
      Key: key,
      Body: body,
      CacheControl: cacheControl,
      ContentType: contentTypes[path.extname(key)] ?? 'application/octet-stream',
    }),
  );

const { folder } = await buildSite();
const files = readdirSync(folder, { recursive: true, withFileTypes: true })
  .filter(entry => entry.isFile())
  .map(entry => path.relative(folder, path.join(entry.parentPath, entry.name)).replaceAll('\\', '/'));
const hashed = files.filter(file => file.startsWith('assets/'));
const pages = files.filter(file => !file.startsWith('assets/'));
for (const file of hashed)
  await put(file, readFileSync(path.join(folder, file)), 'public, max-age=31536000, immutable');
// What differs from one deployment to the next; the portal asks for it when it starts.
await put('config.json', JSON.stringify({ issuer: Issuer, clientId: PortalClientId }), 'no-cache');
for (const file of pages) await put(file, readFileSync(path.join(folder, file)), 'no-cache');
console.log(`${files.length} files of the site are at ${PublicUrl}`);
