import { createHmac } from 'node:crypto';

/**
 * The six digits to sign in with, which only our key makes of the request's id. Nothing of them is kept, so that whoever
 * reads the table signs in nowhere.
 */
export function signInCode(signInId: string, key: string): string {
  const digest = createHmac('sha256', key).update(`sign-in ${signInId}`).digest();
  return String(digest.readUIntBE(0, 6) % 1_000_000).padStart(6, '0');
}
