import { practiceStore } from '../../../shared/store/practiceStore';
import { accountClaimed } from '../../../shared/store/stripeAccountStore';
import { type DeafPractice, openDeafPractice, type Run } from '../../fixtures/deafPractice';
import { wait, waitDays } from '../../fixtures/frontDesk';
import { type OpenStripe, openStripe } from '../../fixtures/openStripe';

/** Each account is held against the ledger without a gap, whatever staff ask for in between (rule 36). */
const overlap = 4 * 24 * 3600 * 1000;
let stripe: OpenStripe;
let practice: DeafPractice;
beforeAll(async () => {
  stripe = await openStripe();
});
beforeEach(async () => {
  practice = await openDeafPractice(stripe);
});
afterEach(() => practice.desk.store.close());
afterAll(() => stripe.close());

const dateOf = (at: number): string => new Date(at).toISOString().slice(0, 10);
const done = async (body: object): Promise<Run> => {
  const { reconciliationId } = (await practice.start(body)).body;
  await practice.workOff();
  const run = (await practice.list()).find(known => known.reconciliationId === reconciliationId);
  if (run?.status !== 'done') throw new Error(`it is ${run?.status}`);
  wait(1);
  return run;
};

test('a run by hand that leaves a gap moves nothing: the next one still finds what came before it', async () => {
  const { intentId, billId } = await practice.pay(10_000);
  await stripe.refundInDashboard(intentId, 3_000);
  waitDays(10);
  await done({ from: dateOf(Date.now()) });
  expect((await practice.desk.see(billId)).clientBalanceCents).toBe(0);
  const { run } = await practice.reconcile();
  expect([run.differences, run.mended]).toEqual([1, 1]);
  expect((await practice.desk.see(billId)).clientBalanceCents).toBe(3_000);
});

test('a run by hand moves the mark only where it joins what was done, and never back', async () => {
  const sinceMark = async (): Promise<number> => Date.parse((await practice.start()).body.from) + overlap;
  const first = await done({});
  waitDays(20);
  const joined = await done({
    from: dateOf(Date.parse(first.to) - 24 * 3600 * 1000),
    to: dateOf(Date.now() - 10 * 24 * 3600 * 1000),
  });
  await done({ from: dateOf(Date.now() - 24 * 3600 * 1000) });
  await done({ to: dateOf(Date.parse(first.to) - 24 * 3600 * 1000) });
  expect(await sinceMark()).toBe(Date.parse(joined.to));
});

test('another account begins at the practice’s beginning, and the first one goes on where it was', async () => {
  const { practiceId } = practice.desk;
  const connectTo = async (accountId: string, claims = [accountClaimed(practiceId, accountId)]): Promise<void> => {
    const known = await practiceStore.load(practiceId);
    await practiceStore.replace({ ...known, stripe: { status: 'ready', mode: 'test', accountId } }, claims);
  };
  const own = await done({});
  waitDays(30);
  await stripe.connect('acct_second');
  await connectTo('acct_second');
  const other = await done({});
  expect(other.from).toBe(own.from);
  await connectTo(practice.accountId, []);
  expect(Date.parse((await done({})).from)).toBe(Date.parse(own.to) - overlap);
});
