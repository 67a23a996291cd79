import { randomBytes } from 'node:crypto';
import type Stripe from 'stripe';
import { checkAmount, currencyOf } from './amounts';
import type { Desk } from './desk';
import type { IntentFacts } from './model';
import type { Parameters, Takes } from './parameters';
import { confirmIntent } from './paying';
import { methodNamed } from './paymentMethods';
import { invalid, refused } from './stripeError';

export const intentCreateTakes: Takes<Stripe.PaymentIntentCreateParams> = {
  amount: 'integer',
  automatic_payment_methods: { form: { allow_redirects: 'text', enabled: 'boolean' } },
  capture_method: 'text',
  confirm: 'boolean',
  currency: 'text',
  customer: 'text',
  description: 'text',
  error_on_requires_action: 'boolean',
  expand: 'texts',
  metadata: 'metadata',
  off_session: 'boolean',
  payment_method: 'text',
  allowed_payment_method_types: 'texts',
  receipt_email: 'text',
  return_url: 'text',
  setup_future_usage: 'text',
  statement_descriptor_suffix: 'text',
};

export const intentConfirmTakes: Takes<Stripe.PaymentIntentConfirmParams> = {
  error_on_requires_action: 'boolean',
  expand: 'texts',
  off_session: 'boolean',
  payment_method: 'text',
  receipt_email: 'text',
  return_url: 'text',
  setup_future_usage: 'text',
};

export const intentUpdateTakes: Takes<Stripe.PaymentIntentUpdateParams> = {
  amount: 'integer',
  description: 'text',
  expand: 'texts',
  metadata: 'metadata',
  receipt_email: 'text',
};

export const intentCancelTakes: Takes<Stripe.PaymentIntentCancelParams> = {
  cancellation_reason: 'text',
  expand: 'texts',
};

export interface IntentInput {
  amount: number;
  currency: string;
  customer: string | null;
  description: string | null;
  metadata: Stripe.Metadata;
  paymentMethodId: string | null;
  receiptEmail: string | null;
  descriptorSuffix: string | null;
  futureUsage: Stripe.PaymentIntent.SetupFutureUsage | null;
  facts: IntentFacts;
}

export function createIntent(desk: Desk, given: Parameters<Stripe.PaymentIntentCreateParams>): Stripe.PaymentIntent {
  const amount = given.integer('amount') ?? Number(given.need('amount'));
  checkAmount(amount);
  const currency = currencyOf(given.need('currency'));
  const confirm = given.flag('confirm') ?? false;
  if (!confirm && (given.has('off_session') || given.has('error_on_requires_action')))
    throw refused('off_session and error_on_requires_action may only be set when confirm=true.', {
      param: 'off_session',
    });
  if (given.text('capture_method') === 'manual')
    throw refused('Manual capture is not part of this stand-in.', { param: 'capture_method' });
  const customer = given.text('customer') ?? null;
  if (customer !== null) desk.customer(customer, 'customer');
  const named = given.text('payment_method');
  const method = named ? methodNamed(desk, named, 'payment_method') : undefined;
  const intent = newIntent(desk, {
    amount,
    currency,
    customer,
    description: given.text('description') ?? null,
    metadata: given.metadata('metadata'),
    paymentMethodId: method?.id ?? null,
    receiptEmail: given.text('receipt_email') ?? null,
    descriptorSuffix: given.text('statement_descriptor_suffix') ?? null,
    futureUsage: given.text('setup_future_usage') ?? null,
    facts: { offSession: given.flag('off_session') ?? false, ...returnUrl(given.text('return_url')) },
  });
  return confirm
    ? confirmIntent(desk, intent, { errorOnAction: given.flag('error_on_requires_action') ?? false })
    : intent;
}

const returnUrl = (url: string | null | undefined): { returnUrl?: string } => (url ? { returnUrl: url } : {});

export function newIntent(desk: Desk, input: IntentInput): Stripe.PaymentIntent {
  const id = desk.newId('pi');
  desk.keep('intentFacts', id, input.facts);
  const intent = desk.put('payment_intent', {
    id,
    object: 'payment_intent',
    allowed_payment_method_types: null,
    amount: input.amount,
    amount_capturable: 0,
    amount_received: 0,
    application: null,
    application_fee_amount: null,
    automatic_payment_methods: null,
    canceled_at: null,
    cancellation_reason: null,
    capture_method: 'automatic_async',
    client_secret: `${id}_secret_${randomBytes(12).toString('hex')}`,
    confirmation_method: 'automatic',
    created: desk.now(),
    currency: input.currency,
    customer: input.customer,
    customer_account: null,
    description: input.description,
    excluded_payment_method_types: null,
    last_payment_error: null,
    latest_charge: null,
    livemode: false,
    managed_payments: null,
    metadata: input.metadata,
    next_action: null,
    on_behalf_of: null,
    payment_method: input.paymentMethodId,
    payment_method_configuration_details: null,
    payment_method_options: null,
    payment_method_types: ['card'],
    payment_record: null,
    processing: null,
    receipt_email: input.receiptEmail,
    review: null,
    setup_future_usage: input.futureUsage,
    shipping: null,
    source: null,
    statement_descriptor: null,
    statement_descriptor_suffix: input.descriptorSuffix,
    status: input.paymentMethodId === null ? 'requires_payment_method' : 'requires_confirmation',
    transfer_data: null,
    transfer_group: null,
  });
  desk.emit('payment_intent.created', intent);
  return intent;
}

export function confirmNamed(
  desk: Desk,
  id: string,
  given: Parameters<Stripe.PaymentIntentConfirmParams>,
): Stripe.PaymentIntent {
  const before = desk.get('payment_intent', id);
  const facts = desk.find('intentFacts', id) ?? { offSession: false };
  if (facts.sessionId) throw ownedBySession(facts.sessionId);
  const named = given.text('payment_method');
  const method = named ? methodNamed(desk, named, 'payment_method').id : before.payment_method;
  desk.keep('intentFacts', id, {
    ...facts,
    offSession: given.flag('off_session') ?? facts.offSession,
    ...returnUrl(given.text('return_url')),
  });
  const intent = desk.put('payment_intent', {
    ...before,
    payment_method: method,
    receipt_email: given.text('receipt_email') ?? before.receipt_email,
    setup_future_usage: given.text('setup_future_usage') ?? before.setup_future_usage,
  });
  return confirmIntent(desk, intent, { errorOnAction: given.flag('error_on_requires_action') ?? false });
}

export function updateIntent(
  desk: Desk,
  id: string,
  given: Parameters<Stripe.PaymentIntentUpdateParams>,
): Stripe.PaymentIntent {
  const before = desk.get('payment_intent', id);
  const amount = given.integer('amount');
  if (amount !== undefined) {
    checkAmount(amount);
    if (before.status === 'succeeded' || before.status === 'canceled') throw unexpected(before, 'updated');
  }
  return desk.put('payment_intent', {
    ...before,
    amount: amount ?? before.amount,
    description: given.text('description') ?? before.description,
    metadata: given.metadata('metadata', before.metadata),
    receipt_email: given.text('receipt_email') ?? before.receipt_email,
  });
}

export function cancelIntent(
  desk: Desk,
  id: string,
  reason: Stripe.PaymentIntent.CancellationReason | null,
): Stripe.PaymentIntent {
  const before = desk.get('payment_intent', id);
  const owner = desk.find('intentFacts', id)?.sessionId;
  if (owner) throw ownedBySession(owner);
  if (before.status === 'succeeded' || before.status === 'canceled' || before.status === 'processing')
    throw invalid(
      `You cannot cancel this PaymentIntent because it has a status of ${before.status}. Only a PaymentIntent with one of the following statuses may be canceled: requires_payment_method, requires_capture, requires_confirmation, requires_action, processing.`,
      { code: 'payment_intent_unexpected_state', payment_intent: before },
    );
  return dropIntent(desk, before, reason);
}

/** Also what a hosted page does with its intent when it expires. */
export function dropIntent(
  desk: Desk,
  before: Stripe.PaymentIntent,
  reason: Stripe.PaymentIntent.CancellationReason | null,
): Stripe.PaymentIntent {
  const intent = desk.put('payment_intent', {
    ...before,
    canceled_at: desk.now(),
    cancellation_reason: reason,
    next_action: null,
    status: 'canceled',
  });
  desk.emit('payment_intent.canceled', intent);
  return intent;
}

const unexpected = (intent: Stripe.PaymentIntent, participle: string): Error =>
  invalid(`This PaymentIntent could not be ${participle} because it has a status of ${intent.status}.`, {
    code: 'payment_intent_unexpected_state',
    payment_intent: intent,
  });

const ownedBySession = (sessionId: string): Error =>
  invalid(
    `This PaymentIntent was created by Checkout Session ${sessionId} and cannot be confirmed or canceled by itself. Expire the Checkout Session instead.`,
    { code: 'payment_intent_unexpected_state' },
  );
