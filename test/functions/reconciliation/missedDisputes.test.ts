import { type DeafPractice, openDeafPractice } from '../../fixtures/deafPractice';
import { wait, waitDays } from '../../fixtures/frontDesk';
import { type OpenStripe, openStripe } from '../../fixtures/openStripe';

/** What a bank decides without moving money is in no movement of the balance: the nightly proof finds it all the same (rule 36). */
let stripe: OpenStripe;
let practice: DeafPractice;
beforeAll(async () => {
  stripe = await openStripe();
  practice = await openDeafPractice(stripe);
});
afterAll(async () => {
  await practice.desk.close();
  await stripe.close();
});

const told = async () => {
  const { differences } = await practice.reconcile();
  return differences.map(({ paymentIntentId, kinds, mended }) => [paymentIntentId, kinds.join(), mended]);
};
const disputeOf = async (billId: string) => {
  const { clientBalanceCents, payments } = await practice.desk.see(billId);
  return [clientBalanceCents, payments[0].status, payments[0].dispute?.status];
};

test('an inquiry of a charge that no run looks at any more is found by its beginning, and followed to its end', async () => {
  const { intentId, billId } = await practice.pay(10_000);
  waitDays(10);
  expect(await told()).toEqual([]);
  waitDays(10);
  expect(await told()).toEqual([]);
  const { id } = await stripe.dispute(intentId, 'warning_needs_response');
  wait(1);
  expect(await told()).toEqual([[intentId, 'dispute_missing', true]]);
  expect(await disputeOf(billId)).toEqual([0, 'succeeded', 'warning_needs_response']);
  waitDays(60);
  await stripe.decideDispute(String(id), 'warning_closed');
  wait(1);
  expect(await told()).toEqual([[intentId, 'dispute_outcome_missing', true]]);
  expect(await disputeOf(billId)).toEqual([0, 'succeeded', 'warning_closed']);
});

test('a dispute that is lost long after its money was withdrawn reopens the bill by the next run', async () => {
  const { intentId, billId } = await practice.pay(10_000);
  const { id } = await stripe.dispute(intentId);
  await practice.tell(intentId);
  wait(1);
  expect(await told()).toEqual([]);
  for (const days of [30, 30]) {
    waitDays(days);
    expect(await told()).toEqual([]);
  }
  await stripe.decideDispute(String(id), 'lost');
  wait(1);
  expect(await told()).toEqual([[intentId, 'dispute_outcome_missing', true]]);
  expect(await disputeOf(billId)).toEqual([10_000, 'charged_back', 'lost']);
  // At its end it costs nothing any more.
  waitDays(30);
  await told();
  stripe.newCalls();
  expect(await told()).toEqual([]);
  expect(stripe.newCalls().filter(call => call.includes('/v1/disputes/'))).toEqual([]);
});
