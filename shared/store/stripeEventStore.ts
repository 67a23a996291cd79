import type { Instant } from '../domain/calendar';
import { getItem, putIfAbsent } from './kernel';
import { stripeEventEntity } from './table';

/** Stripe repeats an event for three days; ids are kept a week. */
const keepSeconds = 7 * 86_400;

export const stripeEventStore = {
  known: async (eventId: string): Promise<boolean> =>
    (await getItem(stripeEventEntity.key('', { eventId }))) !== undefined,

  /** Of the same event, delivered twice at once, either may be the one that notes it. */
  async note({ id: eventId, type }: { id: string; type: string }, at: Instant): Promise<void> {
    const expiresAt = Math.floor(Date.parse(at) / 1000) + keepSeconds;
    await putIfAbsent(stripeEventEntity.item('', { eventId, type, at, expiresAt }));
  },
};
