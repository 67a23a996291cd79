import { isProblem } from '../domain/problem';
import type { Reconciliation } from '../domain/reconciliation';
import { logger } from '../logger';
import { reconciliationStore } from '../store/reconciliationStore';
import { raiseDifference } from './raiseDifference';
import { type Compared, reconcileCharge } from './reconcileCharge';
import type { At } from './reconcileStep';
import type { ChargeBooks } from './stripeBalance';

const atOnce = 5;

/** Whose a charge is, and whether ledger and Stripe agree on it by now. */
export interface Holding {
  readonly owner: string;
  readonly agrees: boolean;
}

/** Holds these charges against the ledger, a few at a time; how each came out, by its intent. */
export async function holdCharges(
  run: Reconciliation,
  charges: readonly ChargeBooks[],
  at: At,
): Promise<Map<string, Holding>> {
  const held = new Map<string, Holding>();
  for (let start = 0; start < charges.length; start += atOnce) {
    const few = charges.slice(start, start + atOnce);
    await Promise.all(few.map(async charge => held.set(charge.paymentIntentId, await hold(run, charge, at))));
  }
  return held;
}

async function hold(run: Reconciliation, charge: ChargeBooks, { practice, needs }: At): Promise<Holding> {
  const { practiceId } = practice;
  const { reconciliationId, accountId } = run;
  const { paymentIntentId } = charge;
  const note = (compared: Compared): Promise<void> =>
    reconciliationStore.note(practiceId, { reconciliationId, paymentIntentId, ...compared });
  try {
    const held = await reconcileCharge({ practiceId, account: accountId, charge }, needs, note);
    const { compared, practiceId: owner } = held;
    if (compared && owner === practiceId) await note(compared);
    // No difference of this practice: what stays open is told to the one whose it is.
    else if (compared && !compared.mended)
      await raiseDifference(owner, { reconciliationId, paymentIntentId, ...compared }, needs);
    return { owner, agrees: !compared || compared.mended };
  } catch (error) {
    // What is down is tried again with the page. One charge that never comes right must not end the proof of the others,
    // also when it lost every race of its seconds: it is noted, and looked at once more at the end.
    if (isProblem(error, 'dependency_down')) throw error;
    logger.error('a charge cannot be reconciled', { error: error as Error });
    const facts = {
      paymentId: charge.metadata.paymentId ?? '',
      stripeCents: charge.capturedCents - charge.refundedCents,
    };
    await note({ ...facts, ledgerCents: 0, kinds: [], mended: false });
    return { owner: practiceId, agrees: false };
  }
}
