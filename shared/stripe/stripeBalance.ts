import type Stripe from 'stripe';
import { type Instant, instant } from '../domain/calendar';
import { dayOf } from '../domain/dayCounts';
import type { Movement, Payout } from '../domain/reconciliation';
import { isBareCharge } from './bareCharge';
import { type Account, askStripe, onAccount, refusedAs } from './stripeClient';

/** A charge as Stripe's own books have it now; cents. */
export interface ChargeBooks {
  readonly paymentIntentId: string;
  /** In which it was made, and its amounts are; it may be settled in another. */
  readonly currency: string;
  readonly capturedCents: number;
  readonly refundedCents: number;
  readonly disputed: boolean;
  readonly metadata: Readonly<Record<string, string>>;
  readonly createdAt: Instant;
}

export interface BalanceMovement extends Movement {
  readonly at: Instant;
  /** Of charges, refunds, disputes: whose money it is. */
  readonly paymentIntentId?: string;
  /** Of a charge, as it stands now. */
  readonly charge?: ChargeBooks;
}

interface MovementPage {
  readonly movements: BalanceMovement[];
  readonly nextCursor: string | undefined;
}

export const stripeBalance = {
  /** One page, newest first, of the account's movements in a span of time. */
  async page(
    account: Account,
    { from, to, cursor }: { from: Instant; to: Instant; cursor: string | undefined },
  ): Promise<MovementPage> {
    return pageOf(account, { created: { gte: seconds(from), lt: seconds(to) } }, cursor);
  },

  /** One page of what a payout is made of, the payout's own movement included. */
  pageOfPayout: (
    account: Account,
    { payoutId, cursor }: { payoutId: string; cursor: string | undefined },
  ): Promise<MovementPage> => pageOf(account, { payout: payoutId }, cursor),

  /** A charge as Stripe's books have it now; nothing when the account has no such charge. */
  async readBooks(account: Account, paymentIntentId: string): Promise<ChargeBooks | undefined> {
    const charge = await askStripe(stripe =>
      chargeNamed(stripe, account, paymentIntentId).catch(refusedAs<Stripe.Charge | undefined>(undefined)),
    );
    return charge?.status === 'succeeded' && charge.captured ? chargeBooks(charge) : undefined;
  },

  /** All charges that were made on a UTC day, by their intents. */
  async intentsOn(account: Account, day: string): Promise<ReadonlySet<string>> {
    const gte = seconds(instant(`${day}T00:00:00Z`));
    const query = { created: { gte, lt: gte + 24 * 3600 }, limit: 100 };
    return askStripe(async stripe => {
      const names = new Set<string>();
      // A day may have thousands: no more than a page of them is held at once.
      for await (const charge of stripe.charges.list(query, onAccount(account))) names.add(nameOf(charge));
      return names;
    });
  },
};
export type StripeBalance = typeof stripeBalance;

async function pageOf(
  account: Account,
  of: Pick<Stripe.BalanceTransactionListParams, 'created' | 'payout'>,
  cursor: string | undefined,
): Promise<MovementPage> {
  const query = { ...of, limit: 100, expand: ['data.source'], ...(cursor ? { starting_after: cursor } : {}) };
  const page = await askStripe(stripe => stripe.balanceTransactions.list(query, onAccount(account)));
  return { movements: page.data.map(movementOf), nextCursor: page.has_more ? page.data.at(-1)?.id : undefined };
}

async function chargeNamed(stripe: Stripe, account: Account, id: string): Promise<Stripe.Charge | undefined> {
  if (isBareCharge(id)) return stripe.charges.retrieve(id, {}, onAccount(account));
  const intent = await stripe.paymentIntents.retrieve(id, { expand: ['latest_charge'] }, onAccount(account));
  const charge = typeof intent.latest_charge === 'object' ? intent.latest_charge : null;
  return intent.status === 'succeeded' && charge ? charge : undefined;
}

/** Stripe's own count of time. */
export const seconds = (at: Instant): number => Math.floor(Date.parse(at) / 1000);

const kinds: Readonly<Record<string, Movement['kind']>> = {
  charge: 'charge',
  payment: 'charge',
  refund: 'refund',
  payment_refund: 'refund',
  refund_failure: 'refund',
  payment_failure_refund: 'refund',
  payout: 'payout',
  payout_cancel: 'payout',
  payout_failure: 'payout',
  // From the bank to Stripe: the same way, back.
  topup: 'payout',
  topup_reversal: 'payout',
  stripe_fee: 'fee',
  stripe_fx_fee: 'fee',
  tax_fee: 'fee',
  network_cost: 'fee',
};

function movementOf(transaction: Stripe.BalanceTransaction): BalanceMovement {
  const { id, type, amount, fee, currency, created, source } = transaction;
  const object = typeof source === 'object' ? source : null;
  const kind = object?.object === 'dispute' ? 'dispute' : (kinds[type] ?? 'other');
  const charge = object?.object === 'charge' ? chargeBooks(object) : undefined;
  const intent = charge?.paymentIntentId ?? intentOf(object);
  return {
    transactionId: id,
    kind,
    amountCents: amount,
    feeCents: fee,
    currency: currency.toUpperCase(),
    at: instant(created * 1000),
    ...(intent ? { paymentIntentId: intent } : {}),
    ...(charge ? { charge } : {}),
    ...(object?.object === 'payout' ? { payout: payoutOf(object) } : {}),
  };
}

const payoutOf = ({ id, status, currency, amount, created, arrival_date, ...payout }: Stripe.Payout): Payout => ({
  ...{ payoutId: id, status, currency: currency.toUpperCase(), amountCents: amount },
  ...{ createdAt: instant(created * 1000), arrivesOn: dayOf(instant(arrival_date * 1000)) },
  told: payout.reconciliation_status === 'completed',
});

/** The charge's intent; of one that was made by hand without one, its own id. */
const nameOf = (charge: Stripe.Charge): string => idIn(charge.payment_intent) ?? charge.id;

/** What Stripe tells of a charge, in our words. */
export function chargeBooks(charge: Stripe.Charge): ChargeBooks {
  return {
    paymentIntentId: nameOf(charge),
    currency: charge.currency.toUpperCase(),
    capturedCents: charge.amount_captured,
    refundedCents: charge.amount_refunded,
    disputed: charge.disputed,
    metadata: charge.metadata,
    createdAt: instant(charge.created * 1000),
  };
}

const intentOf = (source: Stripe.BalanceTransactionSource | null): string | undefined =>
  source?.object === 'refund' || source?.object === 'dispute'
    ? (idIn(source.payment_intent) ?? idIn(source.charge))
    : undefined;

const idIn = (named: string | { id: string } | null): string | undefined =>
  (typeof named === 'string' ? named : named?.id) || undefined;
