import type Stripe from 'stripe';
import { disputeFee, moveBalance } from './balance';
import type { Desk } from './desk';
import { invalid } from './stripeError';

/** What this stand-in lets a bank decide. `warning_…` is an inquiry: no money moved, refunds stay possible. */
export const disputeStatuses = [
  'needs_response',
  'under_review',
  'won',
  'lost',
  'warning_needs_response',
  'warning_under_review',
  'warning_closed',
] as const;
export type DisputeStatus = (typeof disputeStatuses)[number];

export const isDisputeStatus = (word: unknown): word is DisputeStatus =>
  disputeStatuses.some(status => status === word);

const isInquiry = (status: string): boolean => status.startsWith('warning_');
const isClosed = (status: string): boolean => ['won', 'lost', 'warning_closed'].includes(status);
const tenDays = 10 * 24 * 60 * 60;

export function openDispute(desk: Desk, charge: Stripe.Charge, status: DisputeStatus): Stripe.Dispute {
  const amount = charge.amount - charge.amount_refunded;
  if (!charge.paid || amount <= 0) throw invalid(`Charge ${charge.id} has nothing left to dispute.`);
  if (openDisputesOf(desk, charge.id).length > 0) throw invalid(`Charge ${charge.id} is disputed already.`);
  if (isClosed(status)) throw invalid('A dispute starts open: needs_response or warning_needs_response.');
  const id = desk.newId('dp');
  desk.put('charge', { ...charge, disputed: true });
  const dispute = desk.put('dispute', {
    id,
    object: 'dispute',
    amount,
    balance_transactions: isInquiry(status) ? [] : [withdraw(desk, { id, amount, currency: charge.currency })],
    charge: charge.id,
    created: desk.now(),
    currency: charge.currency,
    enhanced_eligibility_types: [],
    evidence: noEvidence,
    evidence_details: {
      due_by: desk.now() + tenDays,
      enhanced_eligibility: {},
      has_evidence: false,
      past_due: false,
      submission_count: 0,
      submission_method: 'not_submitted',
    },
    intended_submission_method: null,
    is_charge_refundable: isInquiry(status),
    livemode: false,
    metadata: {},
    payment_intent: charge.payment_intent,
    reason: 'fraudulent',
    status,
  });
  desk.emit('charge.dispute.created', dispute);
  if (!isInquiry(status)) desk.emit('charge.dispute.funds_withdrawn', dispute);
  return dispute;
}

/**
 * The bank's next word. An inquiry that grows into a dispute takes the money then; a dispute that is won gives it back. A
 * bank may take its word back as well: what was closed opens again, or ends the other way.
 */
export function decideDispute(desk: Desk, id: string, status: DisputeStatus): Stripe.Dispute {
  const before = desk.get('dispute', id);
  if (isClosed(before.status) && before.status === status) throw invalid(`Dispute ${id} is ${status} already.`);
  const moved = before.balance_transactions.length > 0;
  if (moved && isInquiry(status)) throw invalid(`Dispute ${id} has moved money; it cannot become an inquiry.`);
  if (!moved && (status === 'won' || status === 'lost'))
    throw invalid(`Dispute ${id} is an inquiry: close it as warning_closed, or let it become needs_response.`);
  const held = heldBy(before) > 0;
  const takes = !held && !isInquiry(status) && status !== 'won';
  const givesBack = held && status === 'won';
  const movements = [
    ...before.balance_transactions,
    ...(takes ? [withdraw(desk, before)] : givesBack ? [reinstate(desk, before)] : []),
  ];
  const dispute = desk.put('dispute', {
    ...before,
    balance_transactions: movements,
    is_charge_refundable: isInquiry(status) || status === 'won',
    status,
  });
  if (takes) desk.emit('charge.dispute.funds_withdrawn', dispute);
  if (givesBack) desk.emit('charge.dispute.funds_reinstated', dispute);
  desk.emit(isClosed(status) ? 'charge.dispute.closed' : 'charge.dispute.updated', dispute);
  return dispute;
}

export function openDisputesOf(desk: Desk, chargeId: string): Stripe.Dispute[] {
  return desk.all('dispute').filter(({ charge, status }) => charge === chargeId && !isClosed(status));
}

/** Money that a bank has taken back, now or for good. */
export function withheldOf(desk: Desk, chargeId: string): number {
  return desk
    .all('dispute')
    .filter(({ charge }) => charge === chargeId)
    .reduce((sum, dispute) => sum + heldBy(dispute), 0);
}

const heldBy = ({ balance_transactions: movements }: Pick<Stripe.Dispute, 'balance_transactions'>): number =>
  movements.reduce((sum, { amount }) => sum - amount, 0);

export const forbidsRefund = ({ is_charge_refundable: refundable }: Stripe.Dispute): boolean => !refundable;

type Disputed = Pick<Stripe.Dispute, 'id' | 'amount' | 'currency'>;

const withdraw = (desk: Desk, { id, amount, currency }: Disputed): Stripe.BalanceTransaction =>
  moveBalance(desk, { type: 'adjustment', amount: -amount, fee: disputeFee, currency, source: id });

const reinstate = (desk: Desk, { id, amount, currency }: Disputed): Stripe.BalanceTransaction =>
  moveBalance(desk, { type: 'adjustment', amount, fee: 0, currency, source: id });

const noEvidence: Stripe.Dispute.Evidence = {
  access_activity_log: null,
  billing_address: null,
  cancellation_policy: null,
  cancellation_policy_disclosure: null,
  cancellation_rebuttal: null,
  customer_communication: null,
  customer_email_address: null,
  customer_name: null,
  customer_purchase_ip: null,
  customer_signature: null,
  duplicate_charge_documentation: null,
  duplicate_charge_explanation: null,
  duplicate_charge_id: null,
  enhanced_evidence: {},
  product_description: null,
  receipt: null,
  refund_policy: null,
  refund_policy_disclosure: null,
  refund_refusal_explanation: null,
  service_date: null,
  service_documentation: null,
  shipping_address: null,
  shipping_carrier: null,
  shipping_date: null,
  shipping_documentation: null,
  shipping_tracking_number: null,
  uncategorized_file: null,
  uncategorized_text: null,
};
