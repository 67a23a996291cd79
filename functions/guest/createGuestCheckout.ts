import { Problem } from '../../shared/domain/problem';
import { type Operation, reply, serve } from '../../shared/http/serve';
import { real } from '../../shared/needs';
import { createGuestCheckoutRow } from '../../shared/operations/guest';
import { guestStore } from '../../shared/store/guestStore';
import { openCheckout, openedCheckout } from '../../shared/stripe/openCheckout';
import { stripePages } from '../../shared/stripe/stripePages';

export const createGuestCheckout = (needs = real, pages = stripePages): Operation<typeof createGuestCheckoutRow> => ({
  run: ({ caller: { practiceId, billId }, body: { amountCents }, once }) => {
    const read = () => once.beside(guestStore.opened(practiceId, billId));
    return openCheckout({ billId, amountCents, by: 'guest', read, record: ids => once.record(201, ids) }, needs, pages);
  },
  replay: async ({ ids }, { caller: { practiceId } }) => {
    const url = await openedCheckout(practiceId, ids);
    if (url === undefined) throw new Problem('bill_not_found');
    return reply(201, { url });
  },
});

export const handler = serve(createGuestCheckoutRow, createGuestCheckout());
