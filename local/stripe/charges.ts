import type Stripe from 'stripe';
import { cardFee, moveBalance } from './balance';
import type { Decline } from './cards';
import type { Desk } from './desk';
import { openDispute } from './disputes';
import type { Parameters, Takes } from './parameters';
import { factsOf, methodNamed } from './paymentMethods';
import { StripeProblem } from './stripeError';

/** What is charged: an intent, or by hand and without one. */
type Charged = Pick<
  Stripe.PaymentIntent,
  | 'amount'
  | 'currency'
  | 'customer'
  | 'description'
  | 'metadata'
  | 'receipt_email'
  | 'statement_descriptor'
  | 'statement_descriptor_suffix'
> & { id: string | null };

export const chargeCreateTakes: Takes<Stripe.ChargeCreateParams> = {
  ...{
    amount: 'integer',
    currency: 'text',
    description: 'text',
    expand: 'texts',
    metadata: 'metadata',
    source: 'text',
  },
};

/** The older way, which knows no intents: `source` is a token such as `tok_visa`. */
export function createCharge(desk: Desk, given: Parameters<Stripe.ChargeCreateParams>): Stripe.Charge {
  const method = methodNamed(desk, given.need('source').replace(/^tok_/, 'pm_card_'), 'source');
  const { decline } = factsOf(desk, method.id);
  if (decline) throw new StripeProblem(402, 'card_error', decline.message, { code: decline.code });
  const charged = {
    ...{ id: null, customer: null, receipt_email: null, statement_descriptor: null, statement_descriptor_suffix: null },
    ...{ amount: Number(given.need('amount')), currency: given.need('currency') },
    ...{ description: given.text('description') ?? null, metadata: given.metadata('metadata') },
  };
  const charge = succeedCharge(desk, charged, method);
  desk.emit('charge.succeeded', charge);
  return charge;
}

/** A charge that the bank let through: money moves, Stripe keeps its fee, and some test cards are disputed at once. */
export function succeedCharge(desk: Desk, intent: Charged, method: Stripe.PaymentMethod): Stripe.Charge {
  const blank = blankCharge(desk, intent, method);
  const movement = moveBalance(desk, {
    type: 'charge',
    amount: intent.amount,
    fee: cardFee(intent.amount),
    currency: intent.currency,
    source: blank.id,
    description: intent.description,
  });
  return desk.put('charge', {
    ...blank,
    amount_captured: intent.amount,
    balance_transaction: movement.id,
    captured: true,
    outcome: {
      advice_code: null,
      network_advice_code: null,
      network_decline_code: null,
      network_status: 'approved_by_network',
      reason: null,
      risk_level: 'normal',
      risk_score: 20,
      seller_message: 'Payment complete.',
      type: 'authorized',
    },
    paid: true,
    receipt_url: `${desk.world.url}/dashboard/test/payments/${intent.id ?? blank.id}`,
    status: 'succeeded',
  });
}

export function failCharge(
  desk: Desk,
  { intent, method, decline }: { intent: Stripe.PaymentIntent; method: Stripe.PaymentMethod; decline: Decline },
): Stripe.Charge {
  return desk.put('charge', {
    ...blankCharge(desk, intent, method),
    failure_code: decline.code,
    failure_message: decline.message,
    outcome: {
      advice_code: null,
      network_advice_code: null,
      network_decline_code: null,
      network_status: 'declined_by_network',
      reason: decline.decline_code ?? decline.code,
      risk_level: 'normal',
      risk_score: 20,
      seller_message: 'The bank did not return any further details with this decline.',
      type: 'issuer_declined',
    },
    status: 'failed',
  });
}

/** Runs after the payment's own events, as the bank's complaint comes later. */
export function disputeIfTheCardDoes(desk: Desk, charge: Stripe.Charge): void {
  const { behaviour } = factsOf(desk, charge.payment_method ?? '');
  if (behaviour === 'disputed') openDispute(desk, charge, 'needs_response');
  if (behaviour === 'inquiry') openDispute(desk, charge, 'warning_needs_response');
}

function blankCharge(desk: Desk, intent: Charged, method: Stripe.PaymentMethod): Stripe.Charge {
  return {
    id: desk.newId('ch'),
    object: 'charge',
    amount: intent.amount,
    amount_captured: 0,
    amount_refunded: 0,
    application: null,
    application_fee: null,
    application_fee_amount: null,
    balance_transaction: null,
    billing_details: method.billing_details,
    calculated_statement_descriptor: 'PRACTICE',
    captured: false,
    created: desk.now(),
    currency: intent.currency,
    customer: intent.customer,
    description: intent.description,
    disputed: false,
    failure_balance_transaction: null,
    failure_code: null,
    failure_message: null,
    fraud_details: {},
    livemode: false,
    metadata: intent.metadata,
    on_behalf_of: null,
    outcome: null,
    paid: false,
    payment_intent: intent.id,
    payment_method: method.id,
    payment_method_details: detailsOf(intent, method),
    receipt_email: intent.receipt_email,
    receipt_number: null,
    receipt_url: null,
    refunded: false,
    review: null,
    shipping: null,
    source: null,
    source_transfer: null,
    statement_descriptor: intent.statement_descriptor,
    statement_descriptor_suffix: intent.statement_descriptor_suffix,
    status: 'pending',
    transfer_data: null,
    transfer_group: null,
  };
}

function detailsOf({ amount }: Charged, { card }: Stripe.PaymentMethod): Stripe.Charge.PaymentMethodDetails {
  if (!card) return { type: 'card' };
  return {
    type: 'card',
    card: {
      amount_authorized: amount,
      authorization_code: null,
      brand: card.brand,
      checks: card.checks,
      country: card.country,
      electronic_commerce_indicator: null,
      exp_month: card.exp_month,
      exp_year: card.exp_year,
      fingerprint: card.fingerprint ?? null,
      funding: card.funding,
      installments: null,
      last4: card.last4,
      mandate: null,
      network: card.brand,
      network_transaction_id: null,
      regulated_status: card.regulated_status,
      three_d_secure: null,
      transaction_link_id: null,
      wallet: null,
    },
  };
}
