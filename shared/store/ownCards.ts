import { Problem } from '../domain/problem';
import type { ClientCaller } from '../operations/caller';
import type { FoundCard } from './cardChanges';
import { cardStore } from './cardStore';
import { clientStore } from './clientStore';
import { isOwnCard } from './ownBills';

/** A card of this payer; 404 for anybody else's, as for one that is not there. */
export async function findOwnCard(caller: ClientCaller, cardId: string): Promise<FoundCard> {
  const found = await cardStore.find(caller.practiceId, cardId);
  const client = isOwnCard(caller, found.card)
    ? await clientStore.find(caller.practiceId, found.card.clientId)
    : undefined;
  if (!client) throw new Problem('not_found', { what: 'card' });
  return { ...found, client };
}
