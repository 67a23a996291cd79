import { type Act, type Movement, noMovement } from '../domain/book';
import { localDate } from '../domain/calendar';
import { takeOverDispute } from '../domain/dispute';
import { cents, sumCents } from '../domain/money';
import { findPayment, refundsOf } from '../domain/paymentState';
import { takeOverRefund } from '../domain/refund';
import { type Needs, systemAct } from '../needs';
import { zoneOf } from '../store/attemptStore';
import { commit, type Loaded, loadPayment } from '../store/billStore';
import { decideFrom } from '../store/kernel';
import { type ListedDispute, type StripeDisputes, stripeDisputes } from './stripeDisputes';
import { type ListedRefund, type StripeRefunds, stripeRefunds } from './stripeRefunds';

/** What a look at Stripe wrote: refunds that were not in the ledger before. */
export interface Found {
  readonly loaded: Loaded;
  readonly amountCents: number;
  readonly refundIds: readonly string[];
}

/** What the charge itself says there is to look for; unless told, both. */
export interface Signs {
  readonly refunded: boolean;
  readonly disputed: boolean;
}

const everything: Signs = { refunded: true, disputed: true };

interface StripeBooks {
  readonly refunds: Pick<StripeRefunds, 'list'>;
  readonly disputes: Pick<StripeDisputes, 'list'>;
}
const stripeBooks: StripeBooks = { refunds: stripeRefunds, disputes: stripeDisputes };

export interface PaymentAt {
  readonly practiceId: string;
  readonly paymentId: string;
  /** The payment as it was read a moment ago, if it was. */
  readonly known?: Loaded;
}

/**
 * The one rule for every signal (`domain.md` rules 24 and 33): list the refunds and disputes of the charge and write what
 * the ledger does not know, each keyed by Stripe's id, so that order, repetition and who noticed first do not matter
 * (R61, R62). Refunds by age, then disputes (`ledger.md` section 7).
 */
export async function bringIntoLine(
  { practiceId, paymentId, known }: PaymentAt,
  needs: Needs,
  { signs = everything, books = stripeBooks }: { signs?: Signs; books?: StripeBooks } = {},
): Promise<Found> {
  const loaded = known ?? (await loadPayment(practiceId, paymentId));
  const stripe = findPayment(loaded.book, paymentId)?.stripe;
  if (!stripe) return { loaded, amountCents: 0, refundIds: [] };
  const { accountId, paymentIntentId } = stripe;
  const refunded = signs.refunded || refundsOf(loaded.book.entries, paymentId).length > 0;
  const [refunds, disputes] = await Promise.all([
    // A refund that failed no longer shows on its charge, so what the ledger knows is looked at as well.
    refunded ? books.refunds.list(accountId, paymentIntentId) : [],
    signs.disputed ? books.disputes.list(accountId, paymentIntentId) : [],
  ]);
  const counted: ListedRefund[] = [];
  const refundIds = new Set<string>();
  let latest = loaded;
  for (const refund of refunds) {
    const step = await record(latest, { paymentId, needs }, (now, act, zone) =>
      takeOverRefund(now.book, foundRefund(paymentId, refund, zone), act),
    );
    latest = step.loaded;
    const found = step.movement.entries.filter(entry => entry.kind === 'refund_found');
    for (const entry of found) if (entry.refund) refundIds.add(entry.refund.refundId);
    if (found.length > 0) counted.push(refund);
  }
  for (const dispute of disputes) {
    const step = await record(latest, { paymentId, needs }, (now, act, zone) =>
      takeOverDispute(now.book, foundDispute(paymentId, dispute, zone), act),
    );
    latest = step.loaded;
  }
  return {
    loaded: latest,
    amountCents: sumCents(counted.map(refund => refund.amountCents)),
    refundIds: [...refundIds],
  };
}

type Rule = (loaded: Loaded, act: Act, timeZone: string) => Movement;

/** Writes what the rule finds new; the common case, that nothing is, costs no read beyond the first. */
async function record(
  known: Loaded,
  { paymentId, needs }: { paymentId: string; needs: Needs },
  rule: Rule,
): Promise<{ loaded: Loaded; movement: Movement }> {
  const read = () => loadPayment(known.practiceId, paymentId);
  return decideFrom(known, read, async loaded => {
    const timeZone = await zoneOf(loaded);
    const movement = rule(loaded, systemAct(timeZone, needs, 'stripe'), timeZone);
    if (movement.entries.length === 0) return { loaded, movement: noMovement };
    await commit(loaded, movement, { newId: needs.newId });
    return { loaded: await read(), movement };
  });
}

const foundRefund = (paymentId: string, refund: ListedRefund, timeZone: string) => {
  const { stripeRefundId, amountCents, status, createdAt, ours } = refund;
  const postedOn = localDate(createdAt, timeZone);
  return { paymentId, stripeRefundId, amountCents, status, postedOn, ...(ours ? { ours } : {}) };
};

function foundDispute(paymentId: string, listed: ListedDispute, timeZone: string) {
  const { transactions, amountCents, createdAt: _, ...facts } = listed;
  return {
    dispute: { ...facts, paymentId, amountCents: cents(amountCents) },
    transactions: transactions.map(({ at, ...transaction }) => ({ ...transaction, postedOn: localDate(at, timeZone) })),
  };
}
