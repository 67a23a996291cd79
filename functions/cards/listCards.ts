import { type Run, reply, serve } from '../../shared/http/serve';
import { listCardsRow } from '../../shared/operations/cards';
import { cardStore, practiceOf } from '../../shared/store/cardStore';
import { checkClient } from '../../shared/store/clientCheck';

export const listCards =
  (): Run<typeof listCardsRow> =>
  async ({ path: { clientId }, caller }) => {
    const [practice] = await Promise.all([practiceOf(caller.practiceId), checkClient(caller, clientId)]);
    return reply(200, { items: await cardStore.of(practice, clientId), nextCursor: null });
  };

export const handler = serve(listCardsRow, listCards());
