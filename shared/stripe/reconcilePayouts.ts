import { given } from '../domain/given';
import { noSums, type PayoutBooks, payoutAgrees, type Reconciliation, withPartOf } from '../domain/reconciliation';
import { reconciliationStore } from '../store/reconciliationStore';
import { chargesOf } from './chargesOf';
import { ownerOf } from './reconcileCharge';
import { ledgerStep } from './reconcileLedger';
import type { At, Stepped } from './reconcileStep';
import { type BalanceMovement, stripeBalance } from './stripeBalance';

/** How many of the newest stand on the run itself; all of them have pages of their own. */
const shownOnRun = 10;

/** Payouts among these movements, to be looked at one by one afterwards. */
export async function notePayouts(
  { reconciliationId }: Reconciliation,
  movements: readonly BalanceMovement[],
  { practice }: At,
): Promise<void> {
  const payouts = movements.flatMap(({ payout }): PayoutBooks[] =>
    payout ? [{ reconciliationId, ...payout, sums: noSums, netCents: 0, movements: 0 }] : [],
  );
  await reconciliationStore.notePayouts(practice.practiceId, payouts);
}

/** The newest payout that was not looked at yet: a page of what it is made of, as Stripe tells it. */
export async function payoutPage(run: Reconciliation, at: At): Promise<Stepped> {
  const { practiceId } = at.practice;
  const { reconciliationId, accountId, step } = run;
  const { payout, nextCursor } = await reconciliationStore.payoutAfter(practiceId, reconciliationId, step.cursor);
  if (!payout) return { run: { ...run, step: ledgerStep(run) } };
  const { cursor: from, ...known } = payout;
  const page = known.told
    ? await stripeBalance.pageOfPayout(accountId, { payoutId: known.payoutId, cursor: from })
    : { movements: [], nextCursor: undefined };
  const others = await ofOthers(run, page.movements, at);
  const summed = page.movements.reduce<PayoutBooks>(
    (sum, movement) => withPartOf(sum, movement, others.has(movement.paymentIntentId ?? '')),
    known,
  );
  if (page.nextCursor) {
    const writes = [reconciliationStore.payout(practiceId, { ...summed, cursor: page.nextCursor })];
    return { run, writes };
  }
  const done: PayoutBooks = { ...summed, ...given({ agrees: known.told ? payoutAgrees(summed) : undefined }) };
  if (done.agrees === false) await noteDiffers(done, at);
  return {
    run: {
      ...run,
      payoutCount: run.payoutCount + 1,
      payouts: [...run.payouts, done].slice(0, shownOnRun),
      step: nextCursor ? { kind: 'payouts', cursor: nextCursor } : ledgerStep(run),
    },
    writes: [reconciliationStore.payout(practiceId, done)],
  };
}

/** Charges of practices that share the platform's own account: they are in the payout, and in none of its parts. */
async function ofOthers(
  { accountId: account }: Reconciliation,
  movements: readonly BalanceMovement[],
  { practice: { practiceId } }: At,
): Promise<Set<string>> {
  const others = new Set<string>();
  if (account !== undefined) return others;
  for (const charge of await chargesOf(account, movements))
    if ((await ownerOf({ practiceId, account, charge })) !== practiceId) others.add(charge.paymentIntentId);
  return others;
}

const noteDiffers = (
  { reconciliationId, payoutId, amountCents: stripeCents, netCents: ledgerCents }: PayoutBooks,
  { practice }: At,
): Promise<void> =>
  reconciliationStore.note(practice.practiceId, {
    ...{ reconciliationId, paymentIntentId: payoutId, paymentId: '' },
    ...{ kinds: ['payout_differs'], stripeCents, ledgerCents, mended: false },
  });
