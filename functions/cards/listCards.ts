import { type Run, reply, serve } from '../../shared/http/serve';
import { listCardsRow } from '../../shared/operations/cards';
import { cardStore } from '../../shared/store/cardStore';
import { checkClient } from '../../shared/store/clientCheck';

export const listCards =
  (): Run<typeof listCardsRow> =>
  async ({ path: { clientId }, caller }) => {
    await checkClient(caller, clientId);
    return reply(200, { items: await cardStore.of(caller.practiceId, clientId), nextCursor: null });
  };

export const handler = serve(listCardsRow, listCards());
