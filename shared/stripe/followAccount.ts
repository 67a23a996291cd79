import { addDays, type Instant, localDate } from '../domain/calendar';
import type { Practice } from '../domain/practice';
import { decideAnew, type Write } from '../store/kernel';
import { practiceStore } from '../store/practiceStore';
import { reconciliationStore } from '../store/reconciliationStore';
import { type AccountState, connectionAfter, stripeConnect } from './stripeConnect';

/** Looks at a practice's own account at Stripe and keeps what follows for taking cards. Harmless to repeat. */
export async function followAccount(
  practiceId: string,
  now: Instant,
  connect: Pick<typeof stripeConnect, 'read'> = stripeConnect,
): Promise<{ practice: Practice; state: AccountState | undefined }> {
  return decideAnew(async () => {
    const practice = await practiceStore.load(practiceId);
    const { accountId } = practice.stripe;
    if (accountId === undefined) return { practice, state: undefined };
    const state = await connect.read(accountId);
    const after = { ...practice, stripe: connectionAfter(practice.stripe, state) };
    if (after.stripe.status !== practice.stripe.status) await practiceStore.replace(after, await nights(after, now));
    return { practice: after, state };
  });
}

/** A practice that takes cards is held against Stripe from its next night on. */
async function nights({ practiceId, stripe, timeZone }: Practice, now: Instant): Promise<Write[]> {
  if (stripe.status !== 'ready' || (await reconciliationStore.next(practiceId))) return [];
  return [reconciliationStore.everyNight(practiceId, addDays(localDate(now, timeZone), 1), timeZone)];
}
