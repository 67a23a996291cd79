import { createHash } from 'node:crypto';
import type { Letterhead } from '../../domain/billRecord';
import { invariant } from '../../domain/invariant';
import type { DocumentStore } from '../documentStore';
import { isJpeg, readJpeg } from './jpegLogo';
import type { LogoPicture } from './logoPicture';
import { readPng } from './pngLogo';

/**
 * By content, so that a name means one picture for good: a letterhead's snapshot carries it, and a reprint shows what it
 * showed before, whatever the practice has now.
 */
export const logoName = (bytes: Uint8Array): string =>
  createHash('sha256').update(bytes).digest('base64url').slice(0, 16);

export const logoKey = (practiceId: string, name: string): string => `P/${practiceId}/logos/${name}`;

/** The bytes of a logo that a record names: kept before it was named, and never taken away. */
export async function keptLogo(practiceId: string, name: string, files: Pick<DocumentStore, 'find'>): Promise<Buffer> {
  const bytes = await files.find(logoKey(practiceId, name));
  invariant(bytes, `logo ${name} is kept`);
  return bytes;
}

/** What a paper draws in place of the neutral mark. */
export async function logoOf(
  practiceId: string,
  { logo: name }: Letterhead,
  documents: DocumentStore,
): Promise<{ readonly logo?: LogoPicture }> {
  if (name === undefined) return {};
  const bytes = await keptLogo(practiceId, name, documents);
  return { logo: isJpeg(bytes) ? readJpeg(bytes) : readPng(bytes) };
}
