import { Problem } from '../domain/problem';
import type { ClientCaller } from '../operations/caller';
import type { FoundCard } from './cardChanges';
import { cardStore } from './cardStore';
import { clientStore } from './clientStore';
import { isOwnCard } from './ownBills';

/** A card of this payer; 404 for anybody else's, as for one that is not there. */
export const findOwnCard = async (caller: ClientCaller, cardId: string): Promise<FoundCard> =>
  ifOwn(caller, await cardStore.find(caller.practiceId, cardId));

/** As `findOwnCard`, and also one whose removal has stopped half-way. */
export const findOwnCardForRemoval = async (caller: ClientCaller, cardId: string): Promise<FoundCard> =>
  ifOwn(caller, await cardStore.findForRemoval(caller.practiceId, cardId));

async function ifOwn(caller: ClientCaller, found: Omit<FoundCard, 'client'>): Promise<FoundCard> {
  const client = isOwnCard(caller, found.card)
    ? await clientStore.find(caller.practiceId, found.card.clientId)
    : undefined;
  if (!client) throw new Problem('not_found', { what: 'card' });
  return { ...found, client };
}
