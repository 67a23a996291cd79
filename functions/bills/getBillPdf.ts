import { billPdf, pdfAnswer } from '../../shared/documents/billPdf';
import { documentStore } from '../../shared/documents/documentStore';
import { type Run, serve } from '../../shared/http/serve';
import { getBillPdfRow } from '../../shared/operations/bills';
import { loadBillFor } from '../../shared/store/billStore';

export const getBillPdf =
  (documents = documentStore): Run<typeof getBillPdfRow> =>
  async ({ path: { billId }, headers, caller }) => {
    const loaded = await loadBillFor(caller, billId);
    return pdfAnswer(await billPdf(loaded, billId, documents), headers.accept, documents);
  };

export const handler = serve(getBillPdfRow, getBillPdf());
