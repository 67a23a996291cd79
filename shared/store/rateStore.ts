import type { Instant } from '../domain/calendar';
import { Problem } from '../domain/problem';
import { addTo, getItems } from './kernel';
import { rateKey } from './table';

/** A limit of wrong tries: so many in a window of so many seconds. */
export interface Limit {
  readonly subject: string;
  readonly most: number;
  readonly seconds: number;
}

const windowOf = ({ seconds }: Limit, now: Instant): number => Math.floor(Date.parse(now) / 1000 / seconds);
const keyOf = (limit: Limit, now: Instant) => rateKey(limit.subject, String(windowOf(limit, now)));
const endOf = (limit: Limit, now: Instant): number => (windowOf(limit, now) + 1) * limit.seconds;

export const rateStore = {
  /** Throws `too_many_requests` when one of the limits is used up. One batch read. */
  async check(limits: readonly Limit[], now: Instant): Promise<void> {
    const items = await getItems(limits.map(limit => keyOf(limit, now)));
    for (const limit of limits) {
      const { pk } = keyOf(limit, now);
      const tries = Number(items.find(item => item.pk === pk)?.tries ?? 0);
      if (tries < limit.most) continue;
      const retryAfterSeconds = Math.max(1, endOf(limit, now) - Math.floor(Date.parse(now) / 1000));
      throw new Problem('too_many_requests', { retryAfterSeconds });
    }
  },

  /** Counts a wrong try against each limit. */
  async count(limits: readonly Limit[], now: Instant): Promise<void> {
    await Promise.all(limits.map(limit => addTo(keyOf(limit, now), 'tries', 1, { x: endOf(limit, now) + 86_400 })));
  },
};
