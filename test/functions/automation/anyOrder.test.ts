import { ledgerAtStripe } from '../../../shared/domain/reconciliation';
import { loadPayment } from '../../../shared/store/billStore';
import { eventMessage } from '../../../shared/stripe/stripeEvents';
import { type DeafPractice, openDeafPractice } from '../../fixtures/deafPractice';
import { amountsOf, stateOf } from '../../fixtures/frontDesk';
import { type OpenStripe, openStripe } from '../../fixtures/openStripe';

/** Stripe's news come 0, 1 or 2 times, late and in any order (`domain.md` rule 34): one final state. */
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

/** What happens to one charge at Stripe, one after the other. */
const history: readonly ((of: { intentId: string; disputeId: string }) => Promise<string | undefined>)[] = [
  async () => undefined,
  async ({ intentId }) => void (await stripe.refundInDashboard(intentId, 1_000)),
  async ({ intentId }) => void (await stripe.refundInDashboard(intentId, 1_500)),
  async ({ intentId }) => String((await stripe.dispute(intentId)).id),
  async ({ disputeId }) => void (await stripe.decideDispute(disputeId, 'won')),
];

/** How often the worker is told after each of them; the last one at least once, as Stripe repeats for three days. */
function schedules(times: readonly number[]): number[][] {
  const all = history.reduce<number[][]>(
    (some, _, stage) => {
      const here = stage === history.length - 1 ? times.filter(often => often > 0) : times;
      return some.flatMap(before => here.map(often => [...before, often]));
    },
    [[]],
  );
  return all;
}

async function lived(told: readonly number[]): Promise<string> {
  const { billId } = await practice.payWithLostAnswer(10_000);
  const { data } = await practice.sdk.paymentIntents.list({ limit: 1 });
  const intentId = data[0]?.id ?? '';
  let disputeId = '';
  for (const [stage, often] of told.entries()) {
    disputeId = (await history[stage]?.({ intentId, disputeId })) ?? disputeId;
    for (let time = 0; time < often; time += 1) await practice.tell(intentId);
  }
  const bill = await practice.desk.see(billId);
  const [payment] = bill.payments;
  const { book } = await loadPayment(practice.desk.practiceId, payment.paymentId);
  const held = ledgerAtStripe(book.entries, payment.paymentId);
  const { captured, refunded, disputed } = stripe.bookOf(intentId);
  expect(held).toBe(captured - refunded - disputed);
  return `${amountsOf(bill)}; ${payment.status} ${stateOf(payment)}; held ${bill.autopay.held}`;
}

const end = 'T 10000, C 10000/7500/2500, partially_paid; partially_refunded 7500/0/2500/0, refundable 7500; held true';

test('told of each stage or not, the end is the same', async () => {
  const ends = new Map<string, string[]>();
  for (const told of schedules(process.env.FULL ? [0, 1, 2] : [0, 1])) {
    const how = await lived(told);
    ends.set(how, [...(ends.get(how) ?? []), told.join('')]);
  }
  expect([...ends.keys()]).toEqual([end]);
}, 600_000);

test('whatever an event says, the worker is told only which charge to look at: order cannot matter within a stage', async () => {
  const events = (await practice.sdk.events.list({ limit: 100 })).data.filter(({ type }) =>
    /^(charge|refund|payment_intent)\./.test(type),
  );
  const types = new Set(events.map(({ type }) => type));
  expect([...types]).toEqual(
    expect.arrayContaining([
      'payment_intent.succeeded',
      'charge.succeeded',
      'charge.refunded',
      'charge.dispute.created',
      'charge.dispute.closed',
    ]),
  );
  for (const event of events) {
    const message = eventMessage(event);
    expect(Object.keys(message ?? {}).sort()).toEqual(['account', 'eventId', 'kind', 'subject', 'type']);
    expect(message?.subject).toEqual({ kind: 'intent', id: expect.stringMatching(/^pi_/) });
  }
});
