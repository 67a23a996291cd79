import { type Run, reply, serve } from '../../shared/http/serve';
import { removeCardRow } from '../../shared/operations/cards';
import { cardStore } from '../../shared/store/cardStore';
import { removed, replaced } from '../../shared/store/changes';
import { checkClient } from '../../shared/store/clientCheck';
import { decideAnew, transact } from '../../shared/store/kernel';
import { cardEntity, clientEntity } from '../../shared/store/table';
import { stripePages } from '../../shared/stripe/stripePages';

/** Stripe first: detaching twice is harmless there, while a card forgotten here but kept there would not be seen again. */
export const removeCard =
  (pages = stripePages): Run<typeof removeCardRow> =>
  ({ path: { cardId }, caller }) =>
    decideAnew(async () => {
      const { practiceId } = caller;
      const { card, practice } = await cardStore.find(practiceId, cardId);
      const client = await checkClient(caller, card.clientId);
      await pages.detachCard(practice.stripe.accountId, card.stripePaymentMethodId);
      const left = (await cardStore.of(practice, card.clientId)).filter(
        other => other.cardId !== cardId && other.owner.id === card.owner.id,
      );
      // No silent successor, unless exactly one remains (`domain.md` rule 11).
      const [only] = left;
      const successor =
        left.length === 1 && only && !only.isDefault
          ? [replaced(cardEntity, practiceId, { ...only, isDefault: true })]
          : [];
      // Cards of a client change one after the other, else two removals at once could each count on the other's card.
      await transact([removed(cardEntity, practiceId, card), ...successor, replaced(clientEntity, practiceId, client)]);
      return reply(204, undefined);
    });

export const handler = serve(removeCardRow, removeCard());
