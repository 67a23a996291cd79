import { createHash } from 'node:crypto';
import { encodeTime, monotonicFactory } from 'ulid';
import { clock } from './clock';

export type IdPrefix =
  | 'prac'
  | 'mem'
  | 'cli'
  | 'con'
  | 'pol'
  | 'payer'
  | 'svc'
  | 'prod'
  | 'ses'
  | 'bill'
  | 'line'
  | 'pay'
  | 'ref'
  | 'card'
  | 'lot'
  | 'cred'
  | 'share'
  | 'imp'
  | 'ent'
  | 'wrk'
  | 'stm'
  | 'sup'
  | 'chk'
  | 'att'
  | 'rec'
  | 'run'
  | 'acc';

export type NewId = (prefix: IdPrefix) => string;

let ulid: (at: number) => string = monotonicFactory();

/** From now on ids are drawn there: tests that must come to the same ones each time. */
export const useUlids = (source: typeof ulid): void => {
  ulid = source;
};

/** A prefix and a ULID: sorts by the time it was made. */
export const newId: NewId = prefix => `${prefix}_${ulid(new Date(clock.now()).getTime())}`;

const crockford = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** The same id for the same instant and words, in the order of instants among new ids. */
export const idFromAt = (prefix: IdPrefix, at: string, ...words: string[]): string =>
  `${prefix}_${encodeTime(new Date(at).getTime())}${idFrom(prefix, at, ...words).slice(-16)}`;

/** The same id for the same words: an import that is sent again puts the same item, which fails, so nothing doubles. */
export function idFrom(prefix: IdPrefix, ...words: string[]): string {
  const digest = createHash('sha256').update(JSON.stringify(words)).digest();
  let bits = digest.subarray(0, 17).reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n) >> 6n;
  let text = '';
  for (let index = 0; index < 26; index += 1) {
    text = crockford[Number(bits & 31n)] + text;
    bits >>= 5n;
  }
  return `${prefix}_0${text.slice(1)}`;
}
