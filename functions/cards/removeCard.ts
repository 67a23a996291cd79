import { type Run, reply, serve } from '../../shared/http/serve';
import { removeCardRow } from '../../shared/operations/cards';
import { removeFoundCard } from '../../shared/store/cardChanges';
import { cardStore } from '../../shared/store/cardStore';
import { checkClient } from '../../shared/store/clientCheck';
import { decideAnew } from '../../shared/store/kernel';
import { stripePages } from '../../shared/stripe/stripePages';

export const removeCard =
  (pages = stripePages): Run<typeof removeCardRow> =>
  ({ path: { cardId }, caller }) =>
    decideAnew(async () => {
      const found = await cardStore.findForRemoval(caller.practiceId, cardId);
      const client = await checkClient(caller, found.card.clientId);
      await removeFoundCard({ ...found, client }, { keepsLast: false, detach: pages.detachCard });
      return reply(204, undefined);
    });

export const handler = serve(removeCardRow, removeCard());
