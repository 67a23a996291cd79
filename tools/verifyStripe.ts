import { setTimeout as wait } from 'node:timers/promises';
import type { Instant } from '../shared/domain/calendar';
import { newReconciliation, noSums } from '../shared/domain/reconciliation';
import { newId } from '../shared/ids';
import { real } from '../shared/needs';
import { transact } from '../shared/store/kernel';
import { practiceStore } from '../shared/store/practiceStore';
import { reconciliationStore } from '../shared/store/reconciliationStore';
import { mayReconcile } from '../shared/store/stripeAccountStore';
import { runReconciliation } from '../shared/stripe/reconcile';

const money = (cents: number): string => (cents / 100).toFixed(2).padStart(14);

/**
 * Holds a practice against Stripe from its beginning, here and now, as the night does it: what is missing enters the
 * ledger. Tells the sums and what differed; answers how many differences nobody could mend.
 */
export async function verifyAgainstStripe(practiceId: string, now: Instant): Promise<number> {
  const practice = await practiceStore.load(practiceId);
  if (!(await mayReconcile(practice))) {
    console.log('  It has no Stripe account of its own: there is nothing to hold against Stripe.');
    return 0;
  }
  const reconciliationId = newId('rec');
  const { dueAt: _, ...run } = newReconciliation(practice, undefined, { reconciliationId, trigger: 'manual', now });
  await transact([reconciliationStore.begin(practiceId, run)]);
  let status = 'queued';
  while (status !== 'done') {
    await runReconciliation(practiceId, reconciliationId, real);
    const at = await reconciliationStore.load(practiceId, reconciliationId);
    status = at.status;
    if (status === 'done') break;
    console.log(`  ${at.movements} of Stripe’s movements so far …`);
    await wait(1000);
  }
  const done = await reconciliationStore.load(practiceId, reconciliationId);
  console.log(`  Stripe: ${done.movements} movements, ${done.charges} charges`);
  for (const part of Object.keys(noSums) as (keyof typeof noSums)[])
    console.log(`  ${part.replace('Cents', '').padEnd(20)} ${money(done.sums[part])}`);
  for (const { currency, movements, sums } of done.otherCurrencies)
    console.log(`  not summed: ${movements} movements in ${currency}, captured ${money(sums.capturedCents).trim()}`);
  for await (const payout of everyPayout(practiceId, reconciliationId)) {
    const { payoutId, arrivesOn, currency, amountCents, sums, agrees } = payout;
    const says = agrees === undefined ? '(Stripe does not tell of what)' : agrees ? '' : 'DIFFERS from its movements';
    const parts = `gross ${money(sums.capturedCents).trim()}, fees ${money(sums.feeCents).trim()}`;
    console.log(`  payout ${arrivesOn} ${payoutId}  ${currency} ${money(amountCents).trim()}: ${parts} ${says}`);
  }
  const differences = await reconciliationStore.allDifferences(practiceId, reconciliationId);
  for (const { paymentIntentId, kinds, stripeCents, ledgerCents, mended } of differences) {
    const sums = `Stripe ${money(stripeCents).trim()}, the ledger ${money(ledgerCents).trim()}`;
    console.log(`  ${mended ? 'MENDED ' : 'DIFFERS'}  ${paymentIntentId}  ${kinds.join(', ')}: ${sums}`);
  }
  if (differences.length === 0) console.log('  Every cent at Stripe is what the ledger says.');
  return differences.filter(({ mended }) => !mended).length;
}

async function* everyPayout(practiceId: string, reconciliationId: string) {
  let cursor: string | undefined;
  do {
    const page = await reconciliationStore.payouts(practiceId, reconciliationId, { limit: 100, cursor });
    yield* page.items;
    cursor = page.nextCursor ?? undefined;
  } while (cursor);
}
