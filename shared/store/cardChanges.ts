import type { Card, Client } from '../domain/client';
import { type Patch, patched } from '../domain/given';
import type { Practice } from '../domain/practice';
import { cardStore } from './cardStore';
import { removed, replaced } from './changes';
import { transact, type Write } from './kernel';
import { cardEntity, clientEntity } from './table';

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
export const othersOf = async ({ card, practice }: Pick<FoundCard, 'card' | 'practice'>): Promise<Card[]> =>
  (await cardStore.of(practice, card.clientId)).filter(
    other => other.cardId !== card.cardId && other.owner.id === card.owner.id,
  );

export interface Removal {
  /** Cards of this owner that stay. */
  readonly left: readonly Card[];
  /** At Stripe, first: twice is harmless there, while a card forgotten here but kept there would not be seen again. */
  readonly detach: (account: string | undefined, paymentMethodId: string) => Promise<void>;
  readonly more?: readonly Write[];
}

/** No silent successor as default, unless exactly one remains (`domain.md` rule 11). */
export async function removeFoundCard(
  { card, practice, client }: FoundCard,
  { left, detach, more = [] }: Removal,
): Promise<void> {
  const { practiceId, stripe } = practice;
  await detach(stripe.accountId, card.stripePaymentMethodId);
  const [only] = left;
  const successor =
    left.length === 1 && only && !only.isDefault
      ? [replaced(cardEntity, practiceId, { ...only, isDefault: true })]
      : [];
  await transact([
    removed(cardEntity, practiceId, card),
    ...successor,
    replaced(clientEntity, practiceId, client),
    ...more,
  ]);
}
