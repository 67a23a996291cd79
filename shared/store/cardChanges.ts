import { autopayOwner, type Card, type Client } from '../domain/client';
import { type Patch, patched } from '../domain/given';
import { invariant } from '../domain/invariant';
import type { Practice } from '../domain/practice';
import { Problem } from '../domain/problem';
import { cardStore } from './cardStore';
import { replaced, unchanged } from './changes';
import { clientStore } from './clientStore';
import { transact } from './kernel';
import { cardEntity, clientBillingEntity, clientEntity } from './table';

/** A card, with what a change of it has to agree on. */
export interface FoundCard {
  readonly card: Card;
  readonly practice: Practice;
  /** Cards of a client change one after the other, else two changes at once could each count on the other's card. */
  readonly client: Client;
}

/** Exactly one default an owner (C11): the old one steps back in the same transaction. */
export async function changeFoundCard(
  { card, practice, client }: FoundCard,
  patch: Pick<Patch<Card>, 'nickname' | 'isDefault'>,
): Promise<Card> {
  const { practiceId } = practice;
  const before = patch.isDefault ? (await othersOf({ card, practice })).filter(other => other.isDefault) : [];
  const after = patched<Card>(card, patch);
  await transact([
    replaced(cardEntity, practiceId, after),
    replaced(clientEntity, practiceId, client),
    ...before.map(other => replaced(cardEntity, practiceId, { ...other, isDefault: false })),
  ]);
  return after;
}

/** The owner's other cards that may be charged. */
const othersOf = async ({ card, practice }: Pick<FoundCard, 'card' | 'practice'>): Promise<Card[]> =>
  (await cardStore.of(practice, card.clientId)).filter(
    other => other.cardId !== card.cardId && other.owner.id === card.owner.id,
  );

export interface Removal {
  /** Whether AutoPay keeps its payer's last card: staff may take it, and AutoPay then wants one (`domain.md` rule 11). */
  readonly keepsLast: boolean;
  readonly detach: (account: string | undefined, paymentMethodId: string) => Promise<void>;
}

/**
 * First here, where the removal may lose to AutoPay that is switched on, then at Stripe, where nothing is taken back. A
 * card that Stripe has not let go of stays on record, unused and unseen, until the same removal is asked for again.
 */
export async function removeFoundCard(found: FoundCard, { keepsLast, detach }: Removal): Promise<void> {
  const { card, practice } = found;
  if (!card.isLeaving) await takeOutOfUse(found, keepsLast);
  await detach(practice.stripe.accountId, card.stripePaymentMethodId);
  const remove = cardEntity.key(practice.practiceId, card);
  await transact([{ as: cardEntity.name, remove, when: 'anyway' }]);
}

/** No silent successor as default, unless exactly one remains (`domain.md` rule 11). */
async function takeOutOfUse(found: FoundCard, keepsLast: boolean): Promise<void> {
  const { card, practice, client } = found;
  const { practiceId } = practice;
  const [left, [billing]] = await Promise.all([othersOf(found), clientStore.billingOf(practiceId, [card.clientId])]);
  invariant(billing, 'a client has billing settings');
  if (billing.autopay && autopayOwner(billing).id === card.owner.id) refuseStranded({ card, left, keepsLast });
  const [only] = left;
  const successor =
    left.length === 1 && only && !only.isDefault
      ? [replaced(cardEntity, practiceId, { ...only, isDefault: true })]
      : [];
  await transact([
    replaced(cardEntity, practiceId, { ...card, isDefault: false, isLeaving: true }),
    ...successor,
    replaced(clientEntity, practiceId, client),
    // AutoPay that is switched on meanwhile beats the removal.
    unchanged(clientBillingEntity, practiceId, billing),
  ]);
}

/** AutoPay that charges this owner is not left to guess which of several cards comes next (`domain.md` 2.10). */
function refuseStranded({
  card,
  left,
  keepsLast,
}: Pick<Removal, 'keepsLast'> & { card: Card; left: readonly Card[] }): void {
  if (keepsLast && left.length === 0) throw new Problem('last_card');
  if (card.isDefault && left.length > 1) throw new Problem('default_card');
}
