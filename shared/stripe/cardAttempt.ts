import { homeOfAttempt, isStale, isUnderWay } from '../domain/attempt';
import type { Attempt } from '../domain/billRecord';
import type { Act } from '../domain/book';
import { addMinutes, type Instant } from '../domain/calendar';
import type { Card } from '../domain/client';
import { given } from '../domain/given';
import type { Cents } from '../domain/money';
import type { Practice } from '../domain/practice';
import type { Needs } from '../needs';
import { loadHome } from '../store/attemptStore';
import { type Loaded, recordOf } from '../store/billStore';
import { recoverCharge, settleCharge } from './attempts';
import { closeCheckouts } from './checkouts';
import { type StripeGateway, stripeGateway } from './stripeGateway';

export interface CardAttemptOf {
  /** Empty for a payment without a bill. */
  readonly billId: string;
  readonly clientId: string;
  readonly amountCents: Cents;
  readonly by: Attempt['by'];
  readonly at: Instant;
  readonly notes?: string | undefined;
  /** False where the payer sits before a screen and can confirm it for their bank. */
  readonly offSession?: boolean;
}

/** A charge of a saved card as it is reserved, before Stripe is asked. */
export function newCardAttempt(
  { billId, clientId, amountCents, by, at, notes, offSession = true }: CardAttemptOf,
  { card, practice }: { card: Card; practice: Practice },
  needs: Pick<Needs, 'newId'>,
): Attempt {
  const { brand, last4, expMonth, expYear } = card;
  return {
    attemptId: needs.newId('att'),
    billId,
    clientId,
    kind: 'charge',
    status: 'processing',
    amountCents,
    startedAt: at,
    by,
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
      offSession,
      ...given({ accountId: practice.stripe.accountId }),
    },
    dueAt: addMinutes(at, 1),
    revision: 0,
  };
}

interface Reserved {
  readonly loaded: Loaded;
  readonly attempt: Attempt;
  readonly currency: string;
  readonly kind: Act['actor']['kind'];
  /** Where whoever is there comes back to from their bank. */
  readonly returnUrl?: string | undefined;
}

/** Asks Stripe for what was reserved, and settles what it says; without an answer the attempt stays under way. */
export async function chargeReserved(
  { loaded, attempt, currency, kind, returnUrl }: Reserved,
  gateway: StripeGateway,
  needs: Needs,
): Promise<Loaded> {
  const { practiceId } = loaded;
  const { stripe, attemptId, amountCents, payment } = attempt;
  const home = homeOfAttempt(attempt);
  const outcome = await gateway.charge({
    account: stripe.accountId,
    attemptId,
    practiceId,
    home,
    paymentId: payment?.paymentId ?? '',
    amountCents,
    currency,
    customerId: stripe.customerId ?? '',
    paymentMethodId: stripe.paymentMethodId ?? '',
    offSession: stripe.offSession ?? true,
    ...given({ returnUrl }),
  });
  if (outcome.kind === 'unknown') return loadHome(practiceId, home);
  return settleCharge({ practiceId, home, attemptId, known: loaded }, outcome, needs, kind);
}

/** What is still open from before is resolved first: stale attempts are looked up, a hosted page is closed. */
export const settledBefore = async (
  loaded: Loaded,
  billId: string,
  { needs, gateway }: { needs: Needs; gateway: StripeGateway },
): Promise<Loaded> => closeCheckouts(await recoverStale(loaded, billId, needs, gateway), billId, needs);

/** Looks up charges of the bill whose own request is over. One that Stripe does not answer for stays as it is. */
export async function recoverStale(
  loaded: Loaded,
  billId: string,
  needs: Needs,
  gateway = stripeGateway,
): Promise<Loaded> {
  const { practiceId } = loaded;
  const now = needs.clock.now();
  let latest = loaded;
  for (const attempt of recordOf(loaded, billId).attempts) {
    if (attempt.kind !== 'charge' || !isUnderWay(attempt) || !isStale(attempt, now)) continue;
    const home = { kind: 'bill' as const, id: billId };
    latest = await recoverCharge({ practiceId, home, attemptId: attempt.attemptId }, gateway, needs);
  }
  return latest;
}
