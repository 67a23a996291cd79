import type { Instant } from '../domain/calendar';
import { getItem, LostRace, transact } from './kernel';
import { stripeEventEntity } from './table';

/** Stripe repeats an event for three days; ids are kept a week. */
const keepSeconds = 7 * 86_400;

export const stripeEventStore = {
  known: async (eventId: string): Promise<boolean> =>
    (await getItem(stripeEventEntity.key('', { eventId }))) !== undefined,

  async note({ id: eventId, type }: { id: string; type: string }, at: Instant): Promise<void> {
    const expiresAt = Math.floor(Date.parse(at) / 1000) + keepSeconds;
    try {
      await transact([
        { as: 'event', put: stripeEventEntity.item('', { eventId, type, at, expiresAt }), when: 'absent' },
      ]);
    } catch (error) {
      // The same event, delivered twice at once: the other one noted it.
      if (!(error instanceof LostRace)) throw error;
    }
  },
};
