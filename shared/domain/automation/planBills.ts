import type { CalendarDate } from '../calendar';
import { type Client, type ClientBilling, policyOn, type Responsibility } from '../client';
import { mostSessions } from '../composeBill';
import type { AutomationSettings, CreateBillsMode } from '../practice';
import { type Session, sessionBilling } from '../session';

/** Who is billed by what: the client as the chart says it now, and the sessions that may be pending. */
export interface BillableClient {
  readonly client: Client;
  readonly billing: ClientBilling;
  readonly sessions: readonly Session[];
}

export interface PlannedBill {
  readonly sessionIds: readonly string[];
  readonly origin: Exclude<CreateBillsMode, 'manual'>;
  readonly responsibility: Responsibility;
  readonly payerId?: string;
  readonly policyId?: string;
}

export type BillSkip = 'manual' | 'weekly' | 'monthly' | 'client_archived' | 'no_payer';

export interface BillsPlan {
  readonly bills: readonly PlannedBill[];
  readonly skipped: readonly { readonly reason: BillSkip; readonly sessionIds: readonly string[] }[];
}

/**
 * What a night bills a client for: everything unbilled up to the day before, whenever it was completed (rules 43, 44).
 * Daily makes a bill of each session, or of each day; weekly on Mondays and monthly on the first make one of all. A bill
 * has one payer, so sessions of different coverage go on different bills.
 */
export function planBills(
  { client, billing, sessions }: BillableClient,
  automation: AutomationSettings,
  on: CalendarDate,
): BillsPlan {
  const due = sessions
    .filter(session => sessionBilling(session) === 'unbilled' && session.dateOfService < on)
    .sort((a, b) => (a.dateOfService + a.sessionId < b.dateOfService + b.sessionId ? -1 : 1));
  const all = (reason: BillSkip): BillsPlan => ({ bills: [], skipped: due.length > 0 ? [skip(reason, due)] : [] });
  if (client.status === 'archived') return all('client_archived');
  const otherwise = notToday(billing, automation, on);
  const mode = modeOf(billing, automation);
  if (otherwise || mode === 'manual') return all(otherwise ?? 'manual');
  const covered = due.map(session => ({ session, payer: payerOf(billing, session.dateOfService) }));
  const uncovered = covered.filter(({ payer }) => payer === undefined).map(({ session }) => session);
  const groups = new Map<string, { sessions: Session[]; payer: Payer }>();
  for (const { session, payer } of covered) {
    if (payer === undefined) continue;
    const key = JSON.stringify([payer, ...dividedBy(mode, automation, session)]);
    const group = groups.get(key) ?? { sessions: [], payer };
    group.sessions.push(session);
    groups.set(key, group);
  }
  const bills = [...groups.values()].flatMap(group =>
    chunks(group.sessions, mostSessions).map(some => ({ sessionIds: idsOf(some), origin: mode, ...group.payer })),
  );
  return { bills, skipped: uncovered.length > 0 ? [skip('no_payer', uncovered)] : [] };
}

const modeOf = ({ createBills }: ClientBilling, automation: AutomationSettings): CreateBillsMode =>
  createBills === 'inherit' ? automation.createBills : createBills;

/** The mode that bills this client on other dates than this one, or on none; `undefined` when today is the day. */
export function notToday(
  billing: ClientBilling,
  automation: AutomationSettings,
  on: CalendarDate,
): 'manual' | 'weekly' | 'monthly' | undefined {
  const mode = modeOf(billing, automation);
  if (mode === 'daily') return undefined;
  return mode !== 'manual' && isBillingDay(mode, on) ? undefined : mode;
}

function dividedBy(mode: CreateBillsMode, { joinSameDay }: AutomationSettings, session: Session): string[] {
  if (mode !== 'daily') return [];
  return joinSameDay ? [session.dateOfService] : [session.sessionId];
}

const isBillingDay = (mode: 'weekly' | 'monthly', on: CalendarDate): boolean =>
  mode === 'weekly' ? new Date(`${on}T00:00:00Z`).getUTCDay() === 1 : on.endsWith('-01');

type Payer = Pick<PlannedBill, 'responsibility' | 'payerId' | 'policyId'>;

/** As `payerFor` decides, for a date of service; `undefined` where nobody is known who pays the part that is not the client's. */
function payerOf({ responsibility, payerId, policies }: ClientBilling, on: CalendarDate): Payer | undefined {
  if (responsibility === 'self_pay') return { responsibility };
  const policy = responsibility === 'insurance' ? policyOn(policies, on) : undefined;
  const paying = policy?.payerId ?? payerId;
  if (paying === undefined) return undefined;
  return { responsibility, payerId: paying, ...(policy ? { policyId: policy.policyId } : {}) };
}

const idsOf = (sessions: readonly Session[]): string[] => sessions.map(({ sessionId }) => sessionId);
const skip = (reason: BillSkip, sessions: readonly Session[]) => ({ reason, sessionIds: idsOf(sessions) });

function chunks<T>(list: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(list.length / size) }, (_, n) => list.slice(n * size, (n + 1) * size));
}
