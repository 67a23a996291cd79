import { newBearerToken, tokenHashOf } from '../access/bearerToken';
import { addMinutes, type Instant, instant } from '../domain/calendar';
import { added, replaced } from './changes';
import { LostRace, transact, type Write } from './kernel';
import type { PortalAccount } from './portalStore';
import { type TokenRecord, tokenEntity } from './table';

const idleMinutes = 30;
const longestMinutes = 12 * 60;

const seconds = (at: Instant): number => Math.floor(Date.parse(at) / 1000);

export interface NewToken {
  readonly token: string;
  /** Unless it is used before. */
  readonly expiresAt: Instant;
  /** However much it is used. */
  readonly endsAt: Instant;
  readonly write: Write;
}

/** A token of 256 bits, kept as its hash, that sees one account; one that follows another ends when that one would. */
export function newClientToken(
  { accountId, practice }: PortalAccount,
  { addressHash, endsAt }: { addressHash: string; endsAt?: number | undefined },
  now: Instant,
): NewToken {
  const token = newBearerToken('clt');
  const end = endsAt ?? seconds(addMinutes(now, longestMinutes));
  const { practiceId, timeZone, currency } = practice;
  const expiresAt = idleEnd(now, end);
  const record: TokenRecord = {
    tokenHash: tokenHashOf(token),
    kind: 'client',
    practiceId,
    timeZone,
    currency,
    accountId,
    addressHash,
    endsAt: end,
    expiresAt,
  };
  const write = added(tokenEntity, practiceId, record);
  return { token, expiresAt: instant(expiresAt * 1000), endsAt: instant(end * 1000), write };
}

const idleEnd = (now: Instant, endsAt: number): number => Math.min(seconds(addMinutes(now, idleMinutes)), endsAt);

/** Whoever uses the token goes on using it. The gateway asks once a minute at most, and more often it is not written. */
export async function keepAwake(record: TokenRecord, now: Instant): Promise<void> {
  const expiresAt = idleEnd(now, record.endsAt ?? record.expiresAt);
  if (expiresAt - record.expiresAt < 60) return;
  await transact([replaced(tokenEntity, record.practiceId, { ...record, expiresAt })]).catch((error: unknown) => {
    // Somebody else of the same moment was first: kept it awake as well, or signed out, which stands.
    if (!(error instanceof LostRace)) throw error;
  });
}
