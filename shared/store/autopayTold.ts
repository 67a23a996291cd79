import type { Attention } from '../domain/attention';
import { billAmounts } from '../domain/billAmounts';
import type { BillRecord } from '../domain/billRecord';
import type { Book } from '../domain/book';
import { idFrom } from '../ids';
import { getItems } from './kernel';
import { attentionEntity } from './table';

/** Where staff are told that AutoPay was refused with this attempt. */
export const autopayToldId = (attemptId: string): string => idFrom('wrk', 'autopay', attemptId);

/** Where staff are told that AutoPay passes over a bill. */
export const autopayPassedId = (billId: string): string => idFrom('wrk', 'autopay_passed', billId);

/**
 * What staff were told of AutoPay on a bill on which the client owes nothing any more, however that came: paid,
 * cancelled, given up. Nothing is read unless something on the bill wants attention.
 */
export async function autopaySeenTo(practiceId: string, before: BillRecord, after: Book): Promise<Attention[]> {
  const { billId, attention } = before.head;
  if (attention === 0 || billAmounts(after, billId).clientBalanceCents > 0) return [];
  const refused = before.attempts.filter(
    ({ kind, by, status }) => kind === 'charge' && by.kind === 'system' && status === 'failed',
  );
  const ids = [autopayPassedId(billId), ...refused.map(({ attemptId }) => autopayToldId(attemptId))];
  const items = await getItems(ids.map(attentionId => attentionEntity.key(practiceId, { attentionId })));
  return items.map(attentionEntity.record).filter(({ resolvedAt }) => resolvedAt === undefined);
}
