import { type Run, reply, serve } from '../../shared/http/serve';
import { changeOwnCardRow } from '../../shared/operations/client';
import { changeFoundCard } from '../../shared/store/cardChanges';
import { decideAnew } from '../../shared/store/kernel';
import { findOwnCard } from '../../shared/store/ownCards';

export const changeOwnCard =
  (): Run<typeof changeOwnCardRow> =>
  ({ path: { cardId }, body, caller }) =>
    decideAnew(async () => reply(200, await changeFoundCard(await findOwnCard(caller, cardId), body)));

export const handler = serve(changeOwnCardRow, changeOwnCard());
