import { randomBytes } from 'node:crypto';
import type Stripe from 'stripe';
import { type Decline, expiredCard } from './cards';
import type { Desk } from './desk';
import type { IntentFacts } from './model';
import type { Parameters, Takes } from './parameters';
import { declineFacts, factsOf, give, isExpired, methodNamed } from './paymentMethods';
import { invalid, StripeProblem } from './stripeError';

export const setupCreateTakes: Takes<Stripe.SetupIntentCreateParams> = {
  automatic_payment_methods: { form: { allow_redirects: 'text', enabled: 'boolean' } },
  confirm: 'boolean',
  customer: 'text',
  description: 'text',
  expand: 'texts',
  metadata: 'metadata',
  payment_method: 'text',
  allowed_payment_method_types: 'texts',
  return_url: 'text',
  usage: 'text',
};
export const setupConfirmTakes: Takes<Stripe.SetupIntentConfirmParams> = {
  expand: 'texts',
  payment_method: 'text',
  return_url: 'text',
};

export interface SetupInput {
  customer: string | null;
  description: string | null;
  metadata: Stripe.Metadata;
  paymentMethodId: string | null;
  facts: IntentFacts;
}

export function createSetup(desk: Desk, given: Parameters<Stripe.SetupIntentCreateParams>): Stripe.SetupIntent {
  const customer = given.text('customer') ?? null;
  if (customer !== null) desk.customer(customer, 'customer');
  const named = given.text('payment_method');
  const url = given.text('return_url');
  const intent = newSetup(desk, {
    customer,
    description: given.text('description') ?? null,
    metadata: given.metadata('metadata'),
    paymentMethodId: named ? methodNamed(desk, named, 'payment_method').id : null,
    facts: { offSession: false, ...(url ? { returnUrl: url } : {}) },
  });
  return given.flag('confirm') ? confirmSetup(desk, intent) : intent;
}

export function newSetup(desk: Desk, input: SetupInput): Stripe.SetupIntent {
  const id = desk.newId('seti');
  desk.keep('intentFacts', id, input.facts);
  const intent = desk.put('setup_intent', {
    id,
    object: 'setup_intent',
    allowed_payment_method_types: null,
    application: null,
    automatic_payment_methods: null,
    cancellation_reason: null,
    client_secret: `${id}_secret_${randomBytes(12).toString('hex')}`,
    created: desk.now(),
    customer: input.customer,
    customer_account: null,
    description: input.description,
    excluded_payment_method_types: null,
    flow_directions: null,
    last_setup_error: null,
    latest_attempt: null,
    livemode: false,
    mandate: null,
    metadata: input.metadata,
    next_action: null,
    on_behalf_of: null,
    payment_method: input.paymentMethodId,
    payment_method_configuration_details: null,
    payment_method_options: null,
    payment_method_types: ['card'],
    single_use_mandate: null,
    status: input.paymentMethodId === null ? 'requires_payment_method' : 'requires_confirmation',
    usage: 'off_session',
  });
  desk.emit('setup_intent.created', intent);
  return intent;
}

export function confirmSetupNamed(
  desk: Desk,
  id: string,
  given: Parameters<Stripe.SetupIntentConfirmParams>,
): Stripe.SetupIntent {
  const before = desk.get('setup_intent', id);
  const named = given.text('payment_method');
  const url = given.text('return_url');
  if (url) desk.keep('intentFacts', id, { ...(desk.find('intentFacts', id) ?? { offSession: false }), returnUrl: url });
  const method = named ? methodNamed(desk, named, 'payment_method').id : before.payment_method;
  return confirmSetup(desk, desk.put('setup_intent', { ...before, payment_method: method }));
}

export function confirmSetup(desk: Desk, intent: Stripe.SetupIntent): Stripe.SetupIntent {
  if (intent.status === 'succeeded' || intent.status === 'canceled')
    throw invalid(`You cannot confirm this SetupIntent because it has already ${intent.status}.`, {
      code: 'setup_intent_unexpected_state',
      setup_intent: intent,
    });
  if (typeof intent.payment_method !== 'string')
    throw invalid("You cannot confirm this SetupIntent because it's missing a payment method.", {
      code: 'setup_intent_unexpected_state',
    });
  const method = desk.get('payment_method', intent.payment_method, 'payment_method');
  const { behaviour, decline } = factsOf(desk, method.id);
  const refusal =
    behaviour === 'declines' ? decline : method.card && isExpired(desk, method.card) ? expiredCard : undefined;
  if (refusal) throw refuse(desk, { intent, method, decline: refusal });
  if (behaviour === 'authenticates' || behaviour === 'authenticates_unless_set_up') return askForProof(desk, intent);
  return succeed(desk, intent, method);
}

export function setupAuthenticated(desk: Desk, id: string, passed: boolean): Stripe.SetupIntent {
  const intent = desk.get('setup_intent', id);
  if (intent.status !== 'requires_action')
    throw invalid(`This SetupIntent is not waiting: it has a status of ${intent.status}.`, {
      code: 'setup_intent_unexpected_state',
    });
  const method = desk.get('payment_method', String(intent.payment_method));
  if (passed) return succeed(desk, intent, method);
  const failed = desk.put('setup_intent', {
    ...intent,
    last_setup_error: {
      code: 'setup_intent_authentication_failure',
      message: 'The latest attempt to set up the payment method has failed because authentication failed.',
      payment_method: method,
      type: 'invalid_request_error',
    },
    next_action: null,
    payment_method: null,
    status: 'requires_payment_method',
  });
  desk.emit('setup_intent.setup_failed', failed);
  return failed;
}

export function cancelSetup(desk: Desk, id: string): Stripe.SetupIntent {
  const before = desk.get('setup_intent', id);
  if (before.status === 'succeeded' || before.status === 'canceled')
    throw invalid(`You cannot cancel this SetupIntent because it has a status of ${before.status}.`, {
      code: 'setup_intent_unexpected_state',
    });
  const intent = desk.put('setup_intent', { ...before, next_action: null, status: 'canceled' });
  desk.emit('setup_intent.canceled', intent);
  return intent;
}

function succeed(desk: Desk, intent: Stripe.SetupIntent, method: Stripe.PaymentMethod): Stripe.SetupIntent {
  if (typeof intent.customer === 'string') give(desk, method, intent.customer);
  desk.keep('cardFacts', method.id, { ...factsOf(desk, method.id), setUp: true });
  const done = desk.put('setup_intent', { ...intent, last_setup_error: null, next_action: null, status: 'succeeded' });
  desk.emit('setup_intent.succeeded', done);
  return done;
}

function askForProof(desk: Desk, intent: Stripe.SetupIntent): Stripe.SetupIntent {
  const returnUrl = desk.find('intentFacts', intent.id)?.returnUrl ?? null;
  const url = `${desk.world.url}/3d-secure/${desk.account}/${intent.id}`;
  const waiting = desk.put('setup_intent', {
    ...intent,
    next_action: { type: 'redirect_to_url', redirect_to_url: { return_url: returnUrl, url } },
    status: 'requires_action',
  });
  desk.emit('setup_intent.requires_action', waiting);
  return waiting;
}

function refuse(
  desk: Desk,
  { intent, method, decline }: { intent: Stripe.SetupIntent; method: Stripe.PaymentMethod; decline: Decline },
): StripeProblem {
  const facts = { ...declineFacts(decline), payment_method: method };
  const failed = desk.put('setup_intent', {
    ...intent,
    last_setup_error: { ...facts, message: decline.message, type: 'card_error' },
    payment_method: null,
    status: 'requires_payment_method',
  });
  desk.emit('setup_intent.setup_failed', failed);
  return new StripeProblem(402, 'card_error', decline.message, { ...facts, setup_intent: failed });
}
