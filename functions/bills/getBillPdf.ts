import { billPdf, pdfAnswer } from '../../shared/documents/billPdf';
import { type Run, serve } from '../../shared/http/serve';
import { getBillPdfRow } from '../../shared/operations/bills';
import { loadBillFor } from '../../shared/store/billStore';

export const getBillPdf =
  (): Run<typeof getBillPdfRow> =>
  async ({ path: { billId }, headers, caller }) =>
    pdfAnswer(await billPdf(await loadBillFor(caller, billId), billId), headers.accept);

export const handler = serve(getBillPdfRow, getBillPdf());
