import type Stripe from 'stripe';
import { type Instant, instant } from '../domain/calendar';
import { namedBy } from './bareCharge';
import { type Account, askStripe, everyOne, onAccount } from './stripeClient';

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

export const stripeDisputes = {
  /** Every dispute of the charge, oldest first. Throws `dependency_down` when Stripe does not answer. */
  async list(account: Account, paymentIntentId: string): Promise<ListedDispute[]> {
    const query = { ...namedBy(paymentIntentId), limit: 100 };
    const disputes = await askStripe(stripe => everyOne(stripe.disputes.list(query, onAccount(account))));
    return disputes.map(listed).sort((a, b) => (a.createdAt + a.disputeId < b.createdAt + b.disputeId ? -1 : 1));
  },
};

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
