import { stripeAccountOf } from '../domain/client';
import { given } from '../domain/given';
import { Problem } from '../domain/problem';
import type { Needs } from '../needs';
import { cardStore } from '../store/cardStore';
import { replaced } from '../store/changes';
import { decideAnew, transact } from '../store/kernel';
import { clientEntity, contactEntity } from '../store/table';
import { openTold } from './pageRefused';
import type { stripePages } from './stripePages';

export interface CardSetup {
  readonly practiceId: string;
  readonly clientId: string;
  /** The client's contact whose card it shall be; else the client's own. */
  readonly contactId?: string | undefined;
  readonly consentTextVersion: string;
  /** Who consents, or who says so: a member of staff, the client, a contact. */
  readonly by: string;
  /** The same key opens the same page. */
  readonly pageKey: string;
  /** The card takes the place of the owner's default one. */
  readonly replaces?: 'default';
  readonly successUrl: string;
  readonly cancelUrl: string;
}

export type OpensSetup = Pick<typeof stripePages, 'openSetup' | 'newCustomer'>;

/**
 * Opens Stripe's page on which a card is entered and saved (R48). The customer there is an opaque id, made once an account
 * and kept with its owner. Problems: `not_found`, `stripe_not_connected`, `stripe_refused`, `dependency_down`.
 */
export const openSetupPage = (setup: CardSetup, pages: OpensSetup, needs: Pick<Needs, 'clock'>): Promise<string> =>
  openTold({ practiceId: setup.practiceId, page: 'card' }, () => open(setup, pages), needs);

async function open(setup: CardSetup, pages: OpensSetup): Promise<string> {
  const { practiceId, clientId, contactId, consentTextVersion, by, replaces } = setup;
  const { customerId, practice } = await decideAnew(() => customerOf(setup, pages));
  const [ownerKind, ownerId] = contactId ? ['contact', contactId] : ['client', clientId];
  const { url } = await pages.openSetup({
    account: practice.stripe.accountId,
    key: setup.pageKey,
    customerId,
    currency: practice.currency,
    metadata: { practiceId, clientId, ownerKind, ownerId, consentTextVersion, by, ...given({ replaces }) },
    successUrl: setup.successUrl,
    cancelUrl: setup.cancelUrl,
  });
  return url;
}

async function customerOf({ practiceId, clientId, contactId }: CardSetup, pages: OpensSetup) {
  const { practice, client, contact } = await cardStore.owner(practiceId, clientId, contactId);
  if (practice.stripe.status !== 'ready') throw new Problem('stripe_not_connected');
  const account = stripeAccountOf(practice.stripe);
  const known = (contact ?? client).stripeCustomer;
  if (known?.account === account) return { customerId: known.customerId, practice };
  const owner = contact
    ? { kind: 'contact' as const, id: contact.contactId }
    : { kind: 'client' as const, id: clientId };
  const customerId = await pages.newCustomer(practice.stripe.accountId, { practiceId, ...owner });
  const stripeCustomer = { customerId, account };
  const write = contact
    ? replaced(contactEntity, practiceId, { ...contact, stripeCustomer })
    : replaced(clientEntity, practiceId, { ...client, stripeCustomer });
  await transact([write]);
  return { customerId, practice };
}
