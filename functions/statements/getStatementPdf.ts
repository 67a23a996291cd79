import { pdfAnswer } from '../../shared/documents/billPdf';
import { statementPdf } from '../../shared/documents/clientDocumentPdf';
import { documentStore } from '../../shared/documents/documentStore';
import { type Run, serve } from '../../shared/http/serve';
import { getStatementPdfRow } from '../../shared/operations/statements';
import { clientStore } from '../../shared/store/clientStore';
import { statementStore } from '../../shared/store/statementStore';

export const getStatementPdf =
  (documents = documentStore): Run<typeof getStatementPdfRow> =>
  async ({ path, headers, caller }) => {
    const { practiceId } = caller;
    const [, record] = await Promise.all([
      clientStore.load(caller, path.clientId),
      statementStore.load(practiceId, path, documents),
    ]);
    return pdfAnswer(await statementPdf(practiceId, record, documents), headers.accept, documents);
  };

export const handler = serve(getStatementPdfRow, getStatementPdf());
