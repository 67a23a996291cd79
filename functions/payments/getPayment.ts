import { Problem } from '../../shared/domain/problem';
import { type Run, reply, serve } from '../../shared/http/serve';
import { getPaymentRow } from '../../shared/operations/payments';
import { loadPayment, seesBill } from '../../shared/store/billStore';
import { paymentView } from '../../shared/views/billView';

export const getPayment =
  (): Run<typeof getPaymentRow> =>
  async ({ path: { paymentId }, caller }) => {
    const loaded = await loadPayment(caller.practiceId, paymentId);
    const heads = [...loaded.records.values()].map(record => record.head);
    if (heads.length > 0 && !heads.some(head => seesBill(caller, head)))
      throw new Problem('not_found', { what: 'payment' });
    return reply(200, paymentView(loaded.book, paymentId));
  };

export const handler = serve(getPaymentRow, getPayment());
