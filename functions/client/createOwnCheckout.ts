import { Problem } from '../../shared/domain/problem';
import { type Operation, reply, serve } from '../../shared/http/serve';
import { real } from '../../shared/needs';
import { createOwnCheckoutRow } from '../../shared/operations/ownBills';
import { openOwnBill } from '../../shared/store/ownBills';
import { openCheckout, openedCheckout } from '../../shared/stripe/openCheckout';
import { stripePages } from '../../shared/stripe/stripePages';

/** (R34) As a guest's page, which is one and the same for the same amount; it returns to the portal. */
export const createOwnCheckout = (needs = real, pages = stripePages): Operation<typeof createOwnCheckoutRow> => ({
  run: ({ caller, path: { billId }, body: { amountCents }, once }) => {
    const read = () => once.beside(openOwnBill(caller, billId));
    return openCheckout(
      { billId, amountCents, by: 'client', read, record: ids => once.record(201, ids) },
      needs,
      pages,
    );
  },
  replay: async ({ ids }, { caller, path: { billId } }) => {
    await openOwnBill(caller, billId);
    const url = await openedCheckout(caller.practiceId, ids);
    if (url === undefined) throw new Problem('not_found', { what: 'checkout' });
    return reply(201, { url });
  },
});

export const handler = serve(createOwnCheckoutRow, createOwnCheckout());
