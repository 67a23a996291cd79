import { patched } from '../../shared/domain/given';
import { type Run, reply, serve } from '../../shared/http/serve';
import { changeCardRow } from '../../shared/operations/cards';
import { cardStore } from '../../shared/store/cardStore';
import { replaced } from '../../shared/store/changes';
import { checkClient } from '../../shared/store/clientCheck';
import { decideAnew, transact } from '../../shared/store/kernel';
import { cardEntity, clientEntity } from '../../shared/store/table';

export const changeCard =
  (): Run<typeof changeCardRow> =>
  ({ path: { cardId }, body, caller }) =>
    decideAnew(async () => {
      const { practiceId } = caller;
      const { card, practice } = await cardStore.find(practiceId, cardId);
      const client = await checkClient(caller, card.clientId);
      const others = body.isDefault ? await cardStore.of(practice, card.clientId) : [];
      // Exactly one default an owner (C11): the old one steps back in the same transaction.
      const before = others.filter(
        other => other.cardId !== cardId && other.isDefault && other.owner.id === card.owner.id,
      );
      const after = patched(card, body);
      await transact([
        replaced(cardEntity, practiceId, after),
        // Cards of a client change one after the other, else two at once could both become the default.
        replaced(clientEntity, practiceId, client),
        ...before.map(other => replaced(cardEntity, practiceId, { ...other, isDefault: false })),
      ]);
      return reply(200, after);
    });

export const handler = serve(changeCardRow, changeCard());
