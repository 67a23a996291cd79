import { linesNow } from '../domain/billAmounts';
import type { BillRecord, Share } from '../domain/billRecord';
import type { Act } from '../domain/book';
import type { CalendarDate } from '../domain/calendar';
import type { ClientDocumentRef } from '../domain/documentRef';
import { invariant } from '../domain/invariant';
import type { Member, Service } from '../domain/practice';
import { Problem } from '../domain/problem';
import type { Session } from '../domain/session';
import { refuseWrongRange } from '../domain/statement';
import {
  endOfMonthBefore,
  type MonthlySuperbill,
  monthlySuperbill,
  newSuperbill,
  type Superbill,
  type SuperbillRequest,
  type SuperbillText,
  sessionsNotCovered,
} from '../domain/superbill';
import type { BillForSuperbill } from '../domain/superbillLines';
import { loadedOf, readBill } from './billStore';
import { added, replaced } from './changes';
import {
  type DocumentScene,
  documentsWrite,
  readDocumentScene,
  type SnapshotFiles,
  snapshotIn,
  snapshotWrite,
} from './clientDocumentStore';
import { decideAnew, getItem, getItems, queryAll, queryPage, transact, type Write } from './kernel';
import {
  clientPartition,
  documentPartition,
  memberEntity,
  otherSessionsPrefix,
  rootPartition,
  serviceEntity,
  sessionEntity,
  shareEntity,
  superbillEntity,
  superbillsPrefix,
} from './table';

export interface SuperbillRecord {
  readonly superbill: Superbill;
  readonly text: SuperbillText;
  readonly shares: readonly Share[];
}

export interface SuperbillId {
  readonly clientId: string;
  readonly superbillId: string;
}

export const superbillRef = ({ clientId, superbillId }: SuperbillId): ClientDocumentRef => ({
  kind: 'superbill',
  id: superbillId,
  clientId,
});

interface AlongSuperbill {
  readonly act: Act;
  readonly files: SnapshotFiles;
  readonly writes?: readonly Write[];
}

type ByHand = SuperbillId & Omit<SuperbillRequest, 'reissueOf' | 'ask'>;
type Monthly = SuperbillId & { readonly on: CalendarDate };
export type Skipped = Extract<ReturnType<typeof monthlySuperbill>, { skipped: string }>;

export const superbillStore = {
  /** Two reads side by side; 404 for what is not there, or is another client's. */
  async load(practiceId: string, id: SuperbillId, files: Pick<SnapshotFiles, 'find'>): Promise<SuperbillRecord> {
    const [head, items] = await Promise.all([
      getItem(superbillEntity.key(practiceId, id)),
      queryAll({ partition: documentPartition(practiceId, superbillRef(id)) }),
    ]);
    if (!head) throw new Problem('not_found', { what: 'superbill' });
    return {
      superbill: superbillEntity.record(head),
      text: await snapshotIn<SuperbillText>(items, files),
      shares: items.filter(shareEntity.is).map(shareEntity.record),
    };
  },

  /** The newest first. */
  async page(
    practiceId: string,
    { clientId, ...page }: { clientId: string; limit: number; cursor: string | undefined },
  ): Promise<{ superbills: Superbill[]; nextCursor: string | null }> {
    const partition = clientPartition(practiceId, clientId);
    const found = await queryPage({ partition, prefix: superbillsPrefix, newestFirst: true, ...page });
    return { superbills: found.items.map(superbillEntity.record), nextCursor: found.nextCursor };
  },

  /** By hand: every eligible session of the range, also one that another superbill covers. */
  create(practiceId: string, request: ByHand, along: AlongSuperbill): Promise<SuperbillRecord> {
    refuseWrongRange(request);
    return decideAnew(async () => {
      const scene = await readScene(practiceId, request.clientId);
      const sessions = await sessionsIn(practiceId, request);
      return make({ practiceId, scene, sessions }, { ...request, ask: true }, along);
    });
  },

  /** The next version: the same sessions, as their bills tell of them now. */
  reissue(
    practiceId: string,
    { superbillId, providerId, ...of }: SuperbillId & { reissueOf: string; providerId?: string | undefined },
    along: AlongSuperbill,
  ): Promise<SuperbillRecord> {
    return decideAnew(async () => {
      const scene = await readScene(practiceId, of.clientId);
      const reissueOf = scene.superbills.find(known => known.superbillId === of.reissueOf);
      if (!reissueOf) throw new Problem('not_found', { what: 'superbill' });
      const items = await getItems(reissueOf.sessionIds.map(sessionId => sessionEntity.key(practiceId, { sessionId })));
      const { from, to } = reissueOf;
      const request = { superbillId, from, to, providerId, ask: true, reissueOf };
      return make({ practiceId, scene, sessions: items.map(sessionEntity.record) }, request, along);
    });
  },

  /** What the run of this date would make for a client, or why nothing. */
  async preview(
    practiceId: string,
    { clientId, on, foreseen }: Omit<Monthly, 'superbillId'> & { foreseen?: Foreseen },
  ): Promise<MonthlySuperbill | Skipped> {
    const scene = await readScene(practiceId, clientId);
    return (await monthlyFrom(practiceId, { scene, on, ...(foreseen ? { foreseen } : {}) })).planned;
  },

  /**
   * The superbill of a month's run. Decided at the moment of writing, so that nothing is covered twice however staff and
   * the run meet; an id that is there already is answered with what was made then, so a run that comes twice makes one.
   */
  createMonthly(
    practiceId: string,
    { superbillId, clientId, on }: Monthly,
    along: AlongSuperbill,
  ): Promise<SuperbillRecord | Skipped> {
    return decideAnew(async () => {
      const scene = await readScene(practiceId, clientId);
      if (scene.superbills.some(known => known.superbillId === superbillId)) {
        return superbillStore.load(practiceId, { clientId, superbillId }, along.files);
      }
      const { planned, bills } = await monthlyFrom(practiceId, { scene, on });
      if ('skipped' in planned) return planned;
      const { from, to, sessions } = planned;
      return make({ practiceId, scene, sessions, bills }, { superbillId, from, to, ask: false }, along);
    });
  },
};
export type SuperbillStore = typeof superbillStore;

interface SuperbillScene extends DocumentScene {
  readonly members: readonly Member[];
  readonly services: readonly Service[];
  readonly superbills: readonly Superbill[];
}

async function readScene(practiceId: string, clientId: string): Promise<SuperbillScene> {
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
async function sessionsIn(
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

async function monthlyFrom(
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

async function billsOf(practiceId: string, sessions: readonly Session[]): Promise<BillForSuperbill[]> {
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

interface Making {
  readonly practiceId: string;
  readonly scene: SuperbillScene;
  readonly sessions: readonly Session[];
  readonly bills?: readonly BillForSuperbill[];
}

async function make(
  { practiceId, scene, sessions, bills }: Making,
  request: SuperbillRequest,
  { act, files, writes = [] }: AlongSuperbill,
): Promise<SuperbillRecord> {
  const from = { ...scene, sessions, bills: bills ?? (await billsOf(practiceId, sessions)) };
  const { superbill, text, superseded, documents } = newSuperbill(request, from, act);
  await transact([
    documentsWrite(practiceId, documents),
    added(superbillEntity, practiceId, superbill),
    ...(superseded ? [replaced(superbillEntity, practiceId, superseded)] : []),
    await snapshotWrite(practiceId, superbillRef(superbill), { text, files }),
    ...writes,
  ]);
  return { superbill, text, shares: [] };
}
