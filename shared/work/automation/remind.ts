import type { Task, TaskResult } from '../../domain/automation/run';
import type { BillHead } from '../../domain/billRecord';
import { addDays, type CalendarDate, localDate } from '../../domain/calendar';
import { newNotice } from '../../domain/notice';
import { idFrom } from '../../ids';
import type { Needs } from '../../needs';
import { billLists } from '../../store/billLists';
import { practiceOf } from '../../store/cardStore';
import { clientStore } from '../../store/clientStore';
import { putIfAbsent } from '../../store/kernel';
import { settingsStore } from '../../store/settingsStore';
import { noticeEntity } from '../../store/table';
import type { JobList, Perform } from './engine';

/** Bills that have been due for just as many days as the practice reminds after. */
export const remindersList: JobList = {
  tasksOfPart: 50,
  async page(practiceId, on, cursor) {
    const [{ bills, nextCursor }, { overdueReminders }] = await Promise.all([
      billLists.owedByClients(practiceId, { limit: 100, cursor, to: on }),
      settingsStore.loadAutomation(practiceId),
    ]);
    const days = new Set(overdueReminders.daysAfterDue.map(after => addDays(on, -after)));
    const tasks = bills.filter(({ dueOn }) => days.has(dueOn)).map(({ clientId, billId }) => ({ clientId, billId }));
    return { tasks, passed: {}, nextCursor };
  },
};

/** The date that reminders go out for, and when that is. */
interface Reminding {
  readonly on: CalendarDate;
  readonly today: CalendarDate;
  readonly daysAfterDue: readonly number[];
}

interface Asked {
  /** The client asked to be left alone. */
  readonly quiet: boolean;
  readonly isUnderReview: boolean;
  /** A later reminder of the bill is due by now: after an outage the client gets the latest alone. */
  readonly isOverrun: boolean;
}

/** Why a client is not reminded of a bill: asked to be left alone, not told of it yet, or the money is in question. */
function notReminded(head: BillHead, { quiet, isUnderReview, isOverrun }: Asked): string | undefined {
  if (quiet) return 'quiet';
  if (head.clientBalanceCents <= 0) return 'nothing_owed';
  if (head.responsibility === 'external') return 'external_payer';
  if (head.disputed) return 'disputed';
  if (head.hold) return 'held';
  if (isUnderReview) return 'claim_under_review';
  if (head.reservedCents > 0) return 'payment_in_progress';
  if (isOverrun) return 'later_reminder';
  return head.sharing.status === 'shared' ? undefined : 'not_shared';
}

/** The bills of these tasks, and of each why its client is not reminded: of run and preview alike. */
export async function readReminders(practiceId: string, tasks: readonly Task[], reminding: Reminding) {
  const { on, today, daysAfterDue } = reminding;
  const billIds = tasks.map(({ billId = '' }) => billId);
  const [billings, heads, underReview] = await Promise.all([
    clientStore.billingOf(practiceId, [...new Set(tasks.map(({ clientId }) => clientId))]),
    billLists.heads(practiceId, billIds),
    billLists.underReview(practiceId, billIds),
  ]);
  const quiet = new Set(billings.filter(billing => billing.quiet).map(({ clientId }) => clientId));
  const reasonNot = (head: BillHead): string | undefined =>
    notReminded(head, {
      quiet: quiet.has(head.clientId),
      isUnderReview: underReview.has(head.billId),
      isOverrun: daysAfterDue.map(days => addDays(head.dueOn, days)).some(later => later > on && later <= today),
    });
  return { heads, reasonNot };
}

/** One reminder for each bill and date: its id derives from both, so it is written once. */
export const remind =
  (needs: Needs): Perform =>
  async ({ practiceId, on, tasks, each }) => {
    const [{ timeZone }, { overdueReminders }] = await Promise.all([
      practiceOf(practiceId),
      settingsStore.loadAutomation(practiceId),
    ]);
    const { daysAfterDue } = overdueReminders;
    const today = localDate(needs.clock.now(), timeZone);
    const { heads, reasonNot } = await readReminders(practiceId, tasks, { on, today, daysAfterDue });
    for (const task of tasks) {
      await each(task, async () => {
        const { clientId, billId = '' } = task;
        const head = heads.find(known => known.billId === billId);
        const reason = head ? reasonNot(head) : 'nothing_owed';
        if (reason) return [{ clientId, billId, outcome: 'skipped', reason }];
        return [await remindOf({ practiceId, clientId, billId, on }, needs)];
      });
    }
  };

async function remindOf(
  { practiceId, clientId, billId, on }: { practiceId: string; clientId: string; billId: string; on: CalendarDate },
  needs: Needs,
): Promise<TaskResult> {
  const noticeId = idFrom('wrk', 'reminder', billId, on);
  const notice = newNotice({ billId, kind: 'overdue_reminder' }, { noticeId, at: needs.clock.now() });
  await putIfAbsent(noticeEntity.item(practiceId, notice));
  return { clientId, billId, outcome: 'reminded' };
}
