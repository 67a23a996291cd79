import type { Card } from '../domain/client';
import { idFrom } from '../ids';
import { logger } from '../logger';
import type { Needs } from '../needs';
import { cardStore } from '../store/cardStore';
import { added } from '../store/changes';
import { LostRace, transact } from '../store/kernel';
import { practiceOfAccount } from '../store/stripeAccountStore';
import { cardEntity } from '../store/table';
import type { Account } from './stripeClient';
import type { PageState } from './stripePages';

/**
 * Keeps the card of a finished set-up page: id derived from Stripe's, so a repeated event is a failed put. The first card
 * of an owner is the default one (C11). Consent was given on the way to the page and travels with it.
 */
export async function keepSavedCard(account: Account, page: PageState, needs: Needs): Promise<void> {
  const { practiceId, clientId, ownerKind, ownerId, consentTextVersion = '', by = '' } = page.metadata;
  if (page.status !== 'complete' || !page.saved || !practiceId || !clientId || !ownerId) return;
  if (account !== undefined && (await practiceOfAccount(account)) !== practiceId) return;
  const { practice, client, contact } = await cardStore.owner(
    practiceId,
    clientId,
    ownerKind === 'contact' ? ownerId : undefined,
  );
  const customerId = (contact ?? client).stripeCustomerId;
  if (practice.stripe.accountId !== account || !customerId || customerId !== page.customerId) {
    logger.warn('a set-up page does not fit its client', { practiceId, clientId });
    return;
  }
  const { paymentMethodId, card } = page.saved;
  const cards = await cardStore.of(practiceId, clientId);
  const owner = { kind: ownerKind === 'contact' ? ('contact' as const) : ('client' as const), id: ownerId };
  const at = needs.clock.now();
  const saved: Card = {
    cardId: idFrom('card', practiceId, paymentMethodId),
    clientId,
    owner,
    ...card,
    isDefault: !cards.some(known => known.owner.id === owner.id && known.isDefault),
    consent: { at, by, textVersion: consentTextVersion },
    stripeCustomerId: customerId,
    stripePaymentMethodId: paymentMethodId,
    createdAt: at,
  };
  try {
    await transact([added(cardEntity, practiceId, saved)]);
  } catch (error) {
    if (!(error instanceof LostRace)) throw error;
  }
}
