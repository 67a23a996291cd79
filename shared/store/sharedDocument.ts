import type { Share } from '../domain/billRecord';
import type { ClientDocument } from '../domain/clientDocument';
import type { ClientDocumentRef, DocumentRef } from '../domain/documentRef';
import { isProblem } from '../domain/problem';
import { sharingOf } from '../domain/sharing';
import type { Statement } from '../domain/statement';
import type { Superbill } from '../domain/superbill';
import { attentionStore } from './attentionStore';
import { type Loaded, loadBill, recordOf, shareWrite } from './billStore';
import { replaced } from './changes';
import { getItem, queryAll, transact, type Write } from './kernel';
import { type Addressed, type ShareChange, shareStore } from './shareStore';
import { documentPartition, shareEntity, sharesPrefix, statementEntity, superbillEntity } from './table';

/** Whatever is shared, with its shares: what a step of sharing looks at and changes. */
export type SharedDocument = SharedBill | SharedStatement | SharedSuperbill;
interface Shared extends Addressed {
  readonly practiceId: string;
  readonly id: string;
  readonly shares: readonly Share[];
}
interface SharedBill extends Shared {
  readonly kind: 'bill';
  readonly loaded: Loaded;
}
interface SharedStatement extends Shared {
  readonly kind: 'statement';
  readonly head: Statement;
}
interface SharedSuperbill extends Shared {
  readonly kind: 'superbill';
  readonly head: Superbill;
}

/** Nothing once a bill was deleted. */
export async function findShared(practiceId: string, document: DocumentRef): Promise<SharedDocument | undefined> {
  if (document.kind !== 'bill') return findOfClient(practiceId, document);
  const loaded = await findBill(practiceId, document.id);
  return loaded && sharedBill(loaded, document.id);
}

export async function findBill(practiceId: string, billId: string): Promise<Loaded | undefined> {
  try {
    return await loadBill(practiceId, billId);
  } catch (error) {
    if (isProblem(error, 'not_found')) return undefined;
    throw error;
  }
}

function sharedBill(loaded: Loaded, billId: string): SharedBill {
  const { head, text, shares } = recordOf(loaded, billId);
  const { practiceId } = loaded;
  return {
    kind: 'bill',
    practiceId,
    id: billId,
    clientId: head.clientId,
    recipient: text.recipient,
    shares,
    loaded,
  };
}

async function findOfClient(practiceId: string, document: ClientDocumentRef): Promise<SharedDocument | undefined> {
  const { kind, id, clientId } = document;
  const key =
    kind === 'statement'
      ? statementEntity.key(practiceId, { clientId, statementId: id })
      : superbillEntity.key(practiceId, { clientId, superbillId: id });
  const [item, shared] = await Promise.all([
    getItem(key),
    queryAll({ partition: documentPartition(practiceId, document), prefix: sharesPrefix }),
  ]);
  if (!item) return undefined;
  const shares = shared.map(shareEntity.record);
  const common = ({ recipient }: ClientDocument) => ({ practiceId, id, clientId, recipient, shares });
  if (kind === 'statement') {
    const head = statementEntity.record(item);
    return { kind, head, ...common(head) };
  }
  const head = superbillEntity.record(item);
  return { kind, head, ...common(head) };
}

/** One transaction: shares, the sharing that follows from them on the document's head, attention. */
export async function commitShares(
  document: SharedDocument,
  change: ShareChange,
  newId: (prefix: 'wrk') => string,
): Promise<SharedDocument> {
  if (document.kind === 'bill') {
    return sharedBill(await shareStore.commit(document.loaded, document.id, change, newId), document.id);
  }
  const { practiceId } = document;
  const { shares, attention = [], writes = [] } = change;
  const after = withShares(document, shares);
  await transact([
    headWrite(after),
    ...shares.map(share => shareWrite(practiceId, share)),
    ...attention.map(item => attentionStore.add(practiceId, item)),
    ...writes,
  ]);
  return after;
}

function withShares<D extends SharedStatement | SharedSuperbill>(document: D, changed: readonly Share[]): D {
  const shares = [...new Map([...document.shares, ...changed].map(share => [share.shareId, share])).values()];
  return { ...document, shares, head: { ...document.head, sharing: sharingOf(shares, document.head.sharing) } };
}

const headWrite = ({ practiceId, ...document }: SharedStatement | SharedSuperbill): Write =>
  document.kind === 'statement'
    ? replaced(statementEntity, practiceId, document.head)
    : replaced(superbillEntity, practiceId, document.head);
