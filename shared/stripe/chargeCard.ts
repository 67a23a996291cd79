import { isStale, isUnderWay } from '../domain/attempt';
import { billAmounts } from '../domain/billAmounts';
import type { Attempt } from '../domain/billRecord';
import { noMovement } from '../domain/book';
import { addMinutes } from '../domain/calendar';
import type { Card } from '../domain/client';
import { billOf } from '../domain/draft';
import { given } from '../domain/given';
import type { Cents } from '../domain/money';
import { checkPayable } from '../domain/payable';
import type { Practice } from '../domain/practice';
import { Problem } from '../domain/problem';
import { stripeMinimum } from '../domain/stripeMinimum';
import { reply } from '../http/serve';
import { actOf, type Needs, real } from '../needs';
import type { StaffCaller } from '../operations/caller';
import { attemptWrite, commit, type Loaded, recordOf, reservedBy } from '../store/billStore';
import { cardStore } from '../store/cardStore';
import { decideAnew, type Write } from '../store/kernel';
import { declined, paymentAnswer } from '../views/paymentAnswer';
import { attemptOf, recoverCharge, settleCharge, withAttempts } from './attempts';
import { closeCheckouts } from './checkouts';
import { type StripeGateway, stripeGateway } from './stripeGateway';

export interface CardPayment {
  readonly caller: StaffCaller;
  readonly billId: string;
  readonly amountCents: Cents;
  readonly cardId: string | undefined;
  readonly notes: string | undefined;
  /** Reads the bill, behind the request's own replay. */
  readonly load: () => Promise<Loaded>;
  readonly check: (loaded: Loaded) => void;
  readonly record: (ids: Readonly<Record<string, string>>) => Write[];
}

/**
 * A card payment in three steps (`design.md` section 3): reserve the amount on the bill, ask Stripe under the attempt's id,
 * settle what it says. Whatever dies in between, recovery finishes. Answers 201, 402 as a Problem, or 202 `processing`.
 */
export const chargeCard =
  (needs: Needs = real, gateway: StripeGateway = stripeGateway) =>
  async (payment: CardPayment) => {
    const { caller, billId } = payment;
    const { attempt, practice } = await decideAnew(() => reserve(payment, { needs, gateway }));
    const { stripe, attemptId, amountCents } = attempt;
    const paymentId = attempt.payment?.paymentId ?? '';
    const outcome = await gateway.charge({
      account: stripe.accountId,
      attemptId,
      practiceId: caller.practiceId,
      billId,
      paymentId,
      amountCents,
      currency: practice.currency,
      customerId: stripe.customerId ?? '',
      paymentMethodId: stripe.paymentMethodId ?? '',
      offSession: true,
    });
    const at = { practiceId: caller.practiceId, billId, attemptId };
    const loaded = outcome.kind === 'unknown' ? await payment.load() : await settleCharge(at, outcome, needs, 'staff');
    const settled = attemptOf(loaded, at);
    if (settled?.status === 'failed') throw declined(paymentId, settled.failure?.code);
    return reply(
      settled?.status === 'settled' ? 201 : 202,
      paymentAnswer({ loaded, billId, paymentId }, caller, needs),
    );
  };

export type ChargeCard = ReturnType<typeof chargeCard>;

interface Adapters {
  readonly needs: Needs;
  readonly gateway: StripeGateway;
}

async function reserve(
  payment: CardPayment,
  { needs, gateway }: Adapters,
): Promise<{ attempt: Attempt; practice: Practice }> {
  const { caller, billId, amountCents } = payment;
  const loaded = await settledBefore(await payment.load(), billId, { needs, gateway });
  payment.check(loaded);
  const record = recordOf(loaded, billId);
  if (record.head.status === 'cancelled') throw new Problem('bill_cancelled');
  if (record.head.responsibility === 'external') throw new Problem('external_payer');
  const { practice, cards } = await cardStore.forCharge(caller.practiceId, record.head.clientId);
  if (practice.stripe.status !== 'ready') throw new Problem('stripe_not_connected');
  checkPayable(billAmounts(loaded.book, billId), billOf(loaded.book, billId).reservedCents, amountCents);
  const minimumCents = stripeMinimum(practice.currency);
  if (amountCents < minimumCents) throw new Problem('amount_below_minimum', { minimumCents });
  const card = chosenCard(cards, payment.cardId, record.text.recipient);
  const attempt = newAttempt(payment, { card, practice, clientId: record.head.clientId }, needs);
  const attempts = [...record.attempts, attempt];
  await commit(withAttempts(loaded, billId, attempts), noMovement, {
    heads: new Map([[billId, { reservedCents: reservedBy(attempts) }]]),
    writes: [
      attemptWrite(caller.practiceId, attempt),
      ...payment.record({ billId, paymentId: attempt.payment?.paymentId ?? '' }),
    ],
    keepVersion: true,
    newId: needs.newId,
  });
  return { attempt, practice };
}

/** What is still open from before is resolved first: stale attempts are looked up, a hosted page is closed. */
async function settledBefore(loaded: Loaded, billId: string, { needs, gateway }: Adapters): Promise<Loaded> {
  const { practiceId } = loaded;
  const now = needs.clock.now();
  let latest = loaded;
  for (const attempt of recordOf(loaded, billId).attempts) {
    if (attempt.kind !== 'charge' || !isUnderWay(attempt) || !isStale(attempt, now)) continue;
    latest = await recoverCharge({ practiceId, billId, attemptId: attempt.attemptId }, gateway, needs);
  }
  return closeCheckouts(latest, billId, needs);
}

function chosenCard(cards: readonly Card[], cardId: string | undefined, recipient: { kind: string; id: string }): Card {
  if (cardId !== undefined) {
    const named = cards.find(card => card.cardId === cardId);
    if (!named) throw new Problem('not_found', { what: 'card' });
    return named;
  }
  const own = cards.find(
    card => card.isDefault && card.owner.kind === recipient.kind && card.owner.id === recipient.id,
  );
  if (!own) throw new Problem('no_card');
  return own;
}

function newAttempt(
  { caller, billId, amountCents, notes }: CardPayment,
  { card, practice, clientId }: { card: Card; practice: Practice; clientId: string },
  needs: Needs,
): Attempt {
  const { at } = actOf(caller, needs);
  const { brand, last4, expMonth, expYear } = card;
  const { accountId } = practice.stripe;
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
      ...(accountId ? { accountId } : {}),
    },
    tries: 0,
    dueAt: addMinutes(at, 1),
    revision: 0,
  };
}
