import type { Act } from '../domain/book';
import { idFrom } from '../ids';
import { attentionStore } from '../store/attentionStore';
import type { Write } from '../store/kernel';

/** What an attempt keeps of it: staff read that no bank and no card said no. */
export const failureBy = (code: string) => ({
  code: 'stripe_refused',
  message: `Stripe refused the request (${code}); no money moved.`,
});

/** Whoever asked is told; so are staff, once a day for each reason, as nobody may have been at the screen. */
export async function refusalWrites(practiceId: string, code: string, { at, today }: Act): Promise<Write[]> {
  const attentionId = idFrom('wrk', 'stripe_refused', code, today);
  if (await attentionStore.find(practiceId, attentionId)) return [];
  return [attentionStore.add(practiceId, { attentionId, kind: 'stripe_refused', at, facts: { code } })];
}
