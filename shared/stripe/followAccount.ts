import type { Practice } from '../domain/practice';
import { decideAnew } from '../store/kernel';
import { practiceStore } from '../store/practiceStore';
import { type AccountState, connectionAfter, stripeConnect } from './stripeConnect';

/** Looks at a practice's own account at Stripe and keeps what follows for taking cards. Harmless to repeat. */
export async function followAccount(
  practiceId: string,
  connect: Pick<typeof stripeConnect, 'read'> = stripeConnect,
): Promise<{ practice: Practice; state: AccountState | undefined }> {
  return decideAnew(async () => {
    const practice = await practiceStore.load(practiceId);
    const { accountId } = practice.stripe;
    if (accountId === undefined) return { practice, state: undefined };
    const state = await connect.read(accountId);
    const after = { ...practice, stripe: connectionAfter(practice.stripe, state) };
    if (after.stripe.status !== practice.stripe.status) await practiceStore.replace(after);
    return { practice: after, state };
  });
}
