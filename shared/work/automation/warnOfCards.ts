import { cardOf } from '../../domain/automation/planAutopay';
import type { Task, TaskResult } from '../../domain/automation/run';
import type { CalendarDate } from '../../domain/calendar';
import type { Card } from '../../domain/client';
import { newNotice } from '../../domain/notice';
import { idFrom } from '../../ids';
import type { Needs } from '../../needs';
import { cardStore } from '../../store/cardStore';
import { clientStore } from '../../store/clientStore';
import { putIfAbsent } from '../../store/kernel';
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

/** On the first of the month in which the card that AutoPay charges expires, its owner is told (`domain.md` rule 11). */
export const warnOfCards =
  (needs: Needs): Perform =>
  async ({ practiceId, on, tasks, each }) => {
    for (const task of tasks) {
      const { clientId } = task;
      await each(task, async () => {
        const card = await expiringCard(practiceId, clientId, on);
        if (!card) return [{ clientId, outcome: 'skipped', reason: 'good' }];
        return [await warn({ practiceId, clientId, card, on }, needs)];
      });
    }
  };

/** The card that AutoPay would charge, when it is good until the end of this month only. */
export async function expiringCard(practiceId: string, clientId: string, on: CalendarDate): Promise<Card | undefined> {
  const [[billing], { practice, cards }] = await Promise.all([
    clientStore.billingOf(practiceId, [clientId]),
    cardStore.forCharge(practiceId, clientId),
  ]);
  const card = billing && cardOf({ practice, billing, cards });
  return card && expiresIn(card, on) ? card : undefined;
}

const expiresIn = ({ expMonth, expYear }: Card, on: CalendarDate): boolean =>
  on.startsWith(`${expYear}-${String(expMonth).padStart(2, '0')}`);

async function warn(
  { practiceId, clientId, card, on }: { practiceId: string; clientId: string; card: Card; on: CalendarDate },
  needs: Needs,
): Promise<TaskResult> {
  const { cardId } = card;
  const noticeId = idFrom('wrk', 'expiring', cardId, on.slice(0, 7));
  const notice = newNotice(
    { billId: '', clientId, cardId, kind: 'card_expiring' },
    { noticeId, at: needs.clock.now() },
  );
  await putIfAbsent(noticeEntity.item(practiceId, notice));
  return { clientId, outcome: 'warned' };
}
