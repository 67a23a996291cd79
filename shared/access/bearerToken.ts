import { createHash, randomBytes } from 'node:crypto';

/** A token of 256 bits; its beginning tells the gateway's question what to look for. */
export const newBearerToken = (kind: 'gst' | 'clt'): string => `${kind}_${randomBytes(32).toString('base64url')}`;

/** As it is kept. */
export const tokenHashOf = (token: string): string => createHash('sha256').update(token).digest('hex');
