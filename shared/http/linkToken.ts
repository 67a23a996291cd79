import { createHmac } from 'node:crypto';
import { sameText } from './sameText';

/**
 * The token of a pay link: what it opens, and a code that only our key makes. Nothing of it is kept; it dies with the
 * share that it names. It stands in a link's fragment, which no server and no log ever sees.
 */
export const linkToken = (id: string, key: string): string => `v1.${id}.${codeOf(id, key)}`;

const form = /^v1\.((?:share|wrk)_[0-9A-HJKMNP-TV-Z]{26})\.([\w-]{43})$/;

/** The share or notice that the token names; nothing for one that we did not make. */
export function readLinkToken(token: string, key: string): string | undefined {
  const [, id, code] = form.exec(token) ?? [];
  if (id === undefined || code === undefined) return undefined;
  return sameText(code, codeOf(id, key)) ? id : undefined;
}

const codeOf = (id: string, key: string): string => createHmac('sha256', key).update(id).digest('base64url');
