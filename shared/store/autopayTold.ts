import type { Attention } from '../domain/attention';
import { billAmounts } from '../domain/billAmounts';
import type { BillRecord } from '../domain/billRecord';
import type { Book } from '../domain/book';
import { idFrom } from '../ids';
import { getItems } from './kernel';
import { attentionEntity } from './table';

/** Where staff are told that AutoPay was refused with this attempt. */
export const autopayToldId = (attemptId: string): string => idFrom('wrk', 'autopay', attemptId);

/**
 * What staff were told of AutoPay's refusals on a bill on which the client owes nothing any more, however that came: paid,
 * cancelled, given up. Nothing is read unless something on the bill wants attention and AutoPay was refused.
 */
export async function autopaySeenTo(practiceId: string, before: BillRecord, after: Book): Promise<Attention[]> {
  const { billId, attention } = before.head;
  if (attention === 0 || billAmounts(after, billId).clientBalanceCents > 0) return [];
  const refused = before.attempts.filter(
    ({ kind, by, status }) => kind === 'charge' && by.kind === 'system' && status === 'failed',
  );
  const ids = refused.map(({ attemptId }) => autopayToldId(attemptId));
  if (ids.length === 0) return [];
  const items = await getItems(ids.map(attentionId => attentionEntity.key(practiceId, { attentionId })));
  return items.map(attentionEntity.record).filter(({ resolvedAt }) => resolvedAt === undefined);
}
