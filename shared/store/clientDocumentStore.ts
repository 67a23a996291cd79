import type { Client, ClientBilling } from '../domain/client';
import { defaultClientBilling } from '../domain/client';
import type { ClientDocuments } from '../domain/clientDocument';
import type { ClientDocumentRef } from '../domain/documentRef';
import { invariant } from '../domain/invariant';
import type { BillingSettings, Practice } from '../domain/practice';
import { Problem } from '../domain/problem';
import { addedOrReplaced } from './changes';
import { getItems, type Item, type Write } from './kernel';
import { billingSettingsOf } from './settingsStore';
import {
  billingSettingsEntity,
  clientBillingEntity,
  clientDocumentsEntity,
  clientEntity,
  practiceEntity,
  scope,
  snapshotEntity,
} from './table';

/** Where snapshots are kept that are too much for an item. */
export interface SnapshotFiles {
  keep(key: string, bytes: Uint8Array, contentType?: string): Promise<void>;
  find(key: string): Promise<Buffer | undefined>;
}

/** An item holds 400 KB; long before that each of its writes is dear (`design.md` section 4). */
const mostBytesInItem = 100_000;

/**
 * The write of what a document says. A long one is put into its file first: should the transaction then fail, the file is
 * of a document that never was, and nobody is led to it.
 */
export async function snapshotWrite(
  practiceId: string,
  document: ClientDocumentRef,
  { text, files }: { text: object; files: SnapshotFiles },
): Promise<Write> {
  const bytes = Buffer.from(JSON.stringify(text));
  const keptAs = `${scope(practiceId).replaceAll('#', '/')}${document.kind}s/${document.id}.json`;
  const long = bytes.length > mostBytesInItem;
  if (long) await files.keep(keptAs, bytes, 'application/json');
  const record = { document, ...(long ? { keptAs } : { text: bytes.toString() }) };
  return { as: 'snapshot', put: snapshotEntity.item(practiceId, record, 1), when: 'absent' };
}

/** What the document says, out of the items of its partition. */
export async function snapshotIn<T>(items: readonly Item[], files: Pick<SnapshotFiles, 'find'>): Promise<T> {
  const [record] = items.filter(snapshotEntity.is).map(snapshotEntity.record);
  invariant(record, 'a document has its snapshot');
  const { text, keptAs = '' } = record;
  const bytes = text === undefined ? await files.find(keptAs) : Buffer.from(text);
  invariant(bytes, `${keptAs} is kept`);
  return JSON.parse(bytes.toString()) as T;
}

/** What every new document of a client looks at. */
export interface DocumentScene {
  readonly practice: Practice;
  readonly settings: BillingSettings;
  readonly client: Client;
  readonly billing: ClientBilling;
  readonly documents: ClientDocuments;
}

/** One batch read. 404 for a client who is not there. */
export async function readDocumentScene(practiceId: string, clientId: string): Promise<DocumentScene> {
  const items = await getItems([
    practiceEntity.key(practiceId, { practiceId }),
    billingSettingsEntity.key(practiceId, {}),
    clientEntity.key(practiceId, { clientId }),
    clientBillingEntity.key(practiceId, { clientId }),
    clientDocumentsEntity.key(practiceId, { clientId }),
  ]);
  const [practice] = items.filter(practiceEntity.is).map(practiceEntity.record);
  invariant(practice, `practice ${practiceId} is in the table`);
  const [client] = items.filter(clientEntity.is).map(clientEntity.record);
  if (!client) throw new Problem('not_found', { what: 'client' });
  const [billing] = items.filter(clientBillingEntity.is).map(clientBillingEntity.record);
  const [documents] = items.filter(clientDocumentsEntity.is).map(clientDocumentsEntity.record);
  return {
    practice,
    client,
    settings: billingSettingsOf(items.find(billingSettingsEntity.is), practice.billingName),
    billing: billing ?? defaultClientBilling(clientId),
    documents: documents ?? { clientId },
  };
}

/** Written with every new document of the client: of two that are made at once, the second sees the first. */
export const documentsWrite = (practiceId: string, documents: ClientDocuments): Write =>
  addedOrReplaced(clientDocumentsEntity, practiceId, documents);
