import { cardOf } from '../../domain/automation/planAutopay';
import type { Task, TaskResult } from '../../domain/automation/run';
import type { CalendarDate, Instant } from '../../domain/calendar';
import type { Card } from '../../domain/client';
import { newNotice } from '../../domain/notice';
import { idFrom } from '../../ids';
import type { Needs } from '../../needs';
import { cardStore } from '../../store/cardStore';
import { clientStore } from '../../store/clientStore';
import { getItem, putIfAbsent } from '../../store/kernel';
import { noticeEntity } from '../../store/table';
import type { JobList, Perform } from './engine';

/** Clients who are on AutoPay. */
export const autopayClients: JobList = {
  tasksOfPart: 50,
  async page(practiceId, _, cursor) {
    const { clients, nextCursor } = await clientStore.activePage(practiceId, { limit: 100, cursor });
    const billings = await clientStore.billingOf(
      practiceId,
      clients.map(({ clientId }) => clientId),
    );
    const tasks = billings.filter(({ autopay }) => autopay).map(({ clientId }): Task => ({ clientId }));
    return { tasks, passed: {}, nextCursor };
  },
};

/**
 * In the month in which the card that AutoPay charges expires its owner is told, once (`domain.md` rule 11): on the first,
 * or in a later week where the card was saved since.
 */
export const warnOfCards =
  (needs: Needs): Perform =>
  async ({ practiceId, on, startedAt, tasks, each }) => {
    for (const task of tasks) {
      const { clientId } = task;
      await each(task, async () => {
        const expiring = await expiringCard({ practiceId, clientId, on, before: startedAt });
        if ('skipped' in expiring) return [{ clientId, outcome: 'skipped', reason: expiring.skipped }];
        return [await warn({ practiceId, clientId, card: expiring.card, on }, needs)];
      });
    }
  };

interface OfClient {
  readonly practiceId: string;
  readonly clientId: string;
  readonly on: CalendarDate;
}

/** The card that AutoPay would charge, when it is good until the end of this month only and its owner was not told before. */
export async function expiringCard({
  practiceId,
  clientId,
  on,
  before,
}: OfClient & { before: Instant }): Promise<{ card: Card } | { skipped: 'good' | 'warned_already' }> {
  const [[billing], { practice, cards }] = await Promise.all([
    clientStore.billingOf(practiceId, [clientId]),
    cardStore.forCharge(practiceId, clientId),
  ]);
  const card = billing && cardOf({ practice, billing, cards });
  if (!card || !expiresIn(card, on)) return { skipped: 'good' };
  const item = await getItem(noticeEntity.key(practiceId, { billId: '', clientId, noticeId: warningId(card, on) }));
  return item && noticeEntity.record(item).createdAt < before ? { skipped: 'warned_already' } : { card };
}

const expiresIn = ({ expMonth, expYear }: Card, on: CalendarDate): boolean =>
  on.startsWith(`${expYear}-${String(expMonth).padStart(2, '0')}`);

const warningId = ({ cardId }: Card, on: CalendarDate): string => idFrom('wrk', 'expiring', cardId, on.slice(0, 7));

async function warn(
  { practiceId, clientId, card, on }: OfClient & { card: Card },
  { clock }: Needs,
): Promise<TaskResult> {
  const { cardId } = card;
  const subject = { billId: '', clientId, cardId, kind: 'card_expiring' } as const;
  const notice = newNotice(subject, { noticeId: warningId(card, on), at: clock.now() });
  await putIfAbsent(noticeEntity.item(practiceId, notice));
  return { clientId, outcome: 'warned' };
}
