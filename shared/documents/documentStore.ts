import { createHash } from 'node:crypto';
import { GetObjectCommand, NoSuchKey, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import type { Clock } from '../clock';
import { clock } from '../clock';
import { config } from '../config';
import type { Instant } from '../domain/calendar';
import { addSeconds } from '../domain/calendar';
import type { BillForPaper } from './billForPaper';
import { templateVersion } from './paper';

/** Rendered files, kept once made: private, and reached by whoever has a link of five minutes. */
export interface DocumentStore {
  keep(key: string, bytes: Uint8Array, contentType?: string): Promise<void>;
  /** The bytes kept under this key, or nothing when it was never rendered. */
  find(key: string): Promise<Buffer | undefined>;
  link(key: string, filename: string): Promise<DocumentLink>;
}

export interface DocumentLink {
  readonly url: string;
  readonly expiresAt: Instant;
}

export const linkSeconds = 300;

/**
 * Where a bill's file is kept: the bill's version, the template's, the access code, and a hash of all that the paper says.
 * Some of it changes without a new version of the bill: whether it can be paid online, how its insurer is called.
 */
export function billKey({ practiceId, billId, version, paper }: BillFile): string {
  const said = createHash('sha256').update(JSON.stringify(paper)).digest('base64url').slice(0, 22);
  return `P/${practiceId}/bills/${billId}/${version}-${templateVersion}-${paper.accessCode}-${said}.pdf`;
}

interface BillFile {
  readonly practiceId: string;
  readonly billId: string;
  readonly version: number;
  readonly paper: BillForPaper;
}

/** Of a statement or superbill: it never changes, so the template's version is all that can. */
export const documentKey = (of: { practiceId: string; kind: 'statement' | 'superbill'; id: string }): string =>
  `P/${of.practiceId}/${of.kind}s/${of.id}/${templateVersion}.pdf`;

export function s3DocumentStore(
  needs: { client?: S3Client; bucket?: () => string; clock?: Clock } = {},
): DocumentStore {
  let client = needs.client;
  const s3 = (): S3Client => {
    client ??= new S3Client({});
    return client;
  };
  const bucket = needs.bucket ?? config.documentsBucket;
  const now = needs.clock ?? clock;
  return {
    async keep(key, bytes, contentType = 'application/pdf') {
      await s3().send(
        new PutObjectCommand({
          Bucket: bucket(),
          Key: key,
          Body: bytes,
          ContentType: contentType,
          ContentMD5: createHash('md5').update(bytes).digest('base64'),
        }),
      );
    },
    async find(key) {
      try {
        const found = await s3().send(new GetObjectCommand({ Bucket: bucket(), Key: key }));
        return found.Body ? Buffer.from(await found.Body.transformToByteArray()) : undefined;
      } catch (error) {
        if (error instanceof NoSuchKey) return undefined;
        throw error;
      }
    },
    async link(key, filename) {
      const at = now.now();
      const command = new GetObjectCommand({
        Bucket: bucket(),
        Key: key,
        ResponseContentType: 'application/pdf',
        ResponseContentDisposition: disposition(filename),
      });
      const url = await getSignedUrl(s3(), command, { expiresIn: linkSeconds, signingDate: new Date(at) });
      return { url, expiresAt: addSeconds(at, linkSeconds) };
    },
  };
}

/** RFC 6266: a plain name for every browser, the true one for those that can; a quote or line break cannot escape it. */
export function disposition(filename: string): string {
  const ascii = filename.normalize('NFKD').replace(/[^\w .()-]/g, '');
  const encoded = encodeURIComponent(filename).replace(
    /['()*]/g,
    c => `%${c.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `inline; filename="${ascii}"; filename*=UTF-8''${encoded}`;
}

export const documentStore: DocumentStore = s3DocumentStore();
