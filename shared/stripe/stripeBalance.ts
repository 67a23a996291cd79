import type Stripe from 'stripe';
import { type Instant, instant } from '../domain/calendar';
import { type Account, askStripe, everyOne, onAccount } from './stripeClient';

/** A charge as Stripe's own books have it now; cents. */
export interface ChargeBooks {
  readonly paymentIntentId: string;
  readonly capturedCents: number;
  readonly refundedCents: number;
  readonly disputed: boolean;
  readonly metadata: Readonly<Record<string, string>>;
  readonly createdAt: Instant;
}

/** One movement of a Stripe balance: every cent there is in exactly one. Amounts as they change the balance. */
export interface BalanceMovement {
  readonly transactionId: string;
  readonly kind: 'charge' | 'refund' | 'dispute' | 'payout' | 'fee' | 'other';
  readonly amountCents: number;
  readonly feeCents: number;
  readonly at: Instant;
  /** Of charges, refunds, disputes: whose money it is. */
  readonly paymentIntentId?: string;
  /** Of a charge, as it stands now. */
  readonly charge?: ChargeBooks;
  readonly payoutId?: string;
}

export const stripeBalance = {
  /** One page, newest first, of the account's movements in a span of time. */
  async page(
    account: Account,
    { from, to, cursor }: { from: Instant; to: Instant; cursor: string | undefined },
  ): Promise<{ movements: BalanceMovement[]; nextCursor: string | undefined }> {
    const created = { gte: seconds(from), lt: seconds(to) };
    const query = { created, limit: 100, expand: ['data.source'], ...(cursor ? { starting_after: cursor } : {}) };
    const page = await askStripe(stripe => stripe.balanceTransactions.list(query, onAccount(account)));
    return { movements: page.data.map(movementOf), nextCursor: page.has_more ? page.data.at(-1)?.id : undefined };
  },

  /** The intents of all charges that were made on a UTC day. */
  async intentsOn(account: Account, day: string): Promise<ReadonlySet<string>> {
    const gte = seconds(instant(`${day}T00:00:00Z`));
    const query = { created: { gte, lt: gte + 24 * 3600 }, limit: 100 };
    const charges = await askStripe(stripe => everyOne(stripe.charges.list(query, onAccount(account))));
    return new Set(charges.flatMap(charge => idIn(charge.payment_intent) ?? []));
  },
};
export type StripeBalance = typeof stripeBalance;

const seconds = (at: Instant): number => Math.floor(Date.parse(at) / 1000);

const kinds: Readonly<Record<string, BalanceMovement['kind']>> = {
  charge: 'charge',
  payment: 'charge',
  refund: 'refund',
  payment_refund: 'refund',
  refund_failure: 'refund',
  payment_failure_refund: 'refund',
  payout: 'payout',
  payout_cancel: 'payout',
  payout_failure: 'payout',
  stripe_fee: 'fee',
  stripe_fx_fee: 'fee',
  tax_fee: 'fee',
  network_cost: 'fee',
};

function movementOf(transaction: Stripe.BalanceTransaction): BalanceMovement {
  const { id, type, amount, fee, created, source } = transaction;
  const object = typeof source === 'object' ? source : null;
  const kind = object?.object === 'dispute' ? 'dispute' : (kinds[type] ?? 'other');
  const charge = object?.object === 'charge' ? chargeBooks(object) : undefined;
  const intent = charge?.paymentIntentId ?? intentOf(object);
  return {
    transactionId: id,
    kind,
    amountCents: amount,
    feeCents: fee,
    at: instant(created * 1000),
    ...(intent ? { paymentIntentId: intent } : {}),
    ...(charge ? { charge } : {}),
    ...(object?.object === 'payout' ? { payoutId: object.id } : {}),
  };
}

export function chargeBooks(charge: Stripe.Charge): ChargeBooks | undefined {
  const paymentIntentId = idIn(charge.payment_intent);
  if (!paymentIntentId) return undefined;
  return {
    paymentIntentId,
    capturedCents: charge.amount_captured,
    refundedCents: charge.amount_refunded,
    disputed: charge.disputed,
    metadata: charge.metadata,
    createdAt: instant(charge.created * 1000),
  };
}

const intentOf = (source: Stripe.BalanceTransactionSource | null): string | undefined =>
  source?.object === 'refund' || source?.object === 'dispute' ? idIn(source.payment_intent) : undefined;

const idIn = (named: string | { id: string } | null): string | undefined =>
  (typeof named === 'string' ? named : named?.id) || undefined;
