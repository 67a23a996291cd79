import { issuePlanned } from '../../domain/automation/issuePlanned';
import { type Job, jobPlans, startOfJob } from '../../domain/automation/jobs';
import { type BillSkip, planBills } from '../../domain/automation/planBills';
import type { BillRecord } from '../../domain/billRecord';
import type { Act, Book } from '../../domain/book';
import type { CalendarDate } from '../../domain/calendar';
import { type Card, type Client, type ClientBilling, clientName } from '../../domain/client';
import { given } from '../../domain/given';
import type { Lot } from '../../domain/ledger';
import type { AutomationSettings, BillingSettings, Practice } from '../../domain/practice';
import type { Session } from '../../domain/session';
import { readLots } from '../../store/billStore';
import { clientStore } from '../../store/clientStore';
import { pendingPage } from '../../store/pendingStore';
import { practiceStore } from '../../store/practiceStore';
import { settingsStore } from '../../store/settingsStore';
import { portions } from './engine';
import { refusal } from './refusal';

export interface PlannedItem {
  readonly clientId: string;
  readonly clientName: string;
  readonly billId?: string;
  readonly number?: string;
  readonly sessionIds?: string[];
  readonly amountCents: number;
  readonly clientPortionCents?: number;
  readonly creditCents?: number;
  readonly card?: { brand: string; last4: string };
  /** Of a charge: whom the bill went to. */
  readonly payer?: Card['owner'];
  readonly shareAt?: string;
}

export interface PassedItem {
  readonly clientId: string;
  readonly clientName: string;
  readonly billId?: string;
  readonly reason: string;
  readonly sessions?: number;
}

export interface JobPreview {
  readonly job: Job;
  readonly startsAt: string | null;
  readonly items: PlannedItem[];
  readonly skipped: PassedItem[];
  readonly amountCents: number;
}

/** What a night is made of, as it stands now. */
export interface Night {
  readonly on: CalendarDate;
  readonly practice: Practice;
  readonly settings: BillingSettings;
  readonly automation: AutomationSettings;
}

/** A bill that the night would make. */
export interface ForeseenBill {
  readonly record: BillRecord;
  readonly book: Book;
  readonly client: Client;
  readonly billing: ClientBilling;
  readonly sessions: readonly Session[];
}

export async function readNight(practiceId: string, on: CalendarDate): Promise<Night> {
  const [practice, settings, automation] = await Promise.all([
    practiceStore.load(practiceId),
    settingsStore.loadBilling(practiceId),
    settingsStore.loadAutomation(practiceId),
  ]);
  return { on, practice, settings, automation };
}

const together = 8;

/** The night's bills by the very rules of the run: nothing is written. */
export async function previewBills(night: Night): Promise<{ preview: JobPreview; bills: ForeseenBill[] }> {
  const { practice, on } = night;
  const bills: ForeseenBill[] = [];
  const skipped: PassedItem[] = [];
  let cursor: string | undefined;
  do {
    const page = await pendingPage(practice.practiceId, {
      limit: 50,
      cursor,
      keep: session => session.dateOfService < on,
    });
    const clientIds = page.clients.map(({ clientId }) => clientId);
    const [clients, billings] = await Promise.all([
      clientStore.byIds(practice.practiceId, clientIds),
      clientStore.billingOf(practice.practiceId, clientIds),
    ]);
    for (const some of portions(page.clients, together)) {
      const foreseen = await Promise.all(
        some.map(({ clientId, sessions }) => {
          const client = clients.find(known => known.clientId === clientId);
          const billing = billings.find(known => known.clientId === clientId);
          return client && billing ? foreseenOf(night, { client, billing, sessions }) : undefined;
        }),
      );
      for (const each of foreseen) {
        bills.push(...(each?.bills ?? []));
        skipped.push(...(each?.skipped ?? []));
      }
    }
    cursor = page.nextCursor ?? undefined;
  } while (cursor);
  const items = bills.map(itemOf);
  return { preview: previewOf('bills', night, items, skipped), bills };
}

interface Pending {
  readonly client: Client;
  readonly billing: ClientBilling;
  readonly sessions: readonly Session[];
}

async function foreseenOf(night: Night, pending: Pending): Promise<{ bills: ForeseenBill[]; skipped: PassedItem[] }> {
  const { on, automation, practice } = night;
  const { client, billing } = pending;
  const plan = planBills(pending, automation, on);
  const skipped = plan.skipped.map(({ reason, sessionIds }) => passed(client, reason, sessionIds.length));
  const bills: ForeseenBill[] = [];
  let lots: readonly Lot[] = plan.bills.length > 0 ? await readLots(practice.practiceId, client.clientId) : [];
  for (const planned of plan.bills) {
    const sessions = pending.sessions.filter(({ sessionId }) => planned.sessionIds.includes(sessionId));
    const known = new Map(sessions.map(session => [session.sessionId, session]));
    const from = { ...night, client, billing, sessions: known, products: new Map(), lots, night: on };
    const issued = orRefused(() => issuePlanned(planned, from, idsOf(bills.length), actOf(night)));
    if ('refused' in issued) {
      skipped.push(passed(client, issued.refused, sessions.length));
      continue;
    }
    lots = issued.book.lots;
    bills.push({ record: issued.record, book: issued.book, client, billing, sessions });
  }
  return { bills, skipped };
}

function orRefused<T extends object>(issue: () => T): T | { readonly refused: string } {
  try {
    return issue();
  } catch (error) {
    return { refused: refusal(error).code };
  }
}

const passed = (client: Client, reason: BillSkip | string, sessions: number): PassedItem => ({
  clientId: client.clientId,
  clientName: clientName(client),
  reason,
  sessions,
});

/** Ids that mean nothing outside the preview. */
const idsOf = (index: number) => ({
  billId: `bill_${index}`,
  shareId: 'share_0',
  sequence: 0,
  accessCode: '',
});

/** The moment at which the night begins, in which nobody acts. */
export function actOf({ on, automation, practice }: Night): Act {
  const at = startOfJob('bills', on, automation, practice.timeZone);
  let made = 0;
  const newId = (prefix: string): string => {
    made += 1;
    return `${prefix}_${made}`;
  };
  return { at, today: on, actor: { kind: 'system' }, newId };
}

function itemOf({ record: { head, shares }, client, sessions }: ForeseenBill): PlannedItem {
  const creditCents = head.clientPaidCents;
  return {
    clientId: head.clientId,
    clientName: clientName(client),
    sessionIds: sessions.map(({ sessionId }) => sessionId),
    amountCents: head.totalCents,
    clientPortionCents: head.clientPortionCents,
    creditCents,
    ...given({ shareAt: shares[0]?.scheduledAt }),
  };
}

export function previewOf(job: Job, night: Night, items: PlannedItem[], skipped: PassedItem[]): JobPreview {
  const { on, automation, practice } = night;
  const isDue = jobPlans[job].isDue(automation, on);
  return {
    job,
    startsAt: isDue ? startOfJob(job, on, automation, practice.timeZone) : null,
    items,
    skipped,
    amountCents: items.reduce((sum, { amountCents }) => sum + amountCents, 0),
  };
}
