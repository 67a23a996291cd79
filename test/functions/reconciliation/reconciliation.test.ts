import { handler as listAttention } from '../../../functions/attention/listAttention';
import { handler as startReconciliation } from '../../../functions/reconciliation/startReconciliation';
import { addMinutes, calendarDate, instant } from '../../../shared/domain/calendar';
import { cents } from '../../../shared/domain/money';
import { receivePayment } from '../../../shared/domain/payment';
import { newReconciliation } from '../../../shared/domain/reconciliation';
import { takeOverRefund } from '../../../shared/domain/refund';
import { newId } from '../../../shared/ids';
import { actOf, real } from '../../../shared/needs';
import { listAttentionRow } from '../../../shared/operations/attention';
import { startReconciliationRow } from '../../../shared/operations/reconciliation';
import { commit, loadBill, loadPayment } from '../../../shared/store/billStore';
import { transact } from '../../../shared/store/kernel';
import { practiceStore } from '../../../shared/store/practiceStore';
import { reconciliationStore } from '../../../shared/store/reconciliationStore';
import { runReconciliation } from '../../../shared/stripe/reconcile';
import { type DeafPractice, openDeafPractice } from '../../fixtures/deafPractice';
import { wait, waitDays } from '../../fixtures/frontDesk';
import { type OpenStripe, openStripe } from '../../fixtures/openStripe';
import { wholeLedger } from '../../fixtures/wholeLedger';

/** The nightly proof (`domain.md` rule 36): every cent at Stripe is on exactly one bill or credit. */
let stripe: OpenStripe;
beforeAll(async () => {
  stripe = await openStripe();
});
afterAll(() => stripe.close());

/** Of the whole practice: what the ledger says that Stripe's balance is. */
async function balanceInLedger({ desk }: DeafPractice): Promise<number> {
  const { items, book } = await wholeLedger(desk.store, desk.practiceId);
  expect(items.length).toBeGreaterThan(0);
  const postings = book.entries.flatMap(entry => entry.postings);
  return postings.filter(({ account }) => account === 'stripe_balance').reduce((sum, p) => sum + p.amountCents, 0);
}

async function balanceAtStripe({ sdk }: DeafPractice): Promise<number> {
  let net = 0;
  for await (const transaction of sdk.balanceTransactions.list({ limit: 100 })) net += transaction.net;
  return net;
}

describe('a practice whose webhooks were all lost', () => {
  let practice: DeafPractice;
  beforeAll(async () => {
    practice = await openDeafPractice(stripe);
  });
  afterAll(() => practice.desk.close());

  test('has what agrees left alone, each fee recorded, and the balance to the cent', async () => {
    await practice.pay(10_000);
    await practice.pay(5_050);
    wait(1);
    const { run, differences } = await practice.reconcile();
    expect([run.charges, run.movements, run.differences, differences]).toEqual([2, 2, 0, []]);
    expect(run.sums).toMatchObject({ capturedCents: 15_050, feeCents: -496, netCents: 14_554 });
    expect([await balanceInLedger(practice), await balanceAtStripe(practice)]).toEqual([14_554, 14_554]);
  });

  test('gets every charge, refund, dispute and outcome mended, and told by its kind', async () => {
    const { desk } = practice;
    const lost = await practice.payWithLostAnswer(3_000);
    const byHand = await practice.chargeByHand(4_000);
    const refunded = await practice.pay(5_000);
    await stripe.refundInDashboard(refunded.intentId, 1_500);
    const failed = await practice.pay(6_000);
    const { refund } = (await desk.refund(failed.paymentId, { amountCents: 2_000 })).body;
    await stripe.failRefund(refund.stripeRefundId);
    const disputed = await practice.pay(7_000);
    await stripe.dispute(disputed.intentId);
    const decided = await practice.pay(8_000);
    const { id } = await stripe.dispute(decided.intentId);
    await practice.tell(decided.intentId);
    await stripe.decideDispute(String(id), 'lost');
    const quiet = await practice.pay(9_000);
    wait(1);

    const { run, differences } = await practice.reconcile();
    const kinds = Object.fromEntries(differences.map(found => [found.paymentIntentId, found.kinds.join()]));
    const lostIntent = differences.find(({ kinds: of }) => of.includes('charge_missing'))?.paymentIntentId ?? '';
    expect(kinds).toEqual({
      [lostIntent]: 'charge_missing',
      [byHand]: 'charge_unknown',
      [refunded.intentId]: 'refund_missing',
      [failed.intentId]: 'refund_failed',
      [disputed.intentId]: 'dispute_missing',
      [decided.intentId]: 'dispute_outcome_missing',
    });
    expect(kinds[quiet.intentId]).toBeUndefined();
    expect([run.differences, run.mended]).toEqual([6, 6]);
    expect((await desk.see(lost.billId)).status).toBe('paid');
    expect((await desk.see(refunded.billId)).clientBalanceCents).toBe(1_500);
    expect((await desk.see(decided.billId)).payments[0].status).toBe('charged_back');
    expect(await balanceInLedger(practice)).toBe(await balanceAtStripe(practice));
  });

  test('finds nothing the second time', async () => {
    wait(1);
    const { run } = await practice.reconcile();
    expect([run.differences, run.mended]).toEqual([0, 0]);
    expect(await balanceInLedger(practice)).toBe(await balanceAtStripe(practice));
  });

  test('sees payouts arrive at the bank, and overlaps the last run by four days', async () => {
    waitDays(3);
    await stripe.payOut(practice.accountId);
    wait(1);
    const before = (await practice.list())[0];
    const { run } = await practice.reconcile();
    expect(Date.parse(before?.to ?? '') - Date.parse(run.from)).toBe(4 * 24 * 3600 * 1000);
    expect([run.sums.payoutCents, await balanceInLedger(practice)]).toEqual([
      -(await paidOut(practice)),
      await balanceAtStripe(practice),
    ]);
  });

  const paidOut = async ({ sdk }: DeafPractice): Promise<number> =>
    (await sdk.payouts.list({ limit: 100 })).data.reduce((sum, { amount }) => sum + amount, 0);
});

describe('what nobody but staff can mend', () => {
  let practice: DeafPractice;
  beforeAll(async () => {
    practice = await openDeafPractice(stripe);
  });
  // Not `desk.close()`: the ledger is wrong here, which is the point.
  afterAll(() => practice.desk.store.close());

  const open = async (): Promise<{ kind: string; facts: { paymentIntentId: string } }[]> => {
    const { items } = await practice.desk.done(listAttentionRow, listAttention, { query: { limit: '100' } });
    return items.filter(({ kind }: { kind: string }) => kind === 'reconciliation_difference');
  };

  test('is told with both sums, asks for attention once, and stays told', async () => {
    const { desk, accountId } = practice;
    const act = actOf(desk.practice.admin, real);
    // A refund in the ledger that Stripe does not know.
    const refunded = await practice.pay(5_000);
    const known = await loadPayment(desk.practiceId, refunded.paymentId);
    const madeUp = {
      paymentId: refunded.paymentId,
      stripeRefundId: 're_madeUp',
      amountCents: 500,
      status: 'succeeded' as const,
    };
    await commit(known, takeOverRefund(known.book, madeUp, act), { newId });
    // A payment in the ledger that Stripe does not know.
    const { billId, clientId } = await desk.bill(2_500);
    const bill = await loadBill(desk.practiceId, billId);
    const payment = {
      ...{
        paymentId: newId('pay'),
        clientId,
        payer: 'client' as const,
        type: 'card' as const,
        collect: 'stripe' as const,
      },
      ...{ amountCents: cents(2_500), paidAt: instant(Date.now()) },
      stripe: { paymentIntentId: 'pi_madeUp', livemode: false, accountId },
    };
    await commit(bill, receivePayment(bill.book, { billId, payment, moved: true, sourceId: 'att_madeUp' }, act), {
      newId,
    });
    wait(1);

    const first = await practice.reconcile();
    expect(first.differences.sort(byIntent)).toEqual(
      [
        {
          paymentId: refunded.paymentId,
          paymentIntentId: refunded.intentId,
          kinds: ['amount_differs'],
          stripeCents: 5_000,
          ledgerCents: 4_500,
          mended: false,
        },
        {
          paymentId: payment.paymentId,
          paymentIntentId: 'pi_madeUp',
          kinds: ['not_at_stripe'],
          stripeCents: 0,
          ledgerCents: 2_500,
          mended: false,
        },
      ].sort(byIntent),
    );
    expect([first.run.differences, first.run.mended]).toEqual([2, 0]);
    wait(1);
    await practice.reconcile();
    expect((await open()).map(({ facts }) => facts.paymentIntentId).sort()).toEqual(
      ['pi_madeUp', refunded.intentId].sort(),
    );
  });

  const byIntent = (a: { paymentIntentId: string }, b: { paymentIntentId: string }) =>
    a.paymentIntentId < b.paymentIntentId ? -1 : 1;
});

describe('by night', () => {
  test('it begins once in the practice’s night, however often the night is told, and the next one stands', async () => {
    const practice = await openDeafPractice(stripe);
    const { desk } = practice;
    const zone = desk.practice.practice.timeZone;
    await transact([reconciliationStore.everyNight(desk.practiceId, calendarDate('2026-03-11'), zone)]);
    await practice.workOff();
    expect(await practice.list()).toEqual([]);
    waitDays(1);
    await practice.workOff();
    await practice.workOff();
    await practice.workOff();
    const runs = await practice.list();
    expect(runs.map(({ trigger, status }) => [trigger, status])).toEqual([['nightly', 'done']]);
    expect((await reconciliationStore.next(desk.practiceId))?.dueAt).toMatch(/^2026-03-12T0(7:[345]|8:[012])\d:00/);
    await desk.close();
  });

  test('practices of one zone begin spread over an hour, each at its own minute', () => {
    const begins = Array.from({ length: 1000 }, (_, n) => {
      const write = reconciliationStore.everyNight(`prac_${n}`, calendarDate('2026-03-12'), 'America/New_York');
      return 'put' in write ? String(write.put.dueAt) : '';
    });
    const minutes = new Map<string, number>();
    for (const at of begins) minutes.set(at, (minutes.get(at) ?? 0) + 1);
    const [first, last] = [[...minutes.keys()].sort()[0], [...minutes.keys()].sort().at(-1)];
    expect([first, last, minutes.size]).toEqual(['2026-03-12T07:30:00.000Z', '2026-03-12T08:29:00.000Z', 60]);
    expect(Math.max(...minutes.values())).toBeLessThan(40);
  });
});

test('night after night and by hand, the newest stands first, and each begins where the last one ended, less four days', async () => {
  const practice = await openDeafPractice(stripe);
  const { desk } = practice;
  const zone = desk.practice.practice.timeZone;
  await transact([reconciliationStore.everyNight(desk.practiceId, calendarDate('2026-03-11'), zone)]);
  for (let night = 0; night < 4; night += 1) {
    waitDays(1);
    await practice.workOff();
    await practice.workOff();
  }
  wait(60);
  await practice.reconcile();
  const runs = await practice.list();
  expect(runs.map(({ trigger }) => trigger)).toEqual(['manual', 'nightly', 'nightly', 'nightly', 'nightly']);
  const ends = runs.map(({ to }) => Date.parse(to));
  expect(ends).toEqual([...ends].sort((one, other) => other - one));
  for (const [index, { from }] of runs.slice(0, -1).entries())
    expect(Date.parse(from)).toBe((ends[index + 1] ?? 0) - 4 * 24 * 3600 * 1000);
  await desk.close();
});

test('a repeat of a request is told of the same run, whether that began with it or was under way', async () => {
  const practice = await openDeafPractice(stripe);
  const ask = (key: string) =>
    practice.desk.ask(startReconciliationRow, startReconciliation, { body: {}, key: `${key}, pressed twice` });
  const first = (await ask('begins')).body.reconciliationId;
  expect((await ask('finds it under way')).body.reconciliationId).toBe(first);
  await practice.workOff();
  wait(1);
  for (const key of ['begins', 'finds it under way']) {
    const again = await ask(key);
    expect([again.status, again.body.reconciliationId, again.headers['idempotent-replayed']]).toEqual([
      ...[202, first, 'true'],
    ]);
  }
  expect(await practice.list()).toHaveLength(1);
  await practice.desk.close();
});

test('a message that comes a second time while a worker is at it does nothing; when the worker died, it goes on', async () => {
  const practice = await openDeafPractice(stripe);
  const { desk } = practice;
  await practice.pay(4_000);
  wait(1);
  const now = instant(Date.now());
  const known = await practiceStore.load(desk.practiceId);
  const run = newReconciliation(known, undefined, { reconciliationId: newId('rec'), trigger: 'manual', now });
  await transact([
    reconciliationStore.begin(desk.practiceId, { ...run, status: 'running', dueAt: addMinutes(now, 5) }),
  ]);
  stripe.newCalls();
  await runReconciliation(desk.practiceId, run.reconciliationId, real);
  expect(stripe.newCalls()).toEqual([]);
  wait(6);
  await practice.workOff();
  expect((await practice.list()).map(({ status, charges }) => [status, charges])).toEqual([['done', 1]]);
  await desk.close();
});

test('a second charge that names our attempt is unmatched money, never lost and never taken for ours', async () => {
  const practice = await openDeafPractice(stripe);
  const first = await practice.pay(4_000);
  const { metadata } = await practice.sdk.paymentIntents.retrieve(first.intentId);
  const card = { payment_method: 'pm_card_visa', allowed_payment_method_types: ['card' as const] };
  const again = { amount: 4_000, currency: 'usd', confirm: true, ...card };
  const twin = await practice.sdk.paymentIntents.create({ ...again, metadata });
  const other = await practice.sdk.paymentIntents.create({
    ...again,
    metadata: { ...metadata, paymentId: newId('pay') },
  });
  wait(1);
  const { differences } = await practice.reconcile();
  const found = differences.map(({ paymentIntentId, kinds, mended }) => [paymentIntentId, kinds.join(), mended]);
  expect(found.sort()).toEqual(
    [
      [twin.id, 'charge_unknown', true],
      [other.id, 'charge_unknown', true],
    ].sort(),
  );
  expect(await balanceInLedger(practice)).toBe(await balanceAtStripe(practice));
  await practice.desk.close();
});

test('a practice that takes no cards has nothing to hold against Stripe', async () => {
  const practice = await openDeafPractice(stripe);
  const other = await practice.desk.neighbour();
  const answer = await other.ask(startReconciliationRow, startReconciliation, { body: {} });
  expect([answer.status, answer.body.code]).toEqual([409, 'stripe_not_connected']);
  // Cards through the platform's own account, which another practice claimed: its movements are not this one's to see.
  const sharing = await practice.desk.neighbour({ stripe: { status: 'ready', mode: 'test' } });
  const foreign = await sharing.ask(startReconciliationRow, startReconciliation, { body: {} });
  expect([foreign.status, foreign.body.code]).toEqual([409, 'stripe_not_connected']);
  await practice.desk.close();
});

describe('money in another currency than the practice’s', () => {
  const asksFor = async ({ desk }: DeafPractice): Promise<string[]> => {
    const { items } = await desk.done(listAttentionRow, listAttention, { query: { limit: '100' } });
    return items.map(({ kind, facts }: { kind: string; facts: { currency?: string } }) => `${kind} ${facts.currency}`);
  };

  test('is summed apart, in no entry, and asks for attention once a currency', async () => {
    const practice = await openDeafPractice(stripe);
    const { accountId, desk } = practice;
    const paid = await practice.pay(10_000);
    const euros = await practice.chargeByHand(4_000, 'eur');
    await stripe.refundInDashboard(euros, 1_000);
    await stripe.move(accountId, { type: 'stripe_fee', amount: -200, currency: 'eur' });
    // The webhook of it comes as well.
    await practice.tell(euros);
    wait(1);
    const { run, differences } = await practice.reconcile();
    expect([run.charges, run.movements, differences]).toEqual([1, 1, []]);
    expect(run.sums).toMatchObject({ capturedCents: 10_000, refundedCents: 0, feeCents: -320, netCents: 9_680 });
    const apart = { capturedCents: 4_000, refundedCents: -1_000, feeCents: -346, netCents: 2_654 };
    expect(run.otherCurrencies).toMatchObject([{ currency: 'EUR', movements: 3, sums: apart }]);
    expect(await balanceInLedger(practice)).toBe(9_680);
    wait(1);
    await practice.reconcile();
    expect(await asksFor(practice)).toEqual(['other_currency EUR']);
    expect((await desk.see(paid.billId)).status).toBe('paid');
    await desk.close();
  });
});
