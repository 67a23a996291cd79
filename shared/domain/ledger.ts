import type { CalendarDate, Instant } from './calendar';
import { invariant } from './invariant';
import { type Cents, cents, sumCents } from './money';

/**
 * The ledger is what the system knows about money: immutable, balanced entries. Every balance, status and report is a
 * sum over postings (`docs/guides/ledger.md`). Amounts are integer cents; positive is a debit, negative a credit.
 */
export type Account =
  | 'client_receivable'
  | 'payer_receivable'
  | 'stripe_balance'
  | 'offline_money'
  | 'disputed_funds'
  | 'bank'
  | 'client_credit'
  | 'unmatched_money'
  | 'income'
  | 'discount'
  | 'write_off'
  | 'credit_granted'
  | 'stripe_fees'
  | 'opening_balance';

export type OfflineMethod = 'cash_check' | 'card' | 'other' | 'insurer' | 'external';

export interface Posting {
  readonly account: Account;
  readonly amountCents: Cents;
  readonly clientId?: string;
  readonly billId?: string;
  /** Postings with the same payment form a group that sums to 0; without one: the charge group. */
  readonly paymentId?: string;
  readonly lotId?: string;
  readonly payerId?: string;
  /** Only on `offline_money`. */
  readonly method?: OfflineMethod;
}

export type EntryKind =
  | 'bill_issued'
  | 'bill_changed'
  | 'bill_adjusted'
  | 'payment_received'
  | 'prepayment_received'
  | 'credit_granted'
  | 'insurer_paid'
  | 'written_off'
  | 'refund_made'
  | 'refund_found'
  | 'refund_effect_decided'
  | 'refund_failed'
  | 'turned_into_credit'
  | 'credit_returned'
  | 'discount_taken_back'
  | 'dispute_opened'
  | 'dispute_funds_withdrawn'
  | 'dispute_funds_reinstated'
  | 'dispute_lost'
  | 'dispute_won_after_lost'
  | 'dispute_status_changed'
  | 'bill_cancelled'
  | 'money_unmatched'
  | 'money_attached'
  | 'stripe_fee'
  | 'stripe_payout'
  | 'opening_balance'
  // History events without postings.
  | 'payment_declined'
  | 'payment_unresolved'
  | 'charge_ended_by_hand'
  | 'refund_ended_by_hand'
  | 'bill_shared'
  | 'share_scheduled'
  | 'share_withdrawn'
  | 'share_failed'
  | 'mail_delivered'
  | 'mail_bounced'
  | 'bill_edited'
  | 'bill_hidden'
  | 'autopay_held'
  | 'autopay_released'
  | 'refund_status_changed';

export interface Actor {
  readonly kind: 'staff' | 'client' | 'system' | 'stripe';
  readonly id?: string;
}

/** Moves the portions of one line, or pays it; a line's portions are those at issue plus the sum of its deltas. */
export interface LineDelta {
  readonly lineId: string;
  readonly clientCents: Cents;
  readonly insurerCents: Cents;
  readonly writeOffCents: Cents;
  readonly insurerPaidCents: Cents;
}

export type PaymentType = 'card' | 'cash_check' | 'credit_discount' | 'other';

export interface CardFacts {
  readonly brand: string;
  readonly last4: string;
  readonly expMonth: number;
  readonly expYear: number;
}

export interface StripeFacts {
  readonly paymentIntentId: string;
  readonly chargeId?: string;
  /** Absent: the platform key's own account. */
  readonly accountId?: string;
  readonly livemode: boolean;
}

/** What a payment is, told by the entry that received it; its state is the fold of all entries that name it. */
export interface PaymentFacts {
  readonly paymentId: string;
  readonly clientId: string;
  readonly payer: 'client' | 'insurer' | 'external';
  readonly type: PaymentType;
  readonly source?: 'credit' | 'discount';
  readonly collect?: 'stripe' | 'elsewhere';
  readonly description?: string;
  readonly amountCents: Cents;
  readonly paidAt: Instant;
  readonly notes?: string;
  readonly reference?: string;
  readonly card?: CardFacts;
  readonly stripe?: StripeFacts;
  /** Of a payment over several bills: all of them, in the order in which it pays; `amountCents` is the whole. */
  readonly billIds?: readonly string[];
}

/** Money in Stripe that nobody knows yet: a payment without a client until it is attached. */
export type UnmatchedFacts = Omit<PaymentFacts, 'clientId'>;

export type RefundDestination = 'original' | 'offline' | 'credit';
export type RefundEffect = 'reopen' | 'reduce';
export type RefundStatus = 'pending' | 'succeeded' | 'failed' | 'cancelled';

export interface RefundFacts {
  readonly refundId: string;
  readonly paymentId: string;
  readonly amountCents: Cents;
  readonly destination: RefundDestination;
  readonly effect: RefundEffect;
  readonly origin: 'app' | 'stripe';
  readonly status: RefundStatus;
  readonly reason?: string;
  readonly stripeRefundId?: string;
}

export interface DisputeFacts {
  readonly disputeId: string;
  readonly paymentId: string;
  readonly status: string;
  readonly reason?: string;
  readonly amountCents: Cents;
  readonly evidenceDueAt?: Instant;
}

/** Where an entry lives: a bill, else a client (prepayment, credit by hand), else the practice: with the payment
 * whose money nobody knows, or with the month of Stripe's fees and payouts. */
export interface EntryHome {
  readonly kind: 'bill' | 'client' | 'practice' | 'stripe';
  readonly id: string;
}

export interface Entry {
  readonly entryId: string;
  readonly kind: EntryKind;
  readonly home: EntryHome;
  readonly clientId?: string;
  /** When it was recorded ("added"). */
  readonly at: Instant;
  /** The practice-local date it counts for ("posted"). */
  readonly postedOn: CalendarDate;
  readonly actor: Actor;
  /** Unique within its home: a second entry with the same source is a failed put. */
  readonly sourceId?: string;
  readonly reason?: string;
  readonly postings: readonly Posting[];
  readonly lineDeltas?: readonly LineDelta[];
  readonly payment?: PaymentFacts;
  /** Only on `money_unmatched`. */
  readonly unmatched?: UnmatchedFacts;
  readonly refund?: RefundFacts;
  readonly dispute?: DisputeFacts;
  /** Further facts of a history event: ids, cents, dates; free text only where staff wrote it. */
  readonly details?: Readonly<Record<string, string | number | boolean | null>>;
}

/** One grant of credit and what is left of it. Spending takes the oldest lots first and names them. */
export interface Lot {
  readonly lotId: string;
  readonly clientId: string;
  readonly sourcePaymentId?: string;
  readonly createdAt: Instant;
  readonly remainingCents: Cents;
  /** Net spends still standing, oldest first: which credit payment of which bill took how much. */
  readonly spends: readonly { readonly billId: string; readonly paymentId: string; readonly amountCents: Cents }[];
}

/** Sum of the postings that fit; `undefined` members of the filter match everything. */
export function sumPostings(entries: readonly Entry[], fits: (posting: Posting, entry: Entry) => boolean): Cents {
  let total = 0;
  for (const entry of entries) {
    for (const posting of entry.postings) if (fits(posting, entry)) total += posting.amountCents;
  }
  return cents(total);
}

/** Invariant 1 of the ledger: every group, and so every entry, sums to 0. */
export function assertBalanced(entry: Entry): void {
  const groups = new Map<string, number>();
  for (const { paymentId = '', amountCents } of entry.postings) {
    groups.set(paymentId, (groups.get(paymentId) ?? 0) + amountCents);
  }
  for (const [paymentId, sum] of groups) {
    invariant(sum === 0, `entry ${entry.kind} does not balance (group ${paymentId || 'charge'}: ${sum})`);
  }
  invariant(sumCents(entry.postings.map(p => p.amountCents)) === 0, `entry ${entry.kind} does not balance`);
}
