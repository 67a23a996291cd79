import { type Run, reply, serve } from '../../shared/http/serve';
import { listOwnCardsRow } from '../../shared/operations/client';
import { cardStore, practiceOf } from '../../shared/store/cardStore';
import { isOwnCard } from '../../shared/store/ownBills';

/** This payer's own: a parent does not see the other one's, nor the client's. */
export const listOwnCards =
  (): Run<typeof listOwnCardsRow> =>
  async ({ caller }) => {
    const practice = await practiceOf(caller.practiceId);
    const cards = await Promise.all(caller.clients.map(({ clientId }) => cardStore.of(practice, clientId)));
    return reply(200, { items: cards.flat().filter(card => isOwnCard(caller, card)), nextCursor: null });
  };

export const handler = serve(listOwnCardsRow, listOwnCards());
