import type Stripe from 'stripe';
import { type Instant, instant } from '../domain/calendar';
import { namedBy } from './bareCharge';
import { type ChargeBooks, chargeBooks, seconds } from './stripeBalance';
import { type Account, askStripe, everyOne, onAccount, refusedAs } from './stripeClient';

/** A dispute as Stripe tells it, with the money it moved, oldest first; amounts and fees positive. */
export interface ListedDispute {
  readonly disputeId: string;
  readonly status: string;
  readonly reason: string;
  readonly amountCents: number;
  readonly evidenceDueAt?: Instant;
  readonly createdAt: Instant;
  /** In which Stripe moved the money, where it exchanged it: fees in that currency are none of the ledger's. */
  readonly exchangedTo?: string;
  readonly transactions: readonly {
    readonly direction: 'withdrawn' | 'reinstated';
    readonly transactionId: string;
    readonly amountCents: number;
    /** Taken with a withdrawal, given back with a reinstatement; below 0 the other way round. */
    readonly feeCents: number;
    readonly at: Instant;
  }[];
}

/** A dispute of the account, with the charge that it is about as that stands now. */
export interface DisputeOfCharge {
  readonly disputeId: string;
  readonly status: string;
  readonly charge: ChargeBooks;
}

export const stripeDisputes = {
  /** One page, newest first, of the disputes that began in a span of time; inquiries are among them. */
  async page(
    account: Account,
    { from, to, cursor }: { from: Instant; to: Instant; cursor: string | undefined },
  ): Promise<{ disputes: DisputeOfCharge[]; nextCursor: string | undefined }> {
    const created = { gte: seconds(from), lt: seconds(to) };
    const query = { created, limit: 100, expand: ['data.charge'], ...(cursor ? { starting_after: cursor } : {}) };
    const page = await askStripe(stripe => stripe.disputes.list(query, onAccount(account)));
    return { disputes: page.data.flatMap(ofCharge), nextCursor: page.has_more ? page.data.at(-1)?.id : undefined };
  },

  /** A dispute as it stands now; nothing when the account has no such dispute. */
  async read(account: Account, disputeId: string): Promise<DisputeOfCharge | undefined> {
    const found = await askStripe(stripe =>
      stripe.disputes
        .retrieve(disputeId, { expand: ['charge'] }, onAccount(account))
        .catch(refusedAs<Stripe.Dispute | undefined>(undefined)),
    );
    return found && ofCharge(found)[0];
  },

  /** Every dispute of the charge, oldest first. Throws `dependency_down` when Stripe does not answer. */
  async list(account: Account, paymentIntentId: string): Promise<ListedDispute[]> {
    const query = { ...namedBy(paymentIntentId), limit: 100 };
    const disputes = await askStripe(stripe => everyOne(stripe.disputes.list(query, onAccount(account))));
    return disputes.map(listed).sort((a, b) => (a.createdAt + a.disputeId < b.createdAt + b.disputeId ? -1 : 1));
  },
};

const ofCharge = ({ id, status, charge }: Stripe.Dispute): DisputeOfCharge[] =>
  typeof charge === 'object' ? [{ disputeId: id, status, charge: chargeBooks(charge) }] : [];

function listed(dispute: Stripe.Dispute): ListedDispute {
  const { id, status, reason, amount, created, evidence_details, balance_transactions } = dispute;
  const due = evidence_details.due_by;
  const exchanged = balance_transactions.find(({ currency }) => currency !== dispute.currency);
  return {
    disputeId: id,
    status,
    reason,
    amountCents: amount,
    createdAt: instant(created * 1000),
    ...(due ? { evidenceDueAt: instant(due * 1000) } : {}),
    ...(exchanged ? { exchangedTo: exchanged.currency.toUpperCase() } : {}),
    transactions: balance_transactions
      .map(transaction => ({
        direction: transaction.amount < 0 ? ('withdrawn' as const) : ('reinstated' as const),
        transactionId: transaction.id,
        ...inCurrencyOf(dispute, transaction),
        at: instant(transaction.created * 1000),
      }))
      .sort(asTheyHappened),
  };
}

/** What was exchanged is told in the balance's currency: of the charge's own, the dispute itself tells the amount. */
function inCurrencyOf(dispute: Stripe.Dispute, { amount, fee, currency }: Stripe.BalanceTransaction) {
  if (currency !== dispute.currency) return { amountCents: dispute.amount, feeCents: 0 };
  // A fee taken with a reinstatement is no fee given back.
  return { amountCents: Math.abs(amount), feeCents: amount < 0 ? fee : 0 - fee };
}

type Transaction = ListedDispute['transactions'][number];

/** Stripe tells seconds: within one, money is taken before it is given back, else it would seem to arrive from nowhere. */
const asTheyHappened = (a: Transaction, b: Transaction): number =>
  a.at === b.at ? Number(a.direction === 'reinstated') - Number(b.direction === 'reinstated') : a.at < b.at ? -1 : 1;

export type StripeDisputes = typeof stripeDisputes;
