import { linesNow } from '../domain/billAmounts';
import type { BillRecord } from '../domain/billRecord';
import type { CalendarDate } from '../domain/calendar';
import { invariant } from '../domain/invariant';
import type { Member, Service } from '../domain/practice';
import type { Session } from '../domain/session';
import { endOfMonthBefore, monthlySuperbill, type Superbill, sessionsNotCovered } from '../domain/superbill';
import type { BillForSuperbill } from '../domain/superbillLines';
import { loadedOf, readBill } from './billStore';
import { type DocumentScene, readDocumentScene } from './clientDocumentStore';
import { queryAll } from './kernel';
import {
  clientPartition,
  memberEntity,
  otherSessionsPrefix,
  rootPartition,
  serviceEntity,
  sessionEntity,
  superbillEntity,
  superbillsPrefix,
} from './table';

/** What superbills are made from, but for the sessions and their bills. */
export interface SuperbillScene extends DocumentScene {
  readonly members: readonly Member[];
  readonly services: readonly Service[];
  readonly superbills: readonly Superbill[];
}

export async function readSuperbillScene(practiceId: string, clientId: string): Promise<SuperbillScene> {
  const root = rootPartition(practiceId);
  const [scene, superbills, members, services] = await Promise.all([
    readDocumentScene(practiceId, clientId),
    queryAll({ partition: clientPartition(practiceId, clientId), prefix: superbillsPrefix }),
    queryAll({ partition: root, prefix: memberEntity.key(practiceId, { memberId: '' }).sk }),
    queryAll({ partition: root, prefix: serviceEntity.key(practiceId, { serviceId: '' }).sk }),
  ]);
  return {
    ...scene,
    superbills: superbills.map(superbillEntity.record),
    members: members.map(memberEntity.record),
    services: services.map(serviceEntity.record),
  };
}

/** Sessions that are not unbilled any more, by date of service. */
export async function sessionsIn(
  practiceId: string,
  { clientId, from = '', to }: { clientId: string; from?: string; to: string },
): Promise<Session[]> {
  const items = await queryAll({
    index: 'people',
    partition: clientPartition(practiceId, clientId),
    from: otherSessionsPrefix + from,
    to: `${otherSessionsPrefix}${to}#~`,
  });
  return items.filter(sessionEntity.is).map(sessionEntity.record);
}

/** Bills that the same night makes before, with their sessions as they are then. */
export interface Foreseen {
  readonly sessions: readonly Session[];
  readonly records: readonly BillRecord[];
}

/** What the run of this date would make, and the bills that it looked at. */
export async function monthlyFrom(
  practiceId: string,
  { scene, on, foreseen }: { scene: SuperbillScene; on: CalendarDate; foreseen?: Foreseen },
) {
  const { clientId } = scene.client;
  const sessions = scene.billing.createSuperbills
    ? await sessionsIn(practiceId, { clientId, to: endOfMonthBefore(on) })
    : [];
  const stored = await billsOf(practiceId, sessionsNotCovered({ ...scene, sessions }, on));
  const bills = [...stored, ...(foreseen?.records ?? []).map(record => forSuperbill(practiceId, record))];
  const all = [...sessions, ...(foreseen?.sessions ?? [])];
  return { planned: monthlySuperbill({ ...scene, sessions: all, bills }, on), bills };
}

/** So many at a time: a client whose superbills are turned on late may have hundreds. */
const readTogether = 10;

/** The bills on which these sessions are, as superbills look at them. */
export async function billsOf(practiceId: string, sessions: readonly Session[]): Promise<BillForSuperbill[]> {
  const ids = [...new Set(sessions.flatMap(({ billing }) => (billing?.state === 'billed' ? [billing.billId] : [])))];
  const bills: BillForSuperbill[] = [];
  for (let start = 0; start < ids.length; start += readTogether) {
    const records = await Promise.all(ids.slice(start, start + readTogether).map(id => readBill(practiceId, id)));
    bills.push(...records.map(record => forSuperbill(practiceId, record)));
  }
  return bills;
}

function forSuperbill(practiceId: string, record: BillRecord): BillForSuperbill {
  const { billId, number, version, status, clientPaidCents, discountCents } = record.head;
  const facts = loadedOf(practiceId, [record]).book.bills.get(billId);
  invariant(facts, 'a bill that was read is in its book');
  const lines = linesNow(facts, record.entries);
  return { billId, number, version, cancelled: status === 'cancelled', lines, clientPaidCents, discountCents };
}
