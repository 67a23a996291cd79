import type { ClientDocument } from '../domain/clientDocument';
import type { SharedDocument } from '../store/sharedDocument';
import { type StatementRecord, statementStore } from '../store/statementStore';
import { type SuperbillRecord, superbillStore } from '../store/superbillStore';
import type { BillPdf } from './billPdf';
import { type DocumentStore, documentKey, documentStore } from './documentStore';
import { logoOf } from './logo/paperLogo';
import type { Paper } from './paper';
import { renderPdf } from './pdf';
import { statementDocument, statementForPaper } from './statementDocument';
import { superbillDocument, superbillForPaper } from './superbillDocument';

/** What it says never changes, so its paper is rendered once a template, and kept. */
interface Wanted {
  readonly key: string;
  readonly filename: string;
  readonly paper: () => Promise<Paper>;
}

async function keptPdf({ key, filename, paper }: Wanted, documents: DocumentStore): Promise<BillPdf> {
  const kept = await documents.find(key);
  if (kept) return { key, bytes: kept, filename };
  const bytes = await renderPdf(await paper());
  await documents.keep(key, bytes);
  return { key, bytes, filename };
}

const rangeOf = ({ from, to }: ClientDocument): string => `${from} to ${to}`;

export function statementPdf(
  practiceId: string,
  record: StatementRecord,
  documents: DocumentStore = documentStore,
): Promise<BillPdf> {
  const { statement } = record;
  return keptPdf(
    {
      key: documentKey({ practiceId, kind: 'statement', id: statement.statementId }),
      filename: `Statement ${rangeOf(statement)}.pdf`,
      paper: async () =>
        statementDocument({
          ...statementForPaper(record),
          ...(await logoOf(practiceId, record.text.letterhead, documents)),
        }),
    },
    documents,
  );
}

export function superbillPdf(
  practiceId: string,
  record: SuperbillRecord,
  documents: DocumentStore = documentStore,
): Promise<BillPdf> {
  const { superbill } = record;
  return keptPdf(
    {
      key: documentKey({ practiceId, kind: 'superbill', id: superbill.superbillId }),
      filename: `Superbill ${rangeOf(superbill)}.pdf`,
      paper: async () =>
        superbillDocument({
          ...superbillForPaper(record),
          ...(await logoOf(practiceId, record.text.letterhead, documents)),
        }),
    },
    documents,
  );
}

/** The attachment of a share. The name of a superbill's file tells as little as the mail that it is read in. */
export async function sharedPdf(
  { practiceId, kind, id, clientId }: Exclude<SharedDocument, { kind: 'bill' }>,
  documents: DocumentStore = documentStore,
): Promise<BillPdf> {
  if (kind === 'statement') {
    const record = await statementStore.load(practiceId, { clientId, statementId: id }, documents);
    return statementPdf(practiceId, record, documents);
  }
  const record = await superbillStore.load(practiceId, { clientId, superbillId: id }, documents);
  return { ...(await superbillPdf(practiceId, record, documents)), filename: 'Document.pdf' };
}
