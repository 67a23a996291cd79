import { homeOfAttempt } from '../domain/attempt';
import type { Attempt } from '../domain/billRecord';
import { noMovement } from '../domain/book';
import { addMinutes } from '../domain/calendar';
import { type Card, isUsable } from '../domain/client';
import { given } from '../domain/given';
import type { Cents } from '../domain/money';
import type { Practice } from '../domain/practice';
import { Problem } from '../domain/problem';
import { stripeMinimum } from '../domain/stripeMinimum';
import { actOf, type Needs } from '../needs';
import type { StaffCaller } from '../operations/caller';
import { attemptOf, commitAttempt, loadHome } from '../store/attemptStore';
import type { Loaded } from '../store/billStore';
import { cardStore } from '../store/cardStore';
import { decideAnew, type Write } from '../store/kernel';
import { declined } from '../views/paymentAnswer';
import { settleCharge } from './attempts';
import type { StripeGateway } from './stripeGateway';

/** What is asked of a saved card. */
export interface CardCharge {
  readonly caller: StaffCaller;
  readonly amountCents: Cents;
  /** Absent: the payer's default card. */
  readonly cardId: string | undefined;
  readonly notes: string | undefined;
  /** The replay record, of these ids. */
  readonly record: (ids: Readonly<Record<string, string>>) => Write[];
}

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
 * forbids; it is called anew when a race was lost. A refused card is the Problem `card_declined`.
 */
export async function chargeCard(
  charge: CardCharge,
  decide: () => Promise<Payable>,
  { needs, gateway }: Adapters,
): Promise<Charged> {
  const { attempt, currency, home, reserved } = await decideAnew(async () => reserve(charge, await decide(), needs));
  const { stripe, attemptId, amountCents, payment } = attempt;
  const { practiceId } = charge.caller;
  const paymentId = payment?.paymentId ?? '';
  const outcome = await gateway.charge({
    account: stripe.accountId,
    attemptId,
    practiceId,
    home,
    paymentId,
    amountCents,
    currency,
    customerId: stripe.customerId ?? '',
    paymentMethodId: stripe.paymentMethodId ?? '',
    offSession: true,
  });
  const at = { practiceId, home, attemptId };
  const loaded =
    outcome.kind === 'unknown'
      ? await loadHome(practiceId, home)
      : await settleCharge({ ...at, known: reserved }, outcome, needs, 'staff');
  const settled = attemptOf(loaded, at);
  if (settled?.status === 'failed') throw declined(paymentId, settled.failure?.code);
  return { loaded, paymentId, status: settled?.status === 'settled' ? 201 : 202 };
}

async function reserve(charge: CardCharge, payable: Payable, needs: Needs) {
  const { caller, amountCents } = charge;
  const { practice, cards } = await cardStore.forCharge(caller.practiceId, payable.clientId);
  if (practice.stripe.status !== 'ready') throw new Problem('stripe_not_connected');
  payable.checkAmount();
  const minimumCents = stripeMinimum(practice.currency);
  if (amountCents < minimumCents) throw new Problem('amount_below_minimum', { minimumCents });
  const card = chosenCard({ cards, practice }, charge.cardId, payable.payer);
  const attempt = newAttempt(charge, { card, practice, payable }, needs);
  const { billId, clientId } = attempt;
  const paymentId = attempt.payment?.paymentId ?? '';
  const reserved = await commitAttempt(payable.loaded, attempt, {
    movement: noMovement,
    writes: charge.record({ billId, clientId, paymentId }),
    quiet: true,
    needs,
  });
  return { attempt, currency: practice.currency, home: homeOfAttempt(attempt), reserved };
}

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
      ? usable.find(({ isDefault, owner }) => isDefault && owner.kind === payer.kind && owner.id === payer.id)
      : usable.find(card => card.cardId === cardId);
  if (!chosen) throw new Problem('no_card');
  return chosen;
}

function newAttempt(
  { caller, amountCents, notes }: CardCharge,
  { card, practice, payable }: { card: Card; practice: Practice; payable: Payable },
  needs: Needs,
): Attempt {
  const { at } = actOf(caller, needs);
  const { brand, last4, expMonth, expYear } = card;
  const { billId, clientId } = payable;
  return {
    attemptId: needs.newId('att'),
    billId,
    clientId,
    kind: 'charge',
    status: 'processing',
    amountCents,
    startedAt: at,
    by: { kind: 'staff', id: caller.memberId },
    cardId: card.cardId,
    payment: {
      paymentId: needs.newId('pay'),
      clientId,
      payer: 'client',
      type: 'card',
      collect: 'stripe',
      amountCents,
      paidAt: at,
      card: { brand, last4, expMonth, expYear },
      ...given({ notes }),
    },
    stripe: {
      customerId: card.stripeCustomerId,
      paymentMethodId: card.stripePaymentMethodId,
      offSession: true,
      ...given({ accountId: practice.stripe.accountId }),
    },
    dueAt: addMinutes(at, 1),
    revision: 0,
  };
}
