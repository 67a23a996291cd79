import type Stripe from 'stripe';
import { moveBalance } from './balance';
import type { Desk } from './desk';
import { decideDispute, forbidsRefund } from './disputes';
import type { Parameters, Takes } from './parameters';
import { factsOf } from './paymentMethods';
import { invalid, refused } from './stripeError';

export const refundCreateTakes: Takes<Stripe.RefundCreateParams> = {
  amount: 'integer',
  charge: 'text',
  currency: 'text',
  expand: 'texts',
  metadata: 'metadata',
  payment_intent: 'text',
  reason: 'text',
};
export const refundUpdateTakes: Takes<Stripe.RefundUpdateParams> = { expand: 'texts', metadata: 'metadata' };

/** The bank's answer on the cards 5126 and 7726 comes so much later. */
const settlesAfter = 10 * 60;

export interface RefundInput {
  charge: Stripe.Charge;
  amount?: number;
  reason?: string | null;
  metadata?: Stripe.Metadata;
}

export function createRefund(desk: Desk, given: Parameters<Stripe.RefundCreateParams>): Stripe.Refund {
  const amount = given.integer('amount');
  const reason = given.text('reason');
  if (reason && !['duplicate', 'fraudulent', 'requested_by_customer'].includes(reason))
    throw refused('Invalid reason: must be one of duplicate, fraudulent, or requested_by_customer', {
      param: 'reason',
    });
  return refundCharge(desk, {
    charge: chargeNamed(desk, given),
    ...(amount === undefined ? {} : { amount }),
    reason: reason ?? null,
    metadata: given.metadata('metadata'),
  });
}

function chargeNamed(desk: Desk, given: Parameters<Stripe.RefundCreateParams>): Stripe.Charge {
  const charge = given.text('charge');
  const intentId = given.text('payment_intent');
  if (charge) return desk.get('charge', charge, 'charge');
  if (!intentId)
    throw refused('One of the following params should be provided for this request: payment_intent or charge.', {
      code: 'parameter_missing',
    });
  const intent = desk.get('payment_intent', intentId, 'payment_intent');
  const latest = typeof intent.latest_charge === 'string' ? desk.find('charge', intent.latest_charge) : undefined;
  if (latest?.paid !== true)
    throw invalid(`This PaymentIntent (${intentId}) does not have a successful charge to refund.`, {
      param: 'payment_intent',
    });
  return latest;
}

/** Also used for a refund "made in the dashboard", which has neither key nor metadata. */
export function refundCharge(desk: Desk, { charge, amount, reason, metadata }: RefundInput): Stripe.Refund {
  const left = charge.amount_captured - charge.amount_refunded;
  refuseUnless(desk, charge, { amount: amount ?? left, left });
  const { behaviour } = factsOf(desk, charge.payment_method ?? '');
  const id = desk.newId('re');
  const sum = amount ?? left;
  const movement = moveBalance(desk, { type: 'refund', amount: -sum, fee: 0, currency: charge.currency, source: id });
  const refund = desk.put('refund', {
    id,
    object: 'refund',
    amount: sum,
    balance_transaction: movement.id,
    charge: charge.id,
    created: desk.now(),
    currency: charge.currency,
    customer: charge.customer,
    customer_account: null,
    destination_details: { card: { type: 'refund' }, type: 'card' },
    metadata: metadata ?? {},
    payment_intent: charge.payment_intent,
    payment_method: charge.payment_method,
    reason: reason ?? null,
    receipt_number: null,
    source_transfer_reversal: null,
    status: behaviour === 'refund_pending' ? 'pending' : 'succeeded',
    transfer_reversal: null,
  });
  if (behaviour === 'refund_pending' || behaviour === 'refund_fails')
    desk.later(id, settlesAfter, behaviour === 'refund_fails' ? 'refund_fails' : 'refund_succeeds');
  const refunded = takeFromCharge(desk, charge.id, sum);
  desk.emit('refund.created', refund);
  desk.emit('charge.refunded', refunded);
  closeInquiry(desk, refunded);
  return refund;
}

function refuseUnless(desk: Desk, charge: Stripe.Charge, { amount, left }: { amount: number; left: number }): void {
  if (!charge.paid) throw invalid(`Charge ${charge.id} was not successful and cannot be refunded.`);
  if (desk.all('dispute').some(dispute => dispute.charge === charge.id && forbidsRefund(dispute)))
    throw invalid(`Charge ${charge.id} has been charged back; cannot issue a refund.`, { code: 'charge_disputed' });
  if (left === 0) throw invalid(`Charge ${charge.id} has already been refunded.`, { code: 'charge_already_refunded' });
  if (amount < 1)
    throw refused('This value must be greater than or equal to 1.', {
      code: 'parameter_invalid_integer',
      param: 'amount',
    });
  if (amount > left)
    throw invalid(`Refund amount (${dollars(amount)}) is greater than unrefunded amount on charge (${dollars(left)})`, {
      param: 'amount',
    });
}

const dollars = (cents: number): string => `$${(cents / 100).toFixed(2)}`;

function takeFromCharge(desk: Desk, chargeId: string, amount: number): Stripe.Charge {
  const charge = desk.get('charge', chargeId);
  const refunded = charge.amount_refunded + amount;
  return desk.put('charge', { ...charge, amount_refunded: refunded, refunded: refunded === charge.amount });
}

/** docs.stripe.com/disputes/how-disputes-work: a full refund ends an inquiry. */
function closeInquiry(desk: Desk, charge: Stripe.Charge): void {
  if (!charge.refunded) return;
  const inquiry = desk
    .all('dispute')
    .find(({ charge: id, status }) => id === charge.id && status.startsWith('warning_') && status !== 'warning_closed');
  if (inquiry) decideDispute(desk, inquiry.id, 'warning_closed');
}

/** The bank could not place the money: it comes back to the balance, and the charge counts as not refunded so far. */
export function failRefund(desk: Desk, id: string): Stripe.Refund {
  const before = desk.get('refund', id);
  if (before.status !== 'succeeded' && before.status !== 'pending')
    throw invalid(`Refund ${id} cannot fail because it has a status of ${before.status}.`);
  const refund = giveBack(desk, before, { status: 'failed', failure_reason: 'expired_or_canceled_card' });
  desk.emit('refund.updated', refund);
  desk.emit('refund.failed', refund);
  desk.emit('charge.refund.updated', refund);
  return refund;
}

/** docs.stripe.com/api/refunds/cancel: a refund that has succeeded cannot be undone. */
export function cancelRefund(desk: Desk, id: string): Stripe.Refund {
  const before = desk.get('refund', id);
  if (before.status !== 'pending' && before.status !== 'requires_action')
    throw invalid(`The refund ${id} cannot be canceled because it has a status of ${before.status}.`);
  const refund = giveBack(desk, before, { status: 'canceled' });
  desk.emit('refund.updated', refund);
  desk.emit('charge.refund.updated', refund);
  return refund;
}

function giveBack(
  desk: Desk,
  refund: Stripe.Refund,
  change: { status: string; failure_reason?: string },
): Stripe.Refund {
  desk.notLater(refund.id);
  const movement = moveBalance(desk, {
    type: 'refund_failure',
    amount: refund.amount,
    fee: 0,
    currency: refund.currency,
    source: refund.id,
  });
  takeFromCharge(desk, String(refund.charge), -refund.amount);
  return desk.put('refund', { ...refund, ...change, failure_balance_transaction: movement.id });
}

/** The bank has placed the money of a refund that was pending. */
export function succeedRefund(desk: Desk, id: string): Stripe.Refund {
  desk.notLater(id);
  const refund = desk.put('refund', { ...desk.get('refund', id), status: 'succeeded' });
  desk.emit('refund.updated', refund);
  desk.emit('charge.refund.updated', refund);
  return refund;
}
