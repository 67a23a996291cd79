import { dayOf, daysThatDiffer, withCounted } from '../domain/dayCounts';
import type { Entry } from '../domain/ledger';
import { type Reconciliation, receivedAtStripe } from '../domain/reconciliation';
import { reconciliationStore } from '../store/reconciliationStore';
import type { At, Stepped } from './reconcileStep';
import { stripeBalance } from './stripeBalance';

/** Where the ledger of a run begins; the cursor is `<yyyy-mm>.<page>`. */
export const ledgerStep = ({ from }: Reconciliation): Reconciliation['step'] => ({
  kind: 'ledger',
  cursor: `${dayOf(from).slice(0, 7)}.`,
});

/** Payments that the ledger says Stripe took in the span, counted by day. */
export async function ledgerPage(run: Reconciliation, { practice, needs }: At): Promise<Stepped> {
  const [month = '', ...rest] = (run.step.cursor ?? '').split('.');
  const page = await reconciliationStore.ledgerPage(practice.practiceId, month, rest.join('.') || undefined);
  const received = receivedIn(run, page.entries);
  const last = dayOf(needs.clock.now()).slice(0, 7);
  const cursor = page.nextCursor ? `${month}.${page.nextCursor}` : month < last ? `${monthAfter(month)}.` : undefined;
  const counted = received.map(({ paidAt, amountCents }) => ({ at: paidAt, amountCents }));
  return {
    run: {
      ...run,
      step: cursor ? { kind: 'ledger', cursor } : { kind: 'days' },
      ledgerDays: withCounted(run.ledgerDays, counted),
    },
  };
}

const receivedIn = ({ accountId, from, to }: Reconciliation, entries: readonly Entry[]) =>
  entries
    .flatMap(receivedAtStripe)
    .filter(({ paidAt, stripe }) => paidAt >= from && paidAt < to && stripe.accountId === accountId);

const monthAfter = (month: string): string => {
  const [year = 0, number = 0] = month.split('-').map(Number);
  return number === 12 ? `${year + 1}-01` : `${year}-${String(number + 1).padStart(2, '0')}`;
};

/** The next day on which the ledger has other charges than Stripe: each of its payments is looked up. */
export async function lookAtDay(run: Reconciliation, at: At): Promise<Stepped> {
  const { cursor } = run.step;
  const day = daysThatDiffer(run).find(one => cursor === undefined || one > cursor);
  if (day === undefined) return { run: { ...run, step: { kind: 'differences' } } };
  await lookUp(run, day, at);
  return { run: { ...run, step: { kind: 'days', cursor: day } } };
}

/** A day of Stripe's charges is held at a time; only what is not among them is asked for by itself. */
async function lookUp(run: Reconciliation, day: string, at: At): Promise<void> {
  const { reconciliationId, accountId } = run;
  const atStripe = await stripeBalance.intentsOn(accountId, day);
  for await (const { paymentId, paidAt, amountCents, stripe } of receivedSince(run, day, at)) {
    const { paymentIntentId } = stripe;
    if (dayOf(paidAt) !== day || atStripe.has(paymentIntentId)) continue;
    if (await stripeBalance.readBooks(accountId, paymentIntentId)) continue;
    const facts = { paymentIntentId, paymentId, stripeCents: 0, ledgerCents: amountCents, mended: false };
    await reconciliationStore.note(at.practice.practiceId, { reconciliationId, ...facts, kinds: ['not_at_stripe'] });
  }
}

/** What the ledger was told of since that day, a page after the other: an entry may come later than its payment. */
async function* receivedSince(run: Reconciliation, day: string, { practice, needs }: At) {
  const last = dayOf(needs.clock.now()).slice(0, 7);
  for (let month = day.slice(0, 7); month <= last; month = monthAfter(month)) {
    let cursor: string | undefined;
    do {
      const page = await reconciliationStore.ledgerPage(practice.practiceId, month, cursor);
      yield* receivedIn(run, page.entries);
      cursor = page.nextCursor ?? undefined;
    } while (cursor);
  }
}
