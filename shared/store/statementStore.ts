import type { Share } from '../domain/billRecord';
import type { Act } from '../domain/book';
import type { ClientDocumentRef } from '../domain/documentRef';
import type { Entry } from '../domain/ledger';
import { Problem } from '../domain/problem';
import {
  newStatement,
  refuseWrongRange,
  type Statement,
  type StatementRequest,
  type StatementText,
} from '../domain/statement';
import { entriesOf } from './billStore';
import { carryShares } from './carryShares';
import { added, replaced } from './changes';
import {
  documentsWrite,
  readDocumentScene,
  type SnapshotFiles,
  snapshotIn,
  snapshotWrite,
} from './clientDocumentStore';
import { decideAnew, getItem, getItems, queryAll, queryPage, transact, type Write } from './kernel';
import {
  billHeadEntity,
  clientPartition,
  documentPartition,
  shareEntity,
  statementEntity,
  statementsPrefix,
} from './table';

export interface StatementRecord {
  readonly statement: Statement;
  readonly text: StatementText;
  readonly shares: readonly Share[];
}

interface StatementId {
  readonly clientId: string;
  readonly statementId: string;
}

const refOf = ({ clientId, statementId }: StatementId): ClientDocumentRef => ({
  kind: 'statement',
  id: statementId,
  clientId,
});

export const statementStore = {
  async find(practiceId: string, id: StatementId): Promise<Statement | undefined> {
    const item = await getItem(statementEntity.key(practiceId, id));
    return item && statementEntity.record(item);
  },

  /** Two reads side by side; 404 for what is not there, or is another client's. */
  async load(practiceId: string, id: StatementId, files: Pick<SnapshotFiles, 'find'>): Promise<StatementRecord> {
    const [head, items] = await Promise.all([
      getItem(statementEntity.key(practiceId, id)),
      queryAll({ partition: documentPartition(practiceId, refOf(id)) }),
    ]);
    if (!head) throw new Problem('not_found', { what: 'statement' });
    return {
      statement: statementEntity.record(head),
      text: await snapshotIn<StatementText>(items, files),
      shares: items.filter(shareEntity.is).map(shareEntity.record),
    };
  },

  /** The newest first. */
  async page(
    practiceId: string,
    { clientId, ...page }: { clientId: string; limit: number; cursor: string | undefined },
  ): Promise<{ statements: Statement[]; nextCursor: string | null }> {
    const partition = clientPartition(practiceId, clientId);
    const found = await queryPage({ partition, prefix: statementsPrefix, newestFirst: true, ...page });
    return { statements: found.items.map(statementEntity.record), nextCursor: found.nextCursor };
  },

  /**
   * Makes a statement, for staff or for a run; `writes` go into its transaction. An id that is there already is answered
   * with what was made then, so a run that comes twice makes one.
   */
  create(practiceId: string, request: StatementRequest, along: AlongStatement): Promise<StatementRecord> {
    const { act, files, writes = [] } = along;
    refuseWrongRange(request);
    return decideAnew(async () => {
      const scene = await readScene(practiceId, request);
      if (scene.statements.some(({ statementId }) => statementId === request.statementId)) {
        return statementStore.load(practiceId, request, files);
      }
      const { text, statement: after, superseded } = newStatement(request, scene, act);
      const made = await carryShares(practiceId, { after, before: superseded }, refOf);
      await transact([
        documentsWrite(practiceId, scene.documents),
        added(statementEntity, practiceId, made.after),
        ...(made.before ? [replaced(statementEntity, practiceId, made.before)] : []),
        await snapshotWrite(practiceId, refOf(request), { text, files }),
        ...made.moves,
        ...writes,
      ]);
      return { statement: made.after, text, shares: made.shares };
    });
  },
};
export type StatementStore = typeof statementStore;

interface AlongStatement {
  readonly act: Act;
  readonly files: SnapshotFiles;
  readonly writes?: readonly Write[];
}

async function readScene(practiceId: string, { clientId, from, to }: StatementRequest) {
  const partition = clientPartition(practiceId, clientId);
  const [scene, ledger, statements] = await Promise.all([
    readDocumentScene(practiceId, clientId),
    readLedgerTo(practiceId, { clientId, to }),
    queryAll({ partition, prefix: statementsPrefix }),
  ]);
  // Only what the statement lists is called by its number.
  const numbers = await numbersOf(
    practiceId,
    ledger.filter(({ postedOn }) => postedOn >= from),
  );
  return { ...scene, ledger, numbers, statements: statements.map(statementEntity.record) };
}

/** The client's ledger as far as it counts for dates up to this one. */
export async function readLedgerTo(
  practiceId: string,
  { clientId, to }: { clientId: string; to: string },
): Promise<Entry[]> {
  const partition = clientPartition(practiceId, clientId);
  return entriesOf(await queryAll({ index: 'people', partition, from: 'LEDGER#', to: `LEDGER#${to}#~` }));
}

async function numbersOf(practiceId: string, ledger: readonly Entry[]): Promise<Map<string, string>> {
  const billIds = new Set(ledger.flatMap(({ home }) => (home.kind === 'bill' ? [home.id] : [])));
  const heads = await getItems([...billIds].map(billId => billHeadEntity.key(practiceId, { billId })));
  return new Map(heads.map(billHeadEntity.record).map(({ billId, number }) => [billId, number]));
}
