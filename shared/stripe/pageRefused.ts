import type { Attention } from '../domain/attention';
import { isProblem } from '../domain/problem';
import { idFrom } from '../ids';
import type { Needs } from '../needs';
import { attentionStore } from '../store/attentionStore';
import { decideAnew, transact } from '../store/kernel';

export interface PageOf {
  readonly practiceId: string;
  readonly page: 'payment' | 'card';
}

/**
 * Opens a hosted page. That Stripe refuses it for good only the client at the screen would know, so staff are told, once
 * for each kind of page; when one opens again they need not look any more.
 */
export async function openTold<T>(of: PageOf, open: () => Promise<T>, { clock }: Pick<Needs, 'clock'>): Promise<T> {
  const opened = await open().catch(async (error: unknown) => {
    if (isProblem(error, 'stripe_refused')) await refused(of, error.facts.reason ?? error.code, clock);
    throw error;
  });
  await opensAgain(of, clock);
  return opened;
}

const toldOf = ({ page }: PageOf): string => idFrom('wrk', 'page_refused', page);

const refused = ({ practiceId, page }: PageOf, code: string, clock: Needs['clock']): Promise<void> =>
  decideAnew(async () => {
    const attentionId = toldOf({ practiceId, page });
    const known = await attentionStore.find(practiceId, attentionId);
    if (known && !known.resolvedAt) return;
    const item: Attention = { attentionId, kind: 'page_refused', at: clock.now(), facts: { page, code } };
    if (!known) return transact([attentionStore.add(practiceId, item)]);
    const { resolvedAt: _, resolvedBy: __, choice: ___, ...before } = known;
    return transact([attentionStore.replace(practiceId, { ...before, ...item })]);
  });

const opensAgain = (of: PageOf, clock: Needs['clock']): Promise<void> =>
  decideAnew(async () => {
    const known = await attentionStore.find(of.practiceId, toldOf(of));
    if (!known || known.resolvedAt) return;
    await transact([attentionStore.replace(of.practiceId, { ...known, resolvedAt: clock.now(), choice: 'opened' })]);
  });
