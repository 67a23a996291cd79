import { type Run, reply, serve } from '../../shared/http/serve';
import { getPaymentRow } from '../../shared/operations/payments';
import { loadPaymentFor } from '../../shared/store/billStore';
import { paymentView } from '../../shared/views/billView';

export const getPayment =
  (): Run<typeof getPaymentRow> =>
  async ({ path: { paymentId }, caller }) => {
    const loaded = await loadPaymentFor(caller, paymentId);
    return reply(200, paymentView(loaded.book, paymentId));
  };

export const handler = serve(getPaymentRow, getPayment());
