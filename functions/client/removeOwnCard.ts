import { type Run, reply, serve } from '../../shared/http/serve';
import { removeOwnCardRow } from '../../shared/operations/client';
import { removeFoundCard } from '../../shared/store/cardChanges';
import { decideAnew } from '../../shared/store/kernel';
import { findOwnCardForRemoval } from '../../shared/store/ownCards';
import { stripePages } from '../../shared/stripe/stripePages';

/** While AutoPay charges this payer one card stays: the therapist is asked to take the last one (`domain.md` 2.10). */
export const removeOwnCard =
  (pages = stripePages): Run<typeof removeOwnCardRow> =>
  ({ path: { cardId }, caller }) =>
    decideAnew(async () => {
      await removeFoundCard(await findOwnCardForRemoval(caller, cardId), { keepsLast: true, detach: pages.detachCard });
      return reply(204, undefined);
    });

export const handler = serve(removeOwnCardRow, removeOwnCard());
