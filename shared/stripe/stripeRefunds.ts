import Stripe from 'stripe';
import { type Instant, instant } from '../domain/calendar';
import { given } from '../domain/given';
import type { RefundEffect, RefundStatus } from '../domain/ledger';
import { logger } from '../logger';
import { namedBy } from './bareCharge';
import {
  type Account,
  askStripe,
  everyOne,
  isTurnedAway,
  onAccount,
  stripeClient,
  turnedAway,
  type Unknown,
} from './stripeClient';

/** A refund as Stripe's list tells it; `ours` when its metadata names a request of this system. */
export interface ListedRefund {
  readonly stripeRefundId: string;
  readonly amountCents: number;
  readonly status: RefundStatus;
  readonly createdAt: Instant;
  readonly ours?: { readonly refundId: string; readonly effect: RefundEffect; readonly billId?: string };
}

export interface RefundSend {
  readonly account: Account;
  /** Idempotency key and metadata: one attempt is one refund. */
  readonly attemptId: string;
  readonly refundId: string;
  readonly paymentId: string;
  readonly paymentIntentId: string;
  readonly amountCents: number;
  readonly effect: RefundEffect;
  readonly billId?: string | undefined;
}

export type RefundOutcome =
  | { readonly kind: 'made'; readonly refund: ListedRefund }
  /** Definite: no money moved. `charge_already_refunded` and `charge_disputed` are facts, not crashes (rule 25). */
  | { readonly kind: 'refused'; readonly code: string }
  /** Definite as well, but about the request or the account, not about this charge. */
  | { readonly kind: 'turned_away'; readonly code: string }
  | Unknown;

export const stripeRefunds = {
  async send(request: RefundSend): Promise<RefundOutcome> {
    const { attemptId, refundId, paymentId, paymentIntentId, amountCents, effect, billId } = request;
    const metadata = { attemptId, refundId, paymentId, effect, ...given({ billId }) };
    try {
      const stripe = await stripeClient();
      const refund = await stripe.refunds.create(
        { ...namedBy(paymentIntentId), amount: amountCents, metadata },
        { idempotencyKey: attemptId, ...onAccount(request.account) },
      );
      const made = listed(refund);
      const failed = made.status === 'failed' || made.status === 'cancelled';
      return failed ? { kind: 'refused', code: 'refund_failed' } : { kind: 'made', refund: made };
    } catch (error) {
      return refusedOrUnknown(error);
    }
  },

  /** Every refund of the charge, oldest first, whoever made it. Throws `dependency_down` when Stripe does not answer. */
  async list(account: Account, paymentIntentId: string): Promise<ListedRefund[]> {
    const query = { ...namedBy(paymentIntentId), limit: 100 };
    const refunds = await askStripe(stripe => everyOne(stripe.refunds.list(query, onAccount(account))));
    return refunds
      .map(listed)
      .sort((a, b) => (a.createdAt + a.stripeRefundId < b.createdAt + b.stripeRefundId ? -1 : 1));
  },
};

/** What Stripe says of the charge itself: that less is left of it than was asked, or that its bank has it. */
const ofTheCharge = ['charge_already_refunded', 'charge_disputed', 'refund_disputed_payment'];

function refusedOrUnknown(error: unknown): RefundOutcome {
  if (!(error instanceof Stripe.errors.StripeError)) throw error;
  const { type, code, param } = error;
  if (isTurnedAway(error)) {
    if (ofTheCharge.includes(code ?? '') || param === 'amount') return { kind: 'refused', code: code ?? 'amount' };
    return { kind: 'turned_away', code: turnedAway('refund', error) };
  }
  logger.warn('stripe did not refund', { type, code });
  return { kind: 'unknown' };
}

function listed(refund: Stripe.Refund): ListedRefund {
  const { refundId, effect, billId } = refund.metadata ?? {};
  return {
    stripeRefundId: refund.id,
    amountCents: refund.amount,
    status: refundStatus(refund.status),
    createdAt: instant(refund.created * 1000),
    ...(refundId
      ? { ours: { refundId, effect: effect === 'reduce' ? 'reduce' : 'reopen', ...given({ billId }) } }
      : {}),
  };
}

const refundStatus = (status: string | null): RefundStatus => {
  switch (status) {
    case 'succeeded':
      return 'succeeded';
    case 'failed':
      return 'failed';
    case 'canceled':
      return 'cancelled';
    default:
      return 'pending';
  }
};

export type StripeRefunds = typeof stripeRefunds;
