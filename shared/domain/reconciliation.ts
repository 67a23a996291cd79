import { type CalendarDate, type Instant, instant } from './calendar';
import type { DayCounts } from './dayCounts';
import { given } from './given';
import type { Entry, EntryKind } from './ledger';
import { sumPostings } from './ledger';
import type { Cents } from './money';
import type { Practice } from './practice';

/** What was wrong with a charge before the ledger was brought into line with Stripe. */
export type ChargeDifferenceKind =
  | 'charge_missing'
  | 'charge_unknown'
  | 'refund_missing'
  | 'refund_failed'
  | 'dispute_missing'
  | 'dispute_outcome_missing'
  | 'amount_differs'
  | 'not_at_stripe';
/** Or else a movement of Stripe's balance that the ledger has no entry for, or a payout that is not the sum of its parts. */
export type DifferenceKind = ChargeDifferenceKind | 'entry_missing' | 'payout_differs';

/** One charge, or else movement, on which the ledger and Stripe did not agree; `mended` once they do. */
export interface Difference {
  readonly reconciliationId: string;
  /** Stripe's id of the charge's intent; of what is no charge, its own. */
  readonly paymentIntentId: string;
  /** Empty for what is no charge. */
  readonly paymentId: string;
  readonly kinds: readonly DifferenceKind[];
  /** What Stripe holds of it, fees apart: captured − refunded − withdrawn + reinstated. */
  readonly stripeCents: number;
  /** What the ledger said of it before. */
  readonly ledgerCents: number;
  readonly mended: boolean;
}

/** Sums over Stripe's own balance transactions, in cents, as they change the balance. */
export interface BalanceSums {
  readonly capturedCents: number;
  readonly refundedCents: number;
  readonly disputedCents: number;
  readonly feeCents: number;
  readonly payoutCents: number;
  readonly otherCents: number;
}
export const noSums: BalanceSums = {
  ...{ capturedCents: 0, refundedCents: 0, disputedCents: 0 },
  ...{ feeCents: 0, payoutCents: 0, otherCents: 0 },
};

/** One movement of a Stripe balance: every cent there is in exactly one. Amounts as they change the balance. */
export interface Movement {
  readonly transactionId: string;
  readonly kind: 'charge' | 'refund' | 'dispute' | 'payout' | 'fee' | 'other';
  readonly amountCents: number;
  readonly feeCents: number;
  readonly currency: string;
  /** Of a payout, or of one that failed and came back. */
  readonly payout?: Payout;
}

/** What went to the bank at once. */
export interface Payout {
  readonly payoutId: string;
  readonly status: string;
  readonly currency: string;
  readonly amountCents: number;
  readonly createdAt: Instant;
  readonly arrivesOn: CalendarDate;
  /** Whether Stripe tells what it is made of: not of those made by hand, nor before it is complete. */
  readonly told: boolean;
}

/** A payout with the sums of what it is made of. */
export interface PayoutBooks extends Payout {
  readonly reconciliationId: string;
  readonly movements: number;
  readonly sums: BalanceSums;
  readonly netCents: number;
  /** Whether its parts come to what went to the bank; absent where Stripe does not tell them. */
  readonly agrees?: boolean;
  /** Of Stripe's pages of it, while they are read. */
  readonly cursor?: string;
}

const sumOf: Readonly<Record<Movement['kind'], keyof BalanceSums>> = {
  ...{ charge: 'capturedCents', refund: 'refundedCents', dispute: 'disputedCents' },
  ...{ payout: 'payoutCents', fee: 'feeCents', other: 'otherCents' },
} as const;

export function withMovement(sums: BalanceSums, { kind, amountCents, feeCents }: Movement): BalanceSums {
  const part = sumOf[kind];
  const after = { ...sums, [part]: sums[part] + amountCents };
  return { ...after, feeCents: after.feeCents - feeCents };
}

/** Movements in a currency that is not the practice's: summed apart, and in no entry of its ledger. */
export interface OtherCurrency {
  readonly currency: string;
  readonly movements: number;
  readonly sums: BalanceSums;
}

export function withOther(known: readonly OtherCurrency[], movement: Movement): OtherCurrency[] {
  const { currency } = movement;
  const before = known.find(one => one.currency === currency) ?? { currency, movements: 0, sums: noSums };
  const after = { currency, movements: before.movements + 1, sums: withMovement(before.sums, movement) };
  return [...known.filter(one => one.currency !== currency), after];
}

/**
 * The movement that takes the payout itself out of the balance is no part of it. What other practices on the same account
 * took is among the rest, fees and all.
 */
export function withPartOf(payout: PayoutBooks, movement: Movement, ofOthers = false): PayoutBooks {
  if (movement.payout?.payoutId === payout.payoutId) return payout;
  const { sums } = payout;
  const netCents = movement.amountCents - movement.feeCents;
  return {
    ...payout,
    movements: payout.movements + 1,
    sums: ofOthers ? { ...sums, otherCents: sums.otherCents + netCents } : withMovement(sums, movement),
    netCents: payout.netCents + netCents,
  };
}

export const payoutAgrees = ({ amountCents, netCents }: PayoutBooks): boolean => amountCents === netCents;

export interface Reconciliation {
  readonly reconciliationId: string;
  readonly trigger: 'manual' | 'nightly';
  readonly by?: string;
  readonly accountId?: string;
  readonly from: Instant;
  readonly to: Instant;
  /** `failed`: Stripe lets us look no more, or the practice has another account by now; it proves nothing. */
  readonly status: 'queued' | 'running' | 'done' | 'failed';
  /** Stripe's movements, its disputes (those of the span, those open still), its payouts, the ledger's payments month by month, days that do not agree, and what differed. */
  readonly step: {
    readonly kind: 'stripe' | 'disputes' | 'openDisputes' | 'payouts' | 'ledger' | 'days' | 'differences';
    readonly cursor?: string;
  };
  readonly createdAt: Instant;
  readonly finishedAt?: Instant;
  readonly movements: number;
  readonly charges: number;
  readonly sums: BalanceSums;
  readonly otherCurrencies: readonly OtherCurrency[];
  /** The newest payouts of the span, and how many there are. */
  readonly payouts: readonly PayoutBooks[];
  readonly payoutCount: number;
  readonly differences: number;
  readonly mended: number;
  /** Charges by UTC day of their making: as Stripe tells them and the ledger has them by now, and as the ledger tells them. */
  readonly stripeDays: DayCounts;
  readonly ledgerDays: DayCounts;
  readonly dueAt?: Instant;
  readonly revision: number;
}

/** A dispute that was not at its end, or not in the ledger so, when a reconciliation looked at it last. */
export interface OpenDispute {
  readonly disputeId: string;
  readonly accountId?: string;
  /** The reconciliation that looked. */
  readonly seenBy: string;
}

/** What the ledger says that Stripe holds of a payment; fees and payouts are no part of it. */
export const ledgerAtStripe = (entries: readonly Entry[], paymentId: string): Cents =>
  sumPostings(entries, posting => posting.account === 'stripe_balance' && posting.paymentId === paymentId);

const kindOf: Partial<Readonly<Record<EntryKind, DifferenceKind>>> = {
  payment_received: 'charge_missing',
  prepayment_received: 'charge_missing',
  money_unmatched: 'charge_unknown',
  refund_found: 'refund_missing',
  refund_made: 'refund_missing',
  refund_failed: 'refund_failed',
  dispute_opened: 'dispute_missing',
  dispute_funds_withdrawn: 'dispute_missing',
  dispute_funds_reinstated: 'dispute_outcome_missing',
  dispute_lost: 'dispute_outcome_missing',
  dispute_won_after_lost: 'dispute_outcome_missing',
  dispute_status_changed: 'dispute_outcome_missing',
};

/** What had been missing, told by the entries that mended it. */
export const kindsMended = (written: readonly Entry[]): DifferenceKind[] => [
  ...new Set(written.flatMap(({ kind }) => kindOf[kind] ?? [])),
];

/** A payment that Stripe took, told by the entry that received it: only that one counts it. */
export const receivedAtStripe = ({ kind, payment, unmatched }: Entry) =>
  kind === 'payment_received' || kind === 'prepayment_received' || kind === 'money_unmatched'
    ? [payment ?? unmatched].flatMap(received => (received?.stripe ? [{ ...received, stripe: received.stripe }] : []))
    : [];

export const isOver = ({ status }: Pick<Reconciliation, 'status'>): boolean => status === 'done' || status === 'failed';

/** Whether the run goes on, so that none begins beside it: one of an account that the practice has left only ends. */
export const isUnderWay = (
  run: Pick<Reconciliation, 'status' | 'accountId'> | undefined,
  { stripe }: Pick<Practice, 'stripe'>,
): boolean => run !== undefined && !isOver(run) && run.accountId === stripe.accountId;

/** Stripe retries webhooks for three days; with a day to spare, whatever it told late is looked at again (rule 36). */
const overlapDays = 4;
const day = 24 * 3600 * 1000;

interface Asked {
  readonly reconciliationId: string;
  readonly trigger: Reconciliation['trigger'];
  readonly by?: string;
  readonly now: Instant;
  readonly from?: Instant;
  readonly to?: Instant;
}

/** From the account's mark, less four days (the first: from the practice's beginning), until now. */
export function newReconciliation(
  { stripe, createdAt }: Pick<Practice, 'stripe' | 'createdAt'>,
  mark: Instant | undefined,
  { now, from, to, ...asked }: Asked,
): Reconciliation {
  const since = instant(Date.parse(mark ?? createdAt) - overlapDays * day);
  return {
    ...asked,
    ...given({ accountId: stripe.accountId }),
    from: from ?? since,
    // Never later than now: what comes after is for the next one.
    to: to !== undefined && to < now ? to : now,
    status: 'queued',
    step: { kind: 'stripe' },
    createdAt: now,
    movements: 0,
    charges: 0,
    sums: noSums,
    otherCurrencies: [],
    payouts: [],
    payoutCount: 0,
    differences: 0,
    mended: 0,
    stripeDays: {},
    ledgerDays: {},
    dueAt: now,
    revision: 0,
  };
}

/**
 * Up to where an account was held against the ledger without a gap, once this run is done. A run over a span of its own
 * moves the mark only where it joins what was done: what it left out is still to be looked at.
 */
export function markAfter(
  { from, to }: Pick<Reconciliation, 'from' | 'to'>,
  mark: Instant | undefined,
  { createdAt }: Pick<Practice, 'createdAt'>,
): Instant | undefined {
  if (from > (mark ?? createdAt)) return mark;
  return mark !== undefined && mark > to ? mark : to;
}
