import type { Share } from '../domain/billRecord';
import type { Act } from '../domain/book';
import type { CalendarDate } from '../domain/calendar';
import type { ClientDocumentRef } from '../domain/documentRef';
import { Problem } from '../domain/problem';
import type { Session } from '../domain/session';
import { refuseWrongRange } from '../domain/statement';
import {
  type MonthlySuperbill,
  type monthlySuperbill,
  newSuperbill,
  type Superbill,
  type SuperbillRequest,
  type SuperbillText,
} from '../domain/superbill';
import type { BillForSuperbill } from '../domain/superbillLines';
import { carryShares } from './carryShares';
import { added, replaced } from './changes';
import { documentsWrite, type SnapshotFiles, snapshotIn, snapshotWrite } from './clientDocumentStore';
import { decideAnew, getItem, getItems, queryAll, queryPage, transact, type Write } from './kernel';
import {
  billsOf,
  type Foreseen,
  monthlyFrom,
  readSuperbillScene,
  type SuperbillScene,
  sessionsIn,
} from './superbillScene';
import { toldBy } from './superbillTruth';
import {
  clientPartition,
  documentPartition,
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
interface Reissue extends SuperbillId {
  readonly reissueOf: string;
  readonly providerId?: string | undefined;
  /** False where nobody is there to choose a provider. */
  readonly ask?: boolean;
}
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
      const scene = await readSuperbillScene(practiceId, request.clientId);
      const sessions = await sessionsIn(practiceId, request);
      return make({ practiceId, scene, sessions }, { ...request, ask: true }, along);
    });
  },

  /** The next version: the same sessions, as their bills tell of them now. */
  reissue(
    practiceId: string,
    { superbillId, providerId, ask = true, ...of }: Reissue,
    along: AlongSuperbill,
  ): Promise<SuperbillRecord> {
    return decideAnew(async () => {
      const scene = await readSuperbillScene(practiceId, of.clientId);
      const reissueOf = scene.superbills.find(known => known.superbillId === of.reissueOf);
      if (!reissueOf) throw new Problem('not_found', { what: 'superbill' });
      const items = await getItems(reissueOf.sessionIds.map(sessionId => sessionEntity.key(practiceId, { sessionId })));
      const { from, to } = reissueOf;
      const request = { superbillId, from, to, providerId, ask, reissueOf };
      return make({ practiceId, scene, sessions: items.map(sessionEntity.record) }, request, along);
    });
  },

  /** What the run of this date would make for a client, or why nothing. */
  async preview(
    practiceId: string,
    { clientId, on, foreseen }: Omit<Monthly, 'superbillId'> & { foreseen?: Foreseen },
  ): Promise<MonthlySuperbill | Skipped> {
    const scene = await readSuperbillScene(practiceId, clientId);
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
      const scene = await readSuperbillScene(practiceId, clientId);
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
  const after = { ...superbill, ...toldBy(text.lines, sessions) };
  const made = await carryShares(practiceId, { after, before: superseded }, superbillRef);
  await transact([
    documentsWrite(practiceId, documents),
    added(superbillEntity, practiceId, made.after),
    ...(made.before ? [replaced(superbillEntity, practiceId, made.before)] : []),
    await snapshotWrite(practiceId, superbillRef(superbill), { text, files }),
    ...made.moves,
    ...writes,
  ]);
  return { superbill: made.after, text, shares: made.shares };
}
