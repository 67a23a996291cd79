import { type Movement, noMovement } from '../domain/book';
import { localDate } from '../domain/calendar';
import { sumCents } from '../domain/money';
import { findPayment } from '../domain/paymentState';
import { takeOverRefund } from '../domain/refund';
import { type Needs, systemAct } from '../needs';
import { zoneOf } from '../store/attemptStore';
import { commit, type Loaded, loadPayment } from '../store/billStore';
import { decideAnew } from '../store/kernel';
import { type ListedRefund, type StripeRefunds, stripeRefunds } from './stripeRefunds';

/** What a look at Stripe wrote: refunds that were not in the ledger before. */
export interface Found {
  readonly loaded: Loaded;
  readonly amountCents: number;
  readonly refundIds: readonly string[];
}

/**
 * The one rule for every signal (`domain.md` rule 24): list the refunds of the charge and write what the ledger does not
 * know, each keyed by Stripe's id, so that order, repetition and who noticed first do not matter (R61, R62).
 */
export async function bringIntoLine(
  practiceId: string,
  paymentId: string,
  needs: Needs,
  refunds: Pick<StripeRefunds, 'list'> = stripeRefunds,
): Promise<Found> {
  let loaded = await loadPayment(practiceId, paymentId);
  const stripe = findPayment(loaded.book, paymentId)?.stripe;
  if (!stripe) return { loaded, amountCents: 0, refundIds: [] };
  const foundIds: string[] = [];
  let amountCents = 0;
  for (const refund of await refunds.list(stripe.accountId, stripe.paymentIntentId)) {
    const step = await takeOver(practiceId, { paymentId, refund }, needs);
    loaded = step.loaded;
    const counted = step.movement.entries.flatMap(entry =>
      entry.refund && entry.kind === 'refund_found' ? [entry.refund] : [],
    );
    foundIds.push(...new Set(counted.map(found => found.refundId)));
    amountCents = sumCents([amountCents, ...(counted.length > 0 ? [refund.amountCents] : [])]);
  }
  return {
    loaded: foundIds.length > 0 ? await loadPayment(practiceId, paymentId) : loaded,
    amountCents,
    refundIds: foundIds,
  };
}

function takeOver(
  practiceId: string,
  { paymentId, refund }: { paymentId: string; refund: ListedRefund },
  needs: Needs,
): Promise<{ loaded: Loaded; movement: Movement }> {
  return decideAnew(async () => {
    const loaded = await loadPayment(practiceId, paymentId);
    const timeZone = await zoneOf(loaded);
    const { stripeRefundId, amountCents, status, createdAt, ours } = refund;
    const found = {
      paymentId,
      stripeRefundId,
      amountCents,
      status,
      postedOn: localDate(createdAt, timeZone),
      ...(ours ? { ours } : {}),
    };
    const movement = takeOverRefund(loaded.book, found, systemAct(timeZone, needs, 'stripe'));
    if (movement.entries.length === 0) return { loaded, movement: noMovement };
    return { loaded: await commit(loaded, movement, { newId: needs.newId }), movement };
  });
}
