import type Stripe from 'stripe';
import { type CardFacts, cardOfToken, type Decline, expiredCard, type TestCard } from './cards';
import { addressOf, addressShape } from './customers';
import type { Desk } from './desk';
import type { Parameters, Takes } from './parameters';
import { invalid, StripeProblem } from './stripeError';

export const attachTakes: Takes<Stripe.PaymentMethodAttachParams> = { customer: 'text', expand: 'texts' };
export const methodUpdateTakes: Takes<Stripe.PaymentMethodUpdateParams> = {
  billing_details: { form: { address: addressShape, email: 'text', name: 'text', phone: 'text' } },
  card: { form: { exp_month: 'integer', exp_year: 'integer' } },
  expand: 'texts',
  metadata: 'metadata',
};

export interface CardInput {
  card: TestCard;
  expMonth: number;
  expYear: number;
  name: string | null;
}

export function createCard(desk: Desk, { card, expMonth, expYear, name }: CardInput): Stripe.PaymentMethod {
  const id = desk.newId('pm');
  const facts: CardFacts = { number: card.number, behaviour: card.behaviour };
  desk.keep('cardFacts', id, card.decline ? { ...facts, decline: card.decline } : facts);
  return desk.put('payment_method', {
    id,
    object: 'payment_method',
    allow_redisplay: 'unspecified',
    billing_details: { address: null, email: null, name, phone: null, tax_id: null },
    card: {
      brand: card.brand,
      checks: { address_line1_check: null, address_postal_code_check: null, cvc_check: 'pass' },
      country: 'US',
      display_brand: card.brand,
      exp_month: expMonth,
      exp_year: expYear,
      // The same number has the same fingerprint, by which a card that was saved twice is found.
      fingerprint: `fp${[...card.number].reverse().join('').slice(0, 14)}`,
      funding: card.funding,
      generated_from: null,
      last4: card.number.slice(-4),
      networks: { available: [card.brand], preferred: null },
      regulated_status: 'unregulated',
      three_d_secure_usage: { supported: true },
      wallet: null,
    },
    created: desk.now(),
    customer: null,
    customer_account: null,
    livemode: false,
    metadata: {},
    type: 'card',
  });
}

/** `pm_card_visa` and the like make a new card at each use, as in Stripe's test mode. */
export function methodNamed(desk: Desk, name: string, param?: string): Stripe.PaymentMethod {
  const card = name.startsWith('pm_card_') ? cardOfToken(name) : undefined;
  if (card === undefined) return desk.get('payment_method', name, param);
  const year = new Date(desk.now() * 1000).getUTCFullYear() + 4;
  return createCard(desk, { card, expMonth: 12, expYear: year, name: null });
}

export function factsOf(desk: Desk, id: string): CardFacts {
  return desk.find('cardFacts', id) ?? { number: '', behaviour: 'pays' };
}

/** The bank's refusal of a charge now, if it refuses. A card is good to the end of its month. */
export function declineOf(desk: Desk, method: Stripe.PaymentMethod): Decline | undefined {
  const { behaviour, decline } = factsOf(desk, method.id);
  if (behaviour === 'declines' || behaviour === 'declines_after_saving') return decline;
  return method.card && isExpired(desk, method.card) ? expiredCard : undefined;
}

export function isExpired(desk: Desk, card: { exp_month: number; exp_year: number }): boolean {
  return Date.UTC(card.exp_year, card.exp_month, 1) <= desk.now() * 1000;
}

export function attachMethod(desk: Desk, name: string, customerId: string): Stripe.PaymentMethod {
  desk.customer(customerId, 'customer');
  const method = methodNamed(desk, name);
  const facts = factsOf(desk, method.id);
  if (facts.consumed) throw usedUp();
  if (method.customer !== null && method.customer !== customerId)
    throw invalid('The payment method you provided has already been attached to a customer.', {
      code: 'payment_method_unexpected_state',
    });
  if (facts.behaviour === 'declines' && facts.decline)
    throw new StripeProblem(402, 'card_error', facts.decline.message, declineFacts(facts.decline));
  return give(desk, method, customerId);
}

/** Attached already: nothing changes and nothing is told. */
export function give(desk: Desk, method: Stripe.PaymentMethod, customerId: string): Stripe.PaymentMethod {
  if (method.customer === customerId) return method;
  const attached = desk.put('payment_method', { ...method, customer: customerId });
  desk.emit('payment_method.attached', attached);
  return attached;
}

export function declineFacts({ code, decline_code }: Decline): { code: string; decline_code?: string } {
  return decline_code === undefined ? { code } : { code, decline_code };
}

export const usedUp = (): StripeProblem =>
  invalid(
    'The provided PaymentMethod was previously used with a PaymentIntent without Customer attachment, shared with a connected account without Customer attachment, or was detached from a Customer. It may not be used again. To use a PaymentMethod multiple times, you must attach it to a Customer first.',
    { param: 'payment_method' },
  );

export function detachMethod(desk: Desk, id: string): Stripe.PaymentMethod {
  const method = desk.get('payment_method', id);
  if (method.customer === null)
    throw invalid('The payment method you provided is not attached to a customer so detachment is impossible.', {
      param: 'payment_method',
    });
  const customer = desk.find('customer', String(method.customer));
  if (customer && !customer.deleted && customer.invoice_settings.default_payment_method === id)
    desk.put('customer', {
      ...customer,
      invoice_settings: { ...customer.invoice_settings, default_payment_method: null },
    });
  desk.keep('cardFacts', id, { ...factsOf(desk, id), consumed: true });
  const detached = desk.put('payment_method', { ...method, customer: null });
  desk.emit('payment_method.detached', detached);
  return detached;
}

export function updateMethod(
  desk: Desk,
  id: string,
  given: Parameters<Stripe.PaymentMethodUpdateParams>,
): Stripe.PaymentMethod {
  const method = desk.get('payment_method', id);
  const billing = given.nested<Stripe.PaymentMethodUpdateParams.BillingDetails>('billing_details');
  const card = given.nested<Stripe.PaymentMethodUpdateParams.Card>('card');
  const before = method.billing_details;
  const updated = desk.put('payment_method', {
    ...method,
    metadata: given.metadata('metadata', method.metadata),
    billing_details: {
      ...before,
      address: billing?.has('address') ? addressOf(billing.nested('address')) : before.address,
      email: billing?.has('email') ? (billing.text('email') ?? null) : before.email,
      name: billing?.has('name') ? (billing.text('name') ?? null) : before.name,
      phone: billing?.has('phone') ? (billing.text('phone') ?? null) : before.phone,
    },
    ...(method.card && card
      ? {
          card: {
            ...method.card,
            exp_month: card.integer('exp_month') ?? method.card.exp_month,
            exp_year: card.integer('exp_year') ?? method.card.exp_year,
          },
        }
      : {}),
  });
  desk.emit('payment_method.updated', updated);
  return updated;
}
