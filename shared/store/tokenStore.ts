import { createHash, randomBytes } from 'node:crypto';
import { addMinutes, type Instant, instant } from '../domain/calendar';
import { added, replaced } from './changes';
import { getItem, transact } from './kernel';
import { type TokenRecord, tokenEntity } from './table';

export type GuestPass = Pick<TokenRecord, 'practiceId' | 'timeZone' | 'currency'> & {
  readonly billId: string;
  /** The access code was given. */
  readonly verified: boolean;
};

const guestMinutes = 30;
const hashOf = (token: string): string => createHash('sha256').update(token).digest('hex');

export const tokenStore = {
  /** A new token of 256 bits; only its hash is kept. */
  async issueGuest(pass: GuestPass, now: Instant): Promise<{ token: string; expiresAt: Instant }> {
    const token = `gst_${randomBytes(32).toString('base64url')}`;
    const expiresAt = instant(Math.floor(Date.parse(addMinutes(now, guestMinutes)) / 1000) * 1000);
    const record: TokenRecord = {
      ...pass,
      kind: 'guest',
      tokenHash: hashOf(token),
      expiresAt: Date.parse(expiresAt) / 1000,
    };
    await transact([added(tokenEntity, pass.practiceId, record)]);
    return { token, expiresAt };
  },

  /** The bearer token of an `Authorization` header, where a route takes one but does not want one. */
  async ofHeader(authorization: string | undefined, now: Instant): Promise<TokenRecord | undefined> {
    const token = /^Bearer (\S+)$/i.exec(authorization ?? '')?.[1];
    return token === undefined ? undefined : tokenStore.find(hashOf(token), now);
  },

  /** DynamoDB deletes expired items late, so the time is compared. */
  async find(tokenHash: string, now: Instant): Promise<TokenRecord | undefined> {
    const item = await getItem(tokenEntity.key('', { tokenHash }));
    const record = item && tokenEntity.record(item);
    return record && record.expiresAt * 1000 > Date.parse(now) ? record : undefined;
  },

  /** From now on this token opens what wants the second factor. */
  async markVerified(tokenHash: string, now: Instant): Promise<void> {
    const record = await tokenStore.find(tokenHash, now);
    if (!record || record.verified) return;
    await transact([replaced(tokenEntity, record.practiceId, { ...record, verified: true })]);
  },
};
export type TokenStore = typeof tokenStore;
