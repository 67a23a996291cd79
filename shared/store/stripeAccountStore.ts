import type { Practice } from '../domain/practice';
import { added } from './changes';
import { getItem, type Write } from './kernel';
import { stripeAccountEntity } from './table';

/** The platform key's own account, which has no id in a call. */
const own = 'own';

/**
 * The practice that connected this Stripe account; of the platform key's own account, the one that uses it as its own.
 * Never taken from metadata (clarification 10).
 */
export async function practiceOfAccount(accountId: string | undefined): Promise<string | undefined> {
  const item = await getItem(stripeAccountEntity.key('', { accountId: accountId ?? own }));
  return item && stripeAccountEntity.record(item).practiceId;
}

/** One account, one practice: what is made by hand in it belongs there. */
export const accountClaimed = (practiceId: string, accountId: string | undefined): Write =>
  added(stripeAccountEntity, practiceId, { accountId: accountId ?? own, practiceId });

/** A practice sees the movements of its own account only: one that it connected, or the platform's when that is its own. */
export const mayReconcile = async ({ practiceId, stripe }: Pick<Practice, 'practiceId' | 'stripe'>): Promise<boolean> =>
  stripe.status === 'ready' && (await practiceOfAccount(stripe.accountId)) === practiceId;
