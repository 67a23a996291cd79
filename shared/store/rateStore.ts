import { createHash } from 'node:crypto';
import { isIPv6 } from 'node:net';
import type { Instant } from '../domain/calendar';
import { Problem } from '../domain/problem';
import { addTo, getItems } from './kernel';
import { rateKey } from './table';

/** At most so many tries for one subject in each hour or day of UTC. */
export interface Limit {
  readonly subject: string;
  readonly most: number;
  readonly per: 'hour' | 'day';
}

const secondsOf = { hour: 3600, day: 86_400 } as const;
const keyOf = ({ subject, per }: Limit, now: Instant) => rateKey(subject, now.slice(0, per === 'hour' ? 13 : 10));

function secondsLeft({ per }: Limit, now: Instant): number {
  const seconds = Math.floor(Date.parse(now) / 1000);
  return secondsOf[per] - (seconds % secondsOf[per]);
}

export const rateStore = {
  /**
   * Takes one try of each limit before anybody knows how it ends, so that a thousand at once do not all find the count at
   * zero. Throws `too_many_requests` above a limit and then takes none. Returns the counts, in the order of the limits.
   */
  async take(limits: readonly Limit[], now: Instant): Promise<number[]> {
    await refuseUsedUp(limits, now);
    const counts = await Promise.all(limits.map(limit => add(limit, 1, now)));
    const above = limits.find((limit, index) => (counts[index] ?? 0) > limit.most);
    if (!above) return counts;
    await rateStore.giveBack(limits, now);
    throw tooMany(above, now);
  },

  /** The try does not count after all: the code was right. */
  async giveBack(limits: readonly Limit[], now: Instant): Promise<void> {
    await Promise.all(limits.map(limit => add(limit, -1, now)));
  },
};

/** One batch read; who is far above a limit writes nothing, so a flood on one bill uses up nobody else's tries. */
async function refuseUsedUp(limits: readonly Limit[], now: Instant): Promise<void> {
  const found = await getItems(limits.map(limit => keyOf(limit, now)));
  const counts = new Map(found.map(({ pk, tries }) => [pk, Number(tries)]));
  const usedUp = limits.find(limit => (counts.get(keyOf(limit, now).pk) ?? 0) >= limit.most);
  if (usedUp) throw tooMany(usedUp, now);
}

/** The counter outlives its window by a day, in case clocks differ. */
const add = (limit: Limit, amount: number, now: Instant): Promise<number> =>
  addTo(keyOf(limit, now), 'tries', amount, {
    x: Math.floor(Date.parse(now) / 1000) + secondsLeft(limit, now) + secondsOf.day,
  });

const tooMany = (limit: Limit, now: Instant): Problem =>
  new Problem('too_many_requests', { retryAfterSeconds: secondsLeft(limit, now) });

/** Where a caller sits is personal: kept as a hash, and only while it is counted. */
const hidden = (address: string): string => createHash('sha256').update(placeOf(address)).digest('hex').slice(0, 32);

/** Whoever has one address of IPv6 has the 2^64 of its network, so these count as one place. */
function placeOf(address: string): string {
  if (!isIPv6(address)) return address;
  // URL writes every address in one way: groups without leading zeros, and the longest run of zeros as `::`.
  const written = new URL(`http://[${address.split('%')[0]}]`).hostname.slice(1, -1);
  const [head = [], tail = []] = written.split('::').map(part => part.split(':').filter(group => group !== ''));
  const groups = [...head, ...Array<string>(8 - head.length - tail.length).fill('0'), ...tail];
  const network = groups.slice(0, 4).join(':');
  // An address of IPv4 in IPv6's dress has no network of its own.
  return network === '0:0:0:0' ? written : network;
}

/**
 * Wrong codes: 10 a day on a bill, 20 an hour from an address, 100 an hour on a practice's bills. Bill and practice are
 * read off the number as it was typed, so numbers that do not exist count exactly like those that do.
 */
export const codeLimits = (number: string, address: string): [bill: Limit, ...others: Limit[]] => [
  { subject: `code#${number}`, most: 10, per: 'day' },
  { subject: `code-from#${hidden(address)}`, most: 20, per: 'hour' },
  { subject: `codes-of#${number.split('-')[0]}`, most: 100, per: 'hour' },
];

export const freshLinksFrom = (address: string): Limit => ({
  subject: `fresh-from#${hidden(address)}`,
  most: 20,
  per: 'hour',
});
/**
 * Codes by mail to sign in, counted by the mailbox that they would go to, whether anybody is known by it or not. One place
 * takes no more than a part of them, so that one machine keeps nobody out: the rightful one still gets a mail.
 */
export const signInsOf = (hash: string, address: string): Limit[] => [
  { subject: `sign-in#${hash}`, most: 5, per: 'hour' },
  { subject: `sign-in#${hash}`, most: 20, per: 'day' },
  { subject: `sign-in#${hash}#${hidden(address)}`, most: 3, per: 'hour' },
  { subject: `sign-in#${hash}#${hidden(address)}`, most: 12, per: 'day' },
];
export const signInsFrom = (address: string): Limit => ({
  subject: `sign-in-from#${hidden(address)}`,
  most: 60,
  per: 'hour',
});
/**
 * Wrong codes to sign in with: 10 a day for a mailbox, of which one place takes no more than half, 20 an hour from a place,
 * and 200 an hour over the whole system, however many mailboxes and places somebody has.
 */
export const signInGuesses = (hash: string, address: string): [all: Limit, ...others: Limit[]] => [
  { subject: 'sign-in-guesses', most: 200, per: 'hour' },
  { subject: `sign-in-guess-at#${hash}`, most: 10, per: 'day' },
  { subject: `sign-in-guess-at#${hash}#${hidden(address)}`, most: 5, per: 'day' },
  { subject: `sign-in-guess#${hidden(address)}`, most: 20, per: 'hour' },
];
export const freshLinksOf = (number: string): Limit => ({ subject: `fresh#${number}`, most: 1, per: 'hour' });
