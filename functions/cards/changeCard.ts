import { type Run, reply, serve } from '../../shared/http/serve';
import { changeCardRow } from '../../shared/operations/cards';
import { changeFoundCard } from '../../shared/store/cardChanges';
import { cardStore } from '../../shared/store/cardStore';
import { checkClient } from '../../shared/store/clientCheck';
import { decideAnew } from '../../shared/store/kernel';

export const changeCard =
  (): Run<typeof changeCardRow> =>
  ({ path: { cardId }, body, caller }) =>
    decideAnew(async () => {
      const found = await cardStore.find(caller.practiceId, cardId);
      const client = await checkClient(caller, found.card.clientId);
      return reply(200, await changeFoundCard({ ...found, client }, body));
    });

export const handler = serve(changeCardRow, changeCard());
