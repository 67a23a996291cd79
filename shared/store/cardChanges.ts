import { autopayOwner, type Card, type Client } from '../domain/client';
import { type Patch, patched } from '../domain/given';
import { invariant } from '../domain/invariant';
import type { Practice } from '../domain/practice';
import { Problem } from '../domain/problem';
import { cardStore } from './cardStore';
import { removed, replaced, unchanged } from './changes';
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
  /** At Stripe, first: twice is harmless there, while a card forgotten here but kept there would not be seen again. */
  readonly detach: (account: string | undefined, paymentMethodId: string) => Promise<void>;
}

/** No silent successor as default, unless exactly one remains (`domain.md` rule 11). */
export async function removeFoundCard(found: FoundCard, { keepsLast, detach }: Removal): Promise<void> {
  const { card, practice, client } = found;
  const { practiceId, stripe } = practice;
  const [left, [billing]] = await Promise.all([othersOf(found), clientStore.billingOf(practiceId, [card.clientId])]);
  invariant(billing, 'a client has billing settings');
  if (billing.autopay && autopayOwner(billing).id === card.owner.id) refuseStranded({ card, left, keepsLast });
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
