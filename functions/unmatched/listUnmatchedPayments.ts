import { paymentState } from '../../shared/domain/paymentState';
import { type Run, reply, serve } from '../../shared/http/serve';
import { listUnmatchedPaymentsRow } from '../../shared/operations/unmatched';
import { loadPayment } from '../../shared/store/billStore';
import { unmatchedStore } from '../../shared/store/unmatchedStore';
import { paymentView } from '../../shared/views/billView';

export const listUnmatchedPayments =
  (): Run<typeof listUnmatchedPaymentsRow> =>
  async ({ caller: { practiceId }, query: { limit, cursor } }) => {
    const { records, nextCursor } = await unmatchedStore.page(practiceId, { limit, cursor });
    const items = await Promise.all(
      records.map(async ({ paymentId, at: foundAt }) => {
        const { book } = await loadPayment(practiceId, paymentId);
        const { unmatchedCents } = paymentState(book, paymentId);
        return { payment: paymentView(book, paymentId), unmatchedCents, foundAt };
      }),
    );
    return reply(200, { items: items.filter(item => item.unmatchedCents > 0), nextCursor });
  };

export const handler = serve(listUnmatchedPaymentsRow, listUnmatchedPayments());
