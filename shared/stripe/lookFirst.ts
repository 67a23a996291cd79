import { isStale, isUnderWay } from '../domain/attempt';
import type { Instant } from '../domain/calendar';
import type { Needs } from '../needs';
import { type Loaded, recordOf } from '../store/billStore';

/**
 * The bill as it stands once charges in doubt on it were looked up (`design.md` section 3): what one reserved that never
 * reached Stripe is free again, what one took is on the bill. Where nothing is in doubt, Stripe is not
 * asked, nor loaded.
 */
export async function lookFirst(load: () => Promise<Loaded>, billId: string, needs: Needs): Promise<Loaded> {
  const loaded = await load();
  if (!isInDoubt(loaded, billId, needs.clock.now())) return loaded;
  const { recoverStale } = await import('./cardAttempt');
  await recoverStale(loaded, billId, needs);
  return load();
}

const isInDoubt = (loaded: Loaded, billId: string, now: Instant): boolean =>
  recordOf(loaded, billId).attempts.some(
    attempt => attempt.kind === 'charge' && isUnderWay(attempt) && isStale(attempt, now),
  );
