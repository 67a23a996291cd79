import type Stripe from 'stripe';
import { instant } from '../domain/calendar';
import { type Account, askStripe, onAccount } from './stripeClient';
import { type ChargeOutcome, cardFacts, stripeGateway } from './stripeGateway';

/**
 * A charge made by hand through Stripe's older Charges API has no intent: wherever an intent's id stands for a payment,
 * such a charge's own id does.
 */
export const isBareCharge = (id: string): boolean => /^(ch|py)_/.test(id);

/** By which Stripe lists a payment's refunds and disputes, and refunds it. */
export const namedBy = (id: string): { charge: string } | { payment_intent: string } =>
  isBareCharge(id) ? { charge: id } : { payment_intent: id };

/** A payment as it stands, with what its metadata says it belongs to. Throws when Stripe does not answer. */
export async function readCharged(account: Account, id: string): ReturnType<typeof stripeGateway.readIntent> {
  if (!isBareCharge(id)) return stripeGateway.readIntent(account, id);
  const charge = await askStripe(stripe => stripe.charges.retrieve(id, {}, onAccount(account)));
  return {
    outcome: outcomeOf(charge, account),
    metadata: charge.metadata,
    signs: { refunded: charge.amount_refunded > 0, disputed: charge.disputed },
  };
}

function outcomeOf(charge: Stripe.Charge, account: Account): ChargeOutcome {
  if (charge.status !== 'succeeded' || !charge.captured) return { kind: 'unknown' };
  const { id, livemode, amount_captured, currency, created, payment_method_details } = charge;
  const card = payment_method_details?.card;
  return {
    kind: 'succeeded',
    stripe: { paymentIntentId: id, livemode, chargeId: id, ...(account ? { accountId: account } : {}) },
    ...(card ? { card: cardFacts(card) } : {}),
    ...{ amountCents: amount_captured, currency: currency.toUpperCase(), paidAt: instant(created * 1000) },
  };
}
