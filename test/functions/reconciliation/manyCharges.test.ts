import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { Attempt } from '../../../shared/domain/billRecord';
import { noMovement } from '../../../shared/domain/book';
import { addMinutes, instant } from '../../../shared/domain/calendar';
import { cents } from '../../../shared/domain/money';
import { prepay } from '../../../shared/domain/payment';
import type { ChargeDifferenceKind } from '../../../shared/domain/reconciliation';
import { takeOverRefund } from '../../../shared/domain/refund';
import { newId } from '../../../shared/ids';
import { actOf, real } from '../../../shared/needs';
import { commitAttempt } from '../../../shared/store/attemptStore';
import { commit, loadClientMoney, loadPayment } from '../../../shared/store/billStore';
import { stripeBalance } from '../../../shared/stripe/stripeBalance';
import { type DeafPractice, openDeafPractice } from '../../fixtures/deafPractice';
import { wait } from '../../fixtures/frontDesk';
import { type OpenStripe, openStripe } from '../../fixtures/openStripe';

/** 10,000 charges with 200 planted differences in the long run; here a fraction, of each kind the same. */
const charges = process.env.FULL ? 10_000 : 240;
const ofEachKind = process.env.FULL ? 25 : 3;
const chargesOfClient = 10;

/** What is held once all garbage is gone. */
function heldMegabytes(): number {
  setFlagsFromString('--expose-gc');
  runInNewContext('gc')();
  return process.memoryUsage().heapUsed / 2 ** 20;
}

let stripe: OpenStripe;
let practice: DeafPractice;
beforeAll(async () => {
  // The stand-in has no limit, and this is no test of ours.
  process.env.STRIPE_REQUESTS_PER_SECOND = '1000';
  stripe = await openStripe();
  practice = await openDeafPractice(stripe);
});
// Not `desk.close()`: two kinds leave the ledger wrong, which is the point.
afterAll(async () => {
  await practice.desk.store.close();
  await stripe.close();
});

let made = 0;
let clientId = '';
const act = () => actOf(practice.desk.practice.admin, real);

interface Charge {
  readonly paymentId: string;
  readonly attemptId: string;
  readonly clientId: string;
  readonly intentId: string;
}

/** A charge at Stripe that this system asked for: a prepayment, which needs no bill. */
async function charged(known: boolean): Promise<Charge> {
  if (made % chargesOfClient === 0) clientId = await practice.desk.client();
  made += 1;
  const [paymentId, attemptId] = [newId('pay'), newId('att')];
  const { practiceId } = practice.desk;
  const metadata = { practiceId, clientId, paymentId, attemptId };
  const card = { payment_method: 'pm_card_visa', allowed_payment_method_types: ['card' as const] };
  const intent = await practice.sdk.paymentIntents.create({
    amount: 1_000,
    currency: 'usd',
    confirm: true,
    metadata,
    ...card,
  });
  const of = { paymentId, attemptId, clientId, intentId: intent.id };
  await (known ? enter(of) : begin(of));
  return of;
}

const factsOf = ({ paymentId, clientId: of }: Charge) => ({
  ...{ paymentId, clientId: of, payer: 'client' as const, type: 'card' as const, collect: 'stripe' as const },
  ...{ amountCents: cents(1_000), paidAt: instant(Date.now()) },
});

async function enter(of: Charge): Promise<void> {
  const loaded = await loadClientMoney(practice.desk.practiceId, of.clientId);
  const stripeFacts = { paymentIntentId: of.intentId, livemode: false, accountId: practice.accountId };
  const payment = { ...factsOf(of), stripe: stripeFacts };
  await commit(loaded, prepay(loaded.book, { payment, sourceId: of.attemptId }, act()), { newId });
}

/** Its answer was lost: only the attempt tells of it. */
async function begin(of: Charge): Promise<void> {
  const loaded = await loadClientMoney(practice.desk.practiceId, of.clientId);
  const at = instant(Date.now());
  const attempt: Attempt = {
    ...{ attemptId: of.attemptId, billId: '', clientId: of.clientId, kind: 'charge', status: 'processing' },
    ...{
      amountCents: cents(1_000),
      startedAt: at,
      by: { kind: 'staff' },
      dueAt: addMinutes(at, 1),
      revision: 0,
    },
    payment: factsOf(of),
    stripe: { accountId: practice.accountId },
  };
  await commitAttempt(loaded, attempt, { movement: noMovement, quiet: true, needs: real });
}

const refundHere = async ({ paymentId }: Charge, stripeRefundId: string, amountCents: number): Promise<void> => {
  const loaded = await loadPayment(practice.desk.practiceId, paymentId);
  const refund = { paymentId, stripeRefundId, amountCents, status: 'succeeded' as const };
  await commit(loaded, takeOverRefund(loaded.book, refund, act()), { newId });
};

/** By kind: plants one, and tells the intent on which it must be found. */
const planting: Readonly<Record<ChargeDifferenceKind, () => Promise<string>>> = {
  charge_missing: async () => (await charged(false)).intentId,
  charge_unknown: () => practice.chargeByHand(1_000),
  refund_missing: async () => {
    const { intentId } = await charged(true);
    await stripe.refundInDashboard(intentId, 300);
    return intentId;
  },
  refund_failed: async () => {
    const charge = await charged(true);
    const refund = await stripe.refundInDashboard(charge.intentId, 300);
    await refundHere(charge, String(refund.id), 300);
    await stripe.failRefund(String(refund.id));
    return charge.intentId;
  },
  dispute_missing: async () => {
    const { intentId } = await charged(true);
    await stripe.dispute(intentId);
    return intentId;
  },
  dispute_outcome_missing: async () => {
    const { intentId } = await charged(true);
    const { id } = await stripe.dispute(intentId);
    await practice.tell(intentId);
    await stripe.decideDispute(String(id), 'won');
    return intentId;
  },
  amount_differs: async () => {
    const charge = await charged(true);
    await refundHere(charge, `re_madeUp${made}`, 300);
    return charge.intentId;
  },
  not_at_stripe: async () => {
    made += 1;
    const of = {
      paymentId: newId('pay'),
      attemptId: newId('att'),
      clientId: practice.clientId,
      intentId: `pi_madeUp${made}`,
    };
    await enter(of);
    return of.intentId;
  },
};

/** What is held more while a day's charges are read: measured again and again, as it is gone in seconds. */
function watchDays() {
  let most = 0;
  const intentsOn = stripeBalance.intentsOn;
  const watched = jest.spyOn(stripeBalance, 'intentsOn').mockImplementation(async (...asked) => {
    const before = heldMegabytes();
    const looking = setInterval(() => {
      most = Math.max(most, heldMegabytes() - before);
    }, 500);
    return intentsOn(...asked).finally(() => clearInterval(looking));
  });
  return { most: () => most, end: () => watched.mockRestore() };
}

test('finds exactly what was planted, each by its kind, and mends what can be mended', async () => {
  const planted = new Map<string, ChargeDifferenceKind>();
  const kinds = Object.keys(planting) as ChargeDifferenceKind[];
  for (let round = 0; round < ofEachKind; round += 1) {
    for (const kind of kinds) planted.set(await planting[kind](), kind);
  }
  while (made < charges) await charged(true);
  wait(1);

  stripe.newCalls();
  const held = heldMegabytes();
  let peak = held;
  const looking = setInterval(() => {
    peak = Math.max(peak, heldMegabytes());
  }, 20_000);
  const days = watchDays();
  const began = performance.now();
  const { run, differences } = await practice.reconcile();
  clearInterval(looking);
  days.end();
  const seconds = Math.round((performance.now() - began) / 1000);
  peak = Math.max(peak, heldMegabytes());
  process.stdout.write(
    `  ${run.charges} charges, ${run.differences} differences: ${seconds} s, ${Math.round(peak - held)} MB more than before\n`,
  );
  const found = new Map(differences.map(({ paymentIntentId, kinds: told }) => [paymentIntentId, told.join()]));
  expect(found).toEqual(planted);
  const lost = 2 * ofEachKind;
  expect([run.differences, run.mended]).toEqual([planted.size, planted.size - lost]);

  // What agrees costs nothing but its page.
  const calls = stripe.newCalls();
  const pages = calls.filter(call => call.endsWith('/v1/balance_transactions')).length;
  expect(pages).toBe(Math.ceil(run.movements / 100));
  expect(calls.length - pages).toBeLessThan(10 * planted.size);
  // Of a day, the ids alone are held: ten thousand of them are 1 MB, the charges themselves some 50.
  expect(days.most()).toBeLessThan(10);
  // The table's stand-in lives in this memory too: the entry of each charge's fee stays, some 4 KB; a page more is 1 MB.
  expect(peak - held).toBeLessThan(20 + charges / 200);
}, 1_800_000);
