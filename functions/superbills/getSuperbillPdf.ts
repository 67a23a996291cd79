import { pdfAnswer } from '../../shared/documents/billPdf';
import { superbillPdf } from '../../shared/documents/clientDocumentPdf';
import { documentStore } from '../../shared/documents/documentStore';
import { type Run, serve } from '../../shared/http/serve';
import { getSuperbillPdfRow } from '../../shared/operations/superbills';
import { clientStore } from '../../shared/store/clientStore';
import { superbillStore } from '../../shared/store/superbillStore';

export const getSuperbillPdf =
  (documents = documentStore): Run<typeof getSuperbillPdfRow> =>
  async ({ path, headers, caller }) => {
    const { practiceId } = caller;
    const [, record] = await Promise.all([
      clientStore.load(caller, path.clientId),
      superbillStore.load(practiceId, path, documents),
    ]);
    return pdfAnswer(await superbillPdf(practiceId, record, documents), headers.accept, documents);
  };

export const handler = serve(getSuperbillPdfRow, getSuperbillPdf());
