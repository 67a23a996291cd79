import { billPdf, pdfAnswer } from '../../shared/documents/billPdf';
import { documentStore } from '../../shared/documents/documentStore';
import { Problem } from '../../shared/domain/problem';
import { type Run, serve } from '../../shared/http/serve';
import { getGuestBillPdfRow } from '../../shared/operations/guest';
import { accessStore } from '../../shared/store/accessStore';
import { recordOf } from '../../shared/store/billStore';
import { guestStore } from '../../shared/store/guestStore';

/** The PDF holds the lines, so a link alone does not open it: the code must have been given (clarification 39). */
export const getGuestBillPdf =
  (documents = documentStore): Run<typeof getGuestBillPdfRow> =>
  async ({ caller, headers }) => {
    // The gateway may have cached the caller from before the code was given; the token itself is asked.
    const verified = caller.verified || (await accessStore.findToken(caller.tokenHash))?.verified === true;
    if (!verified) throw new Problem('second_factor_required');
    const { loaded, billId } = await guestStore.opened(caller.practiceId, caller.billId);
    if (recordOf(loaded, billId).head.status === 'cancelled') throw new Problem('bill_not_found');
    return pdfAnswer(await billPdf(loaded, billId, documents), headers.accept, documents);
  };

export const handler = serve(getGuestBillPdfRow, getGuestBillPdf());
