import { Problem } from '../../shared/domain/problem';
import { type Run, reply, serve } from '../../shared/http/serve';
import { removeOwnCardRow } from '../../shared/operations/client';
import { othersOf, removeFoundCard } from '../../shared/store/cardChanges';
import { unchanged } from '../../shared/store/changes';
import { clientStore } from '../../shared/store/clientStore';
import { decideAnew } from '../../shared/store/kernel';
import { findOwnCard } from '../../shared/store/ownCards';
import { clientBillingEntity } from '../../shared/store/table';
import { stripePages } from '../../shared/stripe/stripePages';

/** While AutoPay is on one card stays (`domain.md` 2.10): AutoPay that is switched on meanwhile beats the removal. */
export const removeOwnCard =
  (pages = stripePages): Run<typeof removeOwnCardRow> =>
  ({ path: { cardId }, caller }) =>
    decideAnew(async () => {
      const { practiceId } = caller;
      const found = await findOwnCard(caller, cardId);
      const [left, [billing]] = await Promise.all([
        othersOf(found),
        clientStore.billingOf(practiceId, [found.client.clientId]),
      ]);
      if (billing?.autopay && left.length === 0) throw new Problem('last_card');
      const more = billing ? [unchanged(clientBillingEntity, practiceId, billing)] : [];
      await removeFoundCard(found, { left, detach: pages.detachCard, more });
      return reply(204, undefined);
    });

export const handler = serve(removeOwnCardRow, removeOwnCard());
