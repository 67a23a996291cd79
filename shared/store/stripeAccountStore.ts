import { getItem } from './kernel';
import { stripeAccountEntity } from './table';

/** The practice that connected this Stripe account. */
export async function practiceOfAccount(accountId: string): Promise<string | undefined> {
  const item = await getItem(stripeAccountEntity.key('', { accountId }));
  return item && stripeAccountEntity.record(item).practiceId;
}
