import { isClosedDispute } from '../domain/dispute';
import type { OpenDispute, Reconciliation } from '../domain/reconciliation';
import { reconciliationStore } from '../store/reconciliationStore';
import { holdCharges } from './holdCharges';
import type { At, Stepped } from './reconcileStep';
import { type DisputeOfCharge, stripeDisputes } from './stripeDisputes';

/**
 * A page of the disputes that began in the span: an inquiry moves no money, so no movement tells of it. Those that are
 * open are kept, to be looked at by every run until they are closed.
 */
export async function disputePage(run: Reconciliation, at: At): Promise<Stepped> {
  const { accountId, from, to, step } = run;
  const { disputes, nextCursor } = await stripeDisputes.page(accountId, { from, to, cursor: step.cursor });
  await look(run, disputes, at);
  return { run: { ...run, step: nextCursor ? { kind: 'disputes', cursor: nextCursor } : { kind: 'openDisputes' } } };
}

/** A page of those that began before and were open when a run looked last: a loss moves no money either (rule 36). */
export async function openDisputePage(run: Reconciliation, at: At): Promise<Stepped> {
  const { reconciliationId, accountId, step } = run;
  const { practiceId } = at.practice;
  const { items, nextCursor } = await reconciliationStore.openDisputes(practiceId, accountId, step.cursor);
  const disputes: DisputeOfCharge[] = [];
  for (const known of items.filter(({ seenBy }) => seenBy !== reconciliationId)) {
    const dispute = await stripeDisputes.read(accountId, known.disputeId);
    if (dispute) disputes.push(dispute);
    else await reconciliationStore.forgetDispute(practiceId, known);
  }
  await look(run, disputes, at);
  return { run: { ...run, step: nextCursor ? { kind: 'openDisputes', cursor: nextCursor } : { kind: 'payouts' } } };
}

/** Holds their charges against the ledger, then keeps those that are not at their end, or not in the ledger so. */
async function look(run: Reconciliation, disputes: readonly DisputeOfCharge[], at: At): Promise<void> {
  const { practiceId, currency } = at.practice;
  const { reconciliationId: seenBy, accountId } = run;
  const own = disputes.filter(({ charge }) => charge.currency === currency);
  const charges = new Map(own.map(({ charge }) => [charge.paymentIntentId, { ...charge, disputed: true }]));
  const held = await holdCharges(run, [...charges.values()], at);
  for (const { disputeId, status, charge } of own) {
    const known: OpenDispute = { disputeId, ...(accountId === undefined ? {} : { accountId }), seenBy };
    const over = isClosedDispute(status) && held.get(charge.paymentIntentId)?.agrees === true;
    await (over
      ? reconciliationStore.forgetDispute(practiceId, known)
      : reconciliationStore.keepDispute(practiceId, known));
  }
}
