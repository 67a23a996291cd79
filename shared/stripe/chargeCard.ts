import { homeOfAttempt } from '../domain/attempt';
import { noMovement } from '../domain/book';
import { type Card, isUsable } from '../domain/client';
import type { Cents } from '../domain/money';
import type { Practice } from '../domain/practice';
import { Problem } from '../domain/problem';
import { stripeMinimum } from '../domain/stripeMinimum';
import type { Needs } from '../needs';
import { attemptOf, commitAttempt } from '../store/attemptStore';
import type { Loaded } from '../store/billStore';
import { cardStore } from '../store/cardStore';
import { decideAnew, transact, type Write } from '../store/kernel';
import { declined } from '../views/paymentAnswer';
import { chargeReserved, newCardAttempt } from './cardAttempt';
import type { StripeGateway } from './stripeGateway';

/** What is asked of a saved card. */
export interface CardCharge {
  readonly practiceId: string;
  readonly amountCents: Cents;
  /** Absent: the payer's default card. */
  readonly cardId: string | undefined;
  /** The member of staff who charges it; or else whoever pays, with cards of their own alone. */
  readonly by: Charger;
  readonly notes?: string | undefined;
  /** The replay record, of these ids. */
  readonly record: (ids: Readonly<Record<string, string>>) => Write[];
  /** Takes it back: what Stripe itself refuses is not kept, and may be asked again under its key. */
  readonly forget: () => Write[];
}

/** Who is there to confirm this payment for their bank is led back to `returnUrl` afterwards. */
export type Charger =
  | { readonly kind: 'staff'; readonly id: string }
  | { readonly kind: 'client'; readonly owner: Card['owner']; readonly returnUrl: (paymentId: string) => string };

/** What the card shall pay, as read a moment ago. */
export interface Payable {
  readonly loaded: Loaded;
  /** Empty: no bill, the money becomes the client's credit. */
  readonly billId: string;
  readonly clientId: string;
  /** Whose default card it is. */
  readonly payer: { readonly kind: 'client' | 'contact'; readonly id: string };
  /** Refuses an amount that may not be paid now. */
  readonly checkAmount: () => void;
}

export interface Charged {
  readonly loaded: Loaded;
  readonly paymentId: string;
  /** 202: Stripe has not answered; recovery finds out. */
  readonly status: 201 | 202;
}

interface Adapters {
  readonly needs: Needs;
  readonly gateway: StripeGateway;
}

/**
 * A card payment in three steps (`design.md` section 3): reserve the amount, ask Stripe under the attempt's id, settle
 * what it says. Whatever dies in between, recovery finishes. `decide` reads what shall be paid and refuses what its state
 * forbids; it is called anew when a race was lost. A refused card is the Problem `card_declined`, a request that Stripe
 * itself refuses `stripe_refused`.
 */
export async function chargeCard(
  charge: CardCharge,
  decide: () => Promise<Payable>,
  { needs, gateway }: Adapters,
): Promise<Charged> {
  const { attempt, currency, reserved } = await decideAnew(async () => reserve(charge, await decide(), needs));
  const { by } = charge;
  const paymentId = attempt.payment?.paymentId ?? '';
  const returnUrl = by.kind === 'client' ? by.returnUrl(paymentId) : undefined;
  const asked = { loaded: reserved, attempt, currency, kind: by.kind, returnUrl };
  const loaded = await chargeReserved(asked, gateway, needs);
  const settled = attemptOf(loaded, { home: homeOfAttempt(attempt), attemptId: attempt.attemptId });
  if (settled?.status === 'failed') {
    const refusal = declined(paymentId, settled.failure?.code);
    const forgotten = refusal.code === 'stripe_refused' ? charge.forget() : [];
    if (forgotten.length > 0) await transact(forgotten);
    throw refusal;
  }
  return { loaded, paymentId, status: settled?.status === 'settled' ? 201 : 202 };
}

async function reserve(charge: CardCharge, payable: Payable, needs: Needs) {
  const { practiceId, amountCents, notes, by } = charge;
  const { practice, cards } = await cardStore.forCharge(practiceId, payable.clientId);
  if (practice.stripe.status !== 'ready') throw new Problem('stripe_not_connected');
  payable.checkAmount();
  const minimumCents = stripeMinimum(practice.currency);
  if (amountCents < minimumCents) throw new Problem('amount_below_minimum', { minimumCents });
  const card =
    by.kind === 'client'
      ? chosenCard({ cards: cards.filter(isOf(by.owner)), practice }, charge.cardId, by.owner)
      : chosenCard({ cards, practice }, charge.cardId, payable.payer);
  const { billId, clientId } = payable;
  const attempt = newCardAttempt(
    {
      ...{ billId, clientId, amountCents, notes },
      by: by.kind === 'client' ? { kind: 'client', id: by.owner.id } : by,
      at: needs.clock.now(),
      offSession: by.kind === 'staff',
    },
    { card, practice },
    needs,
  );
  const paymentId = attempt.payment?.paymentId ?? '';
  const reserved = await commitAttempt(payable.loaded, attempt, {
    movement: noMovement,
    writes: charge.record({ billId, clientId, paymentId }),
    quiet: true,
    needs,
  });
  return { attempt, currency: practice.currency, reserved };
}

const isOf =
  ({ kind, id }: Card['owner']) =>
  ({ owner }: Card): boolean =>
    owner.kind === kind && owner.id === id;

/** A card of an account that the practice has left is no card any more. */
function chosenCard(
  { cards, practice }: { cards: readonly Card[]; practice: Practice },
  cardId: string | undefined,
  payer: Payable['payer'],
): Card {
  if (cardId !== undefined && !cards.some(card => card.cardId === cardId)) {
    throw new Problem('not_found', { what: 'card' });
  }
  const usable = cards.filter(card => isUsable(card, practice.stripe));
  const chosen =
    cardId === undefined
      ? usable.find(card => card.isDefault && isOf(payer)(card))
      : usable.find(card => card.cardId === cardId);
  if (!chosen) throw new Problem('no_card');
  return chosen;
}
