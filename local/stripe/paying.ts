import type Stripe from 'stripe';
import type { Decline } from './cards';
import { disputeIfTheCardDoes, failCharge, succeedCharge } from './charges';
import type { Desk } from './desk';
import { declineFacts, declineOf, factsOf, give, usedUp } from './paymentMethods';
import { invalid, StripeProblem } from './stripeError';

/** What a confirmed intent becomes: paid, declined (402), or waiting for the payer to authenticate. */
export function confirmIntent(
  desk: Desk,
  intent: Stripe.PaymentIntent,
  { errorOnAction }: { errorOnAction: boolean },
): Stripe.PaymentIntent {
  refuseUnlessConfirmable(intent);
  const method = methodFor(desk, intent);
  const facts = desk.find('intentFacts', intent.id) ?? { offSession: false };
  const { behaviour, setUp } = factsOf(desk, method.id);
  const demandsProof = behaviour === 'authenticates' || (behaviour === 'authenticates_unless_set_up' && setUp !== true);
  if (demandsProof && (facts.offSession || errorOnAction)) throw refuse(desk, { intent, method, decline: proofNeeded });
  if (demandsProof) return askForProof(desk, intent, method);
  return charge(desk, intent, method);
}

/** The payer passed (or failed) the bank's page. */
export function authenticated(desk: Desk, id: string, passed: boolean): Stripe.PaymentIntent {
  const intent = desk.get('payment_intent', id);
  const facts = desk.find('intentFacts', id);
  const method = facts?.paymentMethodId ? desk.find('payment_method', facts.paymentMethodId) : undefined;
  if (intent.status !== 'requires_action' || method === undefined)
    throw invalid(`This PaymentIntent is not waiting: it has a status of ${intent.status}.`, {
      code: 'payment_intent_unexpected_state',
    });
  if (passed) return charge(desk, { ...intent, next_action: null }, method);
  const failed = desk.put('payment_intent', {
    ...intent,
    last_payment_error: {
      code: 'payment_intent_authentication_failure',
      message:
        'We are unable to authenticate your payment method. Please choose a different payment method and try again.',
      payment_method: method,
      type: 'invalid_request_error',
    },
    next_action: null,
    payment_method: null,
    status: 'requires_payment_method',
  });
  desk.emit('payment_intent.payment_failed', failed);
  return failed;
}

function refuseUnlessConfirmable(intent: Stripe.PaymentIntent): void {
  if (['requires_payment_method', 'requires_confirmation', 'requires_action'].includes(intent.status)) return;
  throw invalid(
    intent.status === 'succeeded'
      ? 'You cannot confirm this PaymentIntent because it has already succeeded after being previously confirmed.'
      : `You cannot confirm this PaymentIntent because it has a status of ${intent.status}.`,
    { code: 'payment_intent_unexpected_state', payment_intent: intent },
  );
}

function methodFor(desk: Desk, intent: Stripe.PaymentIntent): Stripe.PaymentMethod {
  if (typeof intent.payment_method !== 'string')
    throw invalid(
      "You cannot confirm this PaymentIntent because it's missing a payment method. You can either update the PaymentIntent with a payment method and then confirm it again, or confirm it again directly with a payment method or ConfirmationToken.",
      { code: 'payment_intent_unexpected_state', payment_intent: intent },
    );
  const method = desk.get('payment_method', intent.payment_method, 'payment_method');
  if (method.customer !== null && method.customer !== intent.customer)
    throw invalid(
      intent.customer === null
        ? `The payment method you provided is attached to a customer so for security purposes you must provide the customer in the request.`
        : `The customer ${String(intent.customer)} does not match the customer of the payment method ${method.id}.`,
      { param: 'payment_method' },
    );
  if (factsOf(desk, method.id).consumed) throw usedUp();
  return method;
}

function askForProof(desk: Desk, intent: Stripe.PaymentIntent, method: Stripe.PaymentMethod): Stripe.PaymentIntent {
  const facts = desk.find('intentFacts', intent.id) ?? { offSession: false };
  desk.keep('intentFacts', intent.id, { ...facts, paymentMethodId: method.id });
  const url = `${desk.world.url}/3d-secure/${desk.account}/${intent.id}`;
  const waiting = desk.put('payment_intent', {
    ...intent,
    last_payment_error: null,
    next_action: facts.returnUrl
      ? { type: 'redirect_to_url', redirect_to_url: { return_url: facts.returnUrl, url } }
      : { type: 'use_stripe_sdk', use_stripe_sdk: { stripe_js: url } as Stripe.PaymentIntent.NextAction.UseStripeSdk },
    status: 'requires_action',
  });
  desk.emit('payment_intent.requires_action', waiting);
  return waiting;
}

function charge(desk: Desk, intent: Stripe.PaymentIntent, method: Stripe.PaymentMethod): Stripe.PaymentIntent {
  const decline = declineOf(desk, method);
  if (decline) throw refuse(desk, { intent, method, decline });
  const made = succeedCharge(desk, intent, method);
  const paid = desk.put('payment_intent', {
    ...intent,
    amount_received: intent.amount,
    last_payment_error: null,
    latest_charge: made.id,
    next_action: null,
    status: 'succeeded',
  });
  if (typeof intent.customer === 'string' && intent.setup_future_usage !== null) {
    give(desk, method, intent.customer);
    desk.keep('cardFacts', method.id, { ...factsOf(desk, method.id), setUp: true });
  } else if (method.customer === null)
    desk.keep('cardFacts', method.id, { ...factsOf(desk, method.id), consumed: true });
  desk.emit('charge.succeeded', made);
  desk.emit('payment_intent.succeeded', paid);
  disputeIfTheCardDoes(desk, made);
  return paid;
}

const proofNeeded: Decline = {
  code: 'authentication_required',
  decline_code: 'authentication_required',
  message: 'Your card was declined. This transaction requires authentication.',
};

/** A decline is an effect: the failed charge and the intent's error stay. */
function refuse(
  desk: Desk,
  { intent, method, decline }: { intent: Stripe.PaymentIntent; method: Stripe.PaymentMethod; decline: Decline },
): StripeProblem {
  const failed = failCharge(desk, { intent, method, decline });
  const facts = { ...declineFacts(decline), charge: failed.id, payment_method: method };
  const declined = desk.put('payment_intent', {
    ...intent,
    last_payment_error: { ...facts, message: decline.message, type: 'card_error' },
    latest_charge: failed.id,
    next_action: null,
    payment_method: null,
    status: 'requires_payment_method',
  });
  desk.emit('charge.failed', failed);
  desk.emit('payment_intent.payment_failed', declined);
  return new StripeProblem(402, 'card_error', decline.message, { ...facts, payment_intent: declined });
}
