import { type Card, isUsable, type StripeCustomer, stripeAccountOf } from '../domain/client';
import type { Practice } from '../domain/practice';
import { isProblem } from '../domain/problem';
import { idFrom } from '../ids';
import { logger } from '../logger';
import type { Needs } from '../needs';
import { cardStore } from '../store/cardStore';
import { added, replaced } from '../store/changes';
import { decideAnew, transact } from '../store/kernel';
import { practiceOfAccount } from '../store/stripeAccountStore';
import { cardEntity, clientEntity } from '../store/table';
import type { Account } from './stripeClient';
import type { PageState } from './stripePages';

/**
 * Keeps the card of a finished set-up page, once for however many events tell of it. The default one of its owner is the
 * first (C11), or one that was given to replace the default. Consent was given on the way to the page and travels with it.
 */
export async function keepSavedCard(account: Account, page: PageState, needs: Needs): Promise<void> {
  const { practiceId, clientId, ownerKind, ownerId, consentTextVersion = '', by = '' } = page.metadata;
  const { replaces } = page.metadata;
  if (page.status !== 'complete' || !page.saved || !practiceId || !clientId || !ownerId) return;
  if (account !== undefined && (await practiceOfAccount(account)) !== practiceId) return;
  const { paymentMethodId, card } = page.saved;
  const cardId = idFrom('card', practiceId, paymentMethodId);
  const owner = { kind: ownerKind === 'contact' ? ('contact' as const) : ('client' as const), id: ownerId };
  await decideAnew(async () => {
    const whose = await ownerOf(practiceId, clientId, owner);
    const customer = (whose?.contact ?? whose?.client)?.stripeCustomer;
    if (!whose || !customer || !fits({ practice: whose.practice, customer }, account, page)) {
      logger.warn('a set-up page does not fit its client', { practiceId, clientId });
      return;
    }
    const { practice, cards } = await cardStore.forCharge(practiceId, clientId);
    if (cards.some(known => known.cardId === cardId)) return;
    const at = needs.clock.now();
    const before = cards.filter(
      known => known.owner.id === owner.id && known.isDefault && isUsable(known, practice.stripe),
    );
    const saved: Card = {
      cardId,
      clientId,
      owner,
      ...card,
      isDefault: replaces === 'default' || before.length === 0,
      consent: { at, by, textVersion: consentTextVersion },
      stripeAccount: customer.account,
      stripeCustomerId: customer.customerId,
      stripePaymentMethodId: paymentMethodId,
      createdAt: at,
    };
    // Cards of a client change one after the other, else two first cards at once would both be the default.
    const back = saved.isDefault ? before : [];
    await transact([
      added(cardEntity, practiceId, saved),
      replaced(clientEntity, practiceId, whose.client),
      ...back.map(card => replaced(cardEntity, practiceId, { ...card, isDefault: false })),
    ]);
  });
}

/** The page was opened in the account that the practice uses still, for the customer that is kept with the owner. */
const fits = (
  { practice: { stripe }, customer }: { practice: Practice; customer: StripeCustomer },
  account: Account,
  { customerId }: PageState,
): boolean =>
  stripe.accountId === account && customer.account === stripeAccountOf(stripe) && customer.customerId === customerId;

/** Nothing when the client or contact is not there any more: nobody asked to keep a card for them. */
const ownerOf = (practiceId: string, clientId: string, { kind, id }: Card['owner']) =>
  cardStore.owner(practiceId, clientId, kind === 'contact' ? id : undefined).catch((error: unknown) => {
    if (isProblem(error, 'not_found')) return undefined;
    throw error;
  });
