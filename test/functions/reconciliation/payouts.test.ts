import { handler as listPayouts } from '../../../functions/reconciliation/listPayouts';
import { listPayoutsRow } from '../../../shared/operations/reconciliation';
import { type DeafPractice, openDeafPractice } from '../../fixtures/deafPractice';
import { wait, waitDays } from '../../fixtures/frontDesk';
import { type OpenStripe, openStripe } from '../../fixtures/openStripe';
import { wholeLedger } from '../../fixtures/wholeLedger';

let stripe: OpenStripe;
let practice: DeafPractice;
beforeAll(async () => {
  stripe = await openStripe();
});
afterAll(() => stripe.close());
beforeEach(async () => {
  practice = await openDeafPractice(stripe);
});
afterEach(() => practice.desk.close());

/** What is available goes to the bank, and the night comes. */
async function paidOut(by = {}) {
  waitDays(3);
  const { id, amount } = await stripe.payOut(practice.accountId, by);
  wait(1);
  return { payoutId: String(id), amountCents: Number(amount) };
}

describe('GET /reconciliation/{reconciliationId}/payouts 200', () => {
  test('tells of each payout gross, refunds, disputes, fees and net, which is what the bank gets (rule 36)', async () => {
    await practice.pay(10_000);
    const refunded = await practice.pay(5_000);
    await stripe.refundInDashboard(refunded.intentId, 1_500);
    const disputed = await practice.pay(4_000);
    await stripe.dispute(disputed.intentId);
    const first = await paidOut();
    await practice.pay(2_000);
    const second = await paidOut();

    const { run } = await practice.reconcile();
    const fees = [10_000, 5_000, 4_000].reduce((sum, cents) => sum + Math.round(cents * 0.029) + 30, 1_500);
    const parts = { grossCents: 19_000, refundedCents: -1_500, disputedCents: -4_000, feeCents: -fees, otherCents: 0 };
    const { items } = await practice.payouts(run.reconciliationId);
    expect(items).toMatchObject([
      { ...second, grossCents: 2_000, feeCents: -88, netCents: 1_912, agrees: true },
      { ...first, ...parts, netCents: 13_500 - fees, movements: 5, agrees: true, status: 'paid', currency: 'USD' },
    ]);
    expect(items.map(({ amountCents }: { amountCents: number }) => amountCents)).toEqual([1_912, 13_500 - fees]);
    expect([run.payoutCount, run.payouts]).toEqual([2, items]);
    expect(run.sums.payoutCents).toBe(-(1_912 + 13_500 - fees));
  });

  test('each movement at Stripe is in exactly one entry of the ledger, to the cent', async () => {
    const paid = await practice.pay(10_000);
    await stripe.refundInDashboard(paid.intentId, 2_500);
    await stripe.move(practice.accountId, { type: 'stripe_fee', amount: -200 });
    await practice.chargeByHand(3_000);
    await paidOut();
    await practice.reconcile();
    wait(1);
    await practice.reconcile();

    const { book } = await wholeLedger(practice.desk.store, practice.desk.practiceId);
    const atStripe = book.entries.flatMap(({ kind, postings }) => {
      const cents = postings.filter(({ account }) => account === 'stripe_balance').map(p => p.amountCents);
      return cents.length === 0 ? [] : [[kind, cents.reduce((sum, one) => sum + one, 0)].join(' ')];
    });
    const net: string[] = [];
    for await (const { type, amount, fee } of practice.sdk.balanceTransactions.list({ limit: 100 })) {
      net.push(`${type} ${amount}`, ...(fee === 0 ? [] : [`stripe_fee ${-fee}`]));
    }
    const named: Readonly<Record<string, string>> = {
      ...{ payment_received: 'charge', money_unmatched: 'charge', refund_found: 'refund', stripe_payout: 'payout' },
    };
    expect(atStripe.map(one => one.replace(/^\w+/, kind => named[kind] ?? kind)).sort()).toEqual(net.sort());
  });

  test('many movements are read in pages, and many payouts are told in pages', async () => {
    const pages = [];
    for (let payout = 0; payout < 11; payout += 1) {
      await stripe.move(practice.accountId, { type: 'stripe_fee', amount: -1, count: payout === 0 ? 205 : 1 });
      await stripe.move(practice.accountId, { type: 'topup', amount: 1_000 });
      pages.push(await paidOut());
    }
    const { run } = await practice.reconcile();
    expect([run.payoutCount, run.payouts.length]).toEqual([11, 10]);
    const first = await practice.payouts(run.reconciliationId, { limit: '6' });
    const rest = await practice.payouts(run.reconciliationId, { limit: '6', cursor: first.nextCursor });
    const all = [...first.items, ...rest.items];
    expect(all.map(({ payoutId }) => payoutId)).toEqual(pages.map(({ payoutId }) => payoutId).reverse());
    expect(all.map(({ agrees }) => agrees)).toEqual(all.map(() => true));
    expect(all.at(-1)).toMatchObject({ movements: 206, feeCents: -205, otherCents: 1_000, netCents: 795 });
  });
});

test('a payout of which Stripe does not tell the movements neither agrees nor differs', async () => {
  await practice.pay(10_000);
  const paid = await paidOut({ automatic: false });
  const { run, differences } = await practice.reconcile();
  expect([run.payouts, differences]).toMatchObject([[{ ...paid, movements: 0, agrees: null }], []]);
});

test('a payout that is not the sum of its movements, and a movement that no entry tells of, ask for attention', async () => {
  await practice.pay(10_000);
  const { payoutId, amountCents } = await paidOut();
  const { ids } = await stripe.move(practice.accountId, {
    type: 'climate_order_purchase',
    amount: -70,
    payout: payoutId,
  });
  wait(1);
  const { run, differences } = await practice.reconcile();
  const unsaid = { paymentId: '', mended: false };
  expect(differences).toEqual(
    expect.arrayContaining([
      {
        ...unsaid,
        ...{ paymentIntentId: payoutId, kinds: ['payout_differs'] },
        ...{ stripeCents: amountCents, ledgerCents: amountCents - 70 },
      },
      { ...unsaid, paymentIntentId: (ids as string[])[0], kinds: ['entry_missing'], stripeCents: -70, ledgerCents: 0 },
    ]),
  );
  expect([run.differences, run.mended, run.payouts[0]?.agrees]).toEqual([2, 0, false]);
});

describe('GET /reconciliation/{reconciliationId}/payouts 404', () => {
  test('another practice’s reconciliation is not there', async () => {
    const { run } = await practice.reconcile();
    const other = await practice.desk.neighbour();
    const path = { reconciliationId: run.reconciliationId };
    const answer = await other.ask(listPayoutsRow, listPayouts, { path });
    expect([answer.status, answer.body.code]).toEqual([404, 'not_found']);
  });
});
