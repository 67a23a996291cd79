import { billPdf, pdfAnswer } from '../../shared/documents/billPdf';
import { documentStore } from '../../shared/documents/documentStore';
import { Problem } from '../../shared/domain/problem';
import { type Run, serve } from '../../shared/http/serve';
import { getOwnBillPdfRow } from '../../shared/operations/ownBills';
import { recordOf } from '../../shared/store/billStore';
import { openOwnBill } from '../../shared/store/ownBills';

/** Of a cancelled bill there is no paper any more, as for a guest. */
export const getOwnBillPdf =
  (documents = documentStore): Run<typeof getOwnBillPdfRow> =>
  async ({ caller, path: { billId }, headers }) => {
    const { loaded } = await openOwnBill(caller, billId);
    if (recordOf(loaded, billId).head.status === 'cancelled') throw new Problem('not_found', { what: 'bill' });
    return pdfAnswer(await billPdf(loaded, billId, documents), headers.accept, documents);
  };

export const handler = serve(getOwnBillPdfRow, getOwnBillPdf());
