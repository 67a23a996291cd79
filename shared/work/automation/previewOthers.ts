import { type Job, jobPlans, startOfJob } from '../../domain/automation/jobs';
import { clientName } from '../../domain/client';
import { billed } from '../../domain/session';
import { clientStore } from '../../store/clientStore';
import { superbillStore } from '../../store/superbillStore';
import { accountToState, statementClients, superbillClients } from './clientDocuments';
import { type JobList, portions } from './engine';
import {
  type ForeseenBill,
  type JobPreview,
  type Night,
  type PassedItem,
  type PlannedItem,
  previewOf,
} from './preview';
import { readReminders, remindersList } from './remind';
import { autopayClients, expiringCard } from './warnOfCards';

const together = 8;

/** What the rest of the date's automation will do, after its bills and charges. */
export async function previewOthers(
  night: Night,
  { bills, charged }: { bills: readonly ForeseenBill[]; charged: readonly PlannedItem[] },
): Promise<JobPreview[]> {
  return Promise.all([
    previewSuperbills(night, bills),
    previewStatements(night),
    previewCards(night),
    previewReminders(night, charged),
  ]);
}

interface Seen {
  readonly item?: Omit<PlannedItem, 'clientName'>;
  readonly reason?: string;
}

/** Looks at each client of a list as the run would. */
async function eachClient(
  job: Job,
  night: Night,
  { list, look }: { list: JobList; look: (clientId: string) => Promise<Seen> },
): Promise<JobPreview> {
  const { on, automation, practice } = night;
  const items: PlannedItem[] = [];
  const skipped: PassedItem[] = [];
  let cursor: string | undefined;
  let more = jobPlans[job].isDue(automation, on);
  while (more) {
    const page = await list.page(practice.practiceId, on, cursor);
    const ids = page.tasks.map(({ clientId }) => clientId);
    const names = new Map(
      (await clientStore.byIds(practice.practiceId, ids)).map(client => [client.clientId, clientName(client)]),
    );
    for (const some of portions(ids, together)) {
      const seen = await Promise.all(some.map(look));
      for (const [index, { item, reason }] of seen.entries()) {
        const clientId = some[index] ?? '';
        const name = names.get(clientId) ?? '';
        if (item) items.push({ ...item, clientName: name });
        else if (reason) skipped.push({ clientId, clientName: name, reason });
      }
    }
    cursor = page.nextCursor ?? undefined;
    more = cursor !== undefined;
  }
  return previewOf(job, night, items, skipped);
}

function previewSuperbills(night: Night, bills: readonly ForeseenBill[]): Promise<JobPreview> {
  const { on, practice } = night;
  const look = async (clientId: string): Promise<Seen> => {
    const own = bills.filter(({ record }) => record.head.clientId === clientId);
    const foreseen = {
      records: own.map(({ record }) => record),
      sessions: own.flatMap(({ sessions, record }) => sessions.map(session => billed(session, record.head.billId))),
    };
    const planned = await superbillStore.preview(practice.practiceId, { clientId, on, foreseen });
    if ('skipped' in planned) return { reason: planned.skipped };
    const sessionIds = planned.sessions.map(({ sessionId }) => sessionId);
    return { item: { clientId, sessionIds, amountCents: planned.chargedCents } };
  };
  return eachClient('superbills', night, { list: superbillClients, look });
}

function previewStatements(night: Night): Promise<JobPreview> {
  const { on, automation, practice } = night;
  const look = async (clientId: string): Promise<Seen> => {
    const before = startOfJob('statements', on, automation, practice.timeZone);
    const toState = await accountToState({ practiceId: practice.practiceId, clientId, on, before });
    return 'skipped' in toState
      ? { reason: toState.skipped }
      : { item: { clientId, amountCents: toState.closingCents } };
  };
  return eachClient('statements', night, { list: statementClients, look });
}

function previewCards(night: Night): Promise<JobPreview> {
  const { on, automation, practice } = night;
  const before = startOfJob('cards', on, automation, practice.timeZone);
  const look = async (clientId: string): Promise<Seen> => {
    const expiring = await expiringCard({ practiceId: practice.practiceId, clientId, on, before });
    // Cards that are good are most of them.
    if ('skipped' in expiring) return expiring.skipped === 'good' ? {} : { reason: expiring.skipped };
    const { brand, last4 } = expiring.card;
    return { item: { clientId, amountCents: 0, card: { brand, last4 } } };
  };
  return eachClient('cards', night, { list: autopayClients, look });
}

/** A bill that the same night’s AutoPay pays whole is not reminded of. */
async function previewReminders(night: Night, charged: readonly PlannedItem[]): Promise<JobPreview> {
  const { on, automation, practice } = night;
  const items: PlannedItem[] = [];
  const skipped: PassedItem[] = [];
  let cursor: string | undefined;
  let more = jobPlans.reminders.isDue(automation, on);
  const reminding = { on, today: on, daysAfterDue: automation.overdueReminders.daysAfterDue };
  while (more) {
    const page = await remindersList.page(practice.practiceId, on, cursor);
    const { heads, reasonNot } = await readReminders(practice.practiceId, page.tasks, reminding);
    for (const head of heads) {
      const { billId, clientId, clientName: name, number, clientBalanceCents } = head;
      const taken = charged.find(item => item.billId === billId);
      const left = clientBalanceCents - (taken ? taken.amountCents + (taken.creditCents ?? 0) : 0);
      const reason = left > 0 ? reasonNot(head) : 'nothing_owed';
      if (reason) skipped.push({ clientId, clientName: name, billId, reason });
      else items.push({ clientId, clientName: name, billId, number, amountCents: left });
    }
    cursor = page.nextCursor ?? undefined;
    more = cursor !== undefined;
  }
  return previewOf('reminders', night, items, skipped);
}
