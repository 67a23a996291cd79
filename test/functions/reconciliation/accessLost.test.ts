import { handler as listAttention } from '../../../functions/attention/listAttention';
import { calendarDate } from '../../../shared/domain/calendar';
import { listAttentionRow } from '../../../shared/operations/attention';
import { transact } from '../../../shared/store/kernel';
import { practiceStore } from '../../../shared/store/practiceStore';
import { reconciliationStore } from '../../../shared/store/reconciliationStore';
import { accountClaimed } from '../../../shared/store/stripeAccountStore';
import { type DeafPractice, openDeafPractice } from '../../fixtures/deafPractice';
import { wait, waitDays } from '../../fixtures/frontDesk';
import { type OpenStripe, openStripe } from '../../fixtures/openStripe';

/** A run that can get no further ends, and stands in nobody's way. */
let stripe: OpenStripe;
let practice: DeafPractice;
beforeAll(async () => {
  stripe = await openStripe();
});
beforeEach(async () => {
  practice = await openDeafPractice(stripe);
});
afterEach(() => practice.desk.close());
afterAll(() => stripe.close());

const asksFor = async (): Promise<string[]> => {
  const { items } = await practice.desk.done(listAttentionRow, listAttention, { query: { limit: '100' } });
  return items.map(({ kind, facts }: { kind: string; facts: { code?: string } }) => `${kind} ${facts.code}`);
};
const statuses = async (): Promise<string[]> => (await practice.list()).map(({ status }) => status);

test('Stripe lets us look no more: each night’s run ends as failed, staff are told once, and what was missed is found later', async () => {
  const { intentId } = await practice.pay(10_000);
  await stripe.refundInDashboard(intentId, 3_000);
  const { desk } = practice;
  const zone = desk.practice.practice.timeZone;
  await transact([reconciliationStore.everyNight(desk.practiceId, calendarDate('2026-03-11'), zone)]);
  await stripe.shutOut(async () => {
    for (let night = 0; night < 2; night += 1) {
      waitDays(1);
      await practice.workOff();
      await practice.workOff();
    }
  });
  expect([await statuses(), await asksFor()]).toEqual([
    ['failed', 'failed'],
    ['reconciliation_failed account_invalid'],
  ]);
  const { run } = await practice.reconcile();
  expect([run.differences, run.mended]).toEqual([1, 1]);
});

test('another account is connected: the run of the old one ends, and the new one’s begins at once', async () => {
  const { desk } = practice;
  await practice.pay(10_000);
  wait(1);
  const first = (await practice.start()).body.reconciliationId;
  const known = await practiceStore.load(desk.practiceId);
  const accountId = `${practice.accountId}Next`;
  await stripe.connect(accountId);
  await practiceStore.replace({ ...known, stripe: { status: 'ready', mode: 'test', accountId } }, [
    accountClaimed(desk.practiceId, accountId),
  ]);
  const { run } = await practice.reconcile();
  expect(run.reconciliationId).not.toBe(first);
  expect([await statuses(), await asksFor()]).toEqual([['done', 'failed'], ['reconciliation_failed account_changed']]);
});
