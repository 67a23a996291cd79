import { handler as listAttention } from '../../../functions/attention/listAttention';
import { handler as followStripe } from '../../../functions/automation/followStripe';
import { newId } from '../../../shared/ids';
import { listAttentionRow } from '../../../shared/operations/attention';
import { amountsOf, FrontDesk, stateOf, wait } from '../../fixtures/frontDesk';
import { type OpenStripe, openStripe } from '../../fixtures/openStripe';
import { saveCard } from '../../fixtures/savedCard';
import { atStripe, wholeLedger } from '../../fixtures/wholeLedger';

/** Disputes as Stripe tells of them, in whatever order its news comes (`domain.md` rule 33, `ledger.md` W15, W16). */
let desk: FrontDesk;
let stripe: OpenStripe;
beforeAll(async () => {
  desk = await FrontDesk.open();
  stripe = await openStripe();
});
afterAll(async () => {
  await stripe.close();
  await desk.close();
});

async function paidByCard(amountCents = 10_000) {
  const { billId, clientId } = await desk.bill(amountCents);
  await saveCard({ practiceId: desk.practiceId, clientId, sdk: stripe.sdk() });
  const { body } = await desk.pay(billId, { type: 'card', collect: 'stripe', amountCents });
  const { paymentId, stripe: facts } = body.payment;
  return { billId, paymentId, intentId: facts.paymentIntentId as string };
}

/** One signal, whatever its type: the worker looks at the charge as it stands. */
async function tell(intentId: string): Promise<void> {
  const message = {
    kind: 'stripeEvent',
    eventId: newId('wrk'),
    type: 'told',
    subject: { kind: 'intent', id: intentId },
  };
  const answer = await followStripe({ Records: [{ messageId: '1', body: JSON.stringify(message) }] } as never);
  expect(answer).toEqual({ batchItemFailures: [] });
}

const paymentOf = async (billId: string) => (await desk.see(billId)).payments[0];
const attentionOf = async (billId: string): Promise<string[]> => {
  const { items } = await desk.done(listAttentionRow, listAttention, { query: { limit: '100' } });
  return items.filter((item: { billId: string }) => item.billId === billId).map((item: { kind: string }) => item.kind);
};

test('while the bank decides, the bill stays paid, the payment is disputed and cannot be refunded (W16)', async () => {
  const { billId, paymentId, intentId } = await paidByCard();
  await stripe.dispute(intentId);
  await tell(intentId);
  const bill = await desk.see(billId);
  expect([amountsOf(bill), bill.disputed, bill.needsAttention]).toEqual(['T 10000, C 10000/10000/0, paid', true, true]);
  expect(bill.payments[0]).toMatchObject({
    status: 'disputed',
    refundableCents: 0,
    dispute: { status: 'needs_response' },
  });
  expect(await attentionOf(billId)).toEqual(['dispute_opened']);
  const refund = await desk.refund(paymentId, { amountCents: 1 });
  expect([refund.status, refund.body.code]).toEqual([409, 'payment_disputed']);
});

test('a dispute that no signal told of is found before a refund is sent, and nothing is sent', async () => {
  const { billId, paymentId, intentId } = await paidByCard();
  await stripe.dispute(intentId);
  stripe.newCalls();
  const refund = await desk.refund(paymentId);
  expect([refund.status, refund.body.code]).toEqual([409, 'payment_disputed']);
  expect(stripe.newCalls().filter(call => call.startsWith('POST'))).toEqual([]);
  expect((await paymentOf(billId)).status).toBe('disputed');
});

test('won: the money was never gone, and may be refunded again (W16)', async () => {
  const { billId, paymentId, intentId } = await paidByCard();
  const { id } = await stripe.dispute(intentId);
  await tell(intentId);
  await stripe.decideDispute(String(id), 'won');
  await tell(intentId);
  expect(stateOf(await paymentOf(billId))).toBe('10000/0/0/0, refundable 10000');
  const refund = await desk.refund(paymentId, { amountCents: 2_500 });
  expect([refund.status, stateOf(refund.body.payment)]).toEqual([201, '7500/0/2500/0, refundable 7500']);
});

test('lost: the payment is charged back, the bill reopens with AutoPay held, and the client may pay again (W15)', async () => {
  const { billId, intentId } = await paidByCard();
  const { id } = await stripe.dispute(intentId);
  await tell(intentId);
  await stripe.decideDispute(String(id), 'lost');
  await tell(intentId);
  const bill = await desk.see(billId);
  expect([amountsOf(bill), bill.autopay.held, bill.autopay.holdReason]).toEqual([
    'T 10000, C 10000/0/10000, open',
    true,
    'dispute_lost',
  ]);
  expect([bill.payments[0].status, stateOf(bill.payments[0])]).toEqual(['charged_back', '0/0/0/10000, refundable 0']);
  expect((await attentionOf(billId)).sort()).toEqual(['dispute_lost', 'dispute_opened']);
  await desk.cash(billId, 10_000);
  expect((await desk.see(billId)).status).toBe('paid');
});

test('news that comes once, late and all at once ends as news that came step by step, also twice', async () => {
  const { billId, paymentId, intentId } = await paidByCard();
  const { id } = await stripe.dispute(intentId, 'warning_needs_response');
  await stripe.decideDispute(String(id), 'needs_response');
  await stripe.decideDispute(String(id), 'lost');
  await tell(intentId);
  await tell(intentId);
  expect(stateOf(await paymentOf(billId))).toBe('0/0/0/10000, refundable 0');
  // Captured and withdrawn: nothing of it is at Stripe, as in Stripe's own books.
  expect(atStripe(await wholeLedger(desk.store, desk.practiceId), paymentId)).toBe(0);
  expect(stripe.bookOf(intentId)).toMatchObject({ captured: 10_000, disputed: 10_000 });
});

test('an inquiry moves no money and forbids no refund', async () => {
  const { billId, paymentId, intentId } = await paidByCard();
  await stripe.dispute(intentId, 'warning_needs_response');
  await tell(intentId);
  const bill = await desk.see(billId);
  expect([amountsOf(bill), bill.disputed]).toEqual(['T 10000, C 10000/10000/0, paid', false]);
  expect(bill.payments[0]).toMatchObject({ status: 'succeeded', dispute: { status: 'warning_needs_response' } });
  expect((await desk.refund(paymentId, { amountCents: 1_000 })).status).toBe(201);
});

test('a bank that takes its word back is followed, also into a status that the dispute had before', async () => {
  const { billId, intentId } = await paidByCard();
  const { id } = await stripe.dispute(intentId);
  await tell(intentId);
  for (const status of ['under_review', 'needs_response', 'under_review']) {
    await stripe.decideDispute(String(id), status);
    await tell(intentId);
    await tell(intentId);
    expect((await paymentOf(billId)).dispute.status).toBe(status);
  }
  for (const [status, balanceCents] of [
    ['lost', 10_000],
    ['won', 0],
    ['lost', 10_000],
  ] as const) {
    wait(1);
    await stripe.decideDispute(String(id), status);
    await tell(intentId);
    const bill = await desk.see(billId);
    expect([bill.payments[0].dispute.status, bill.clientBalanceCents]).toEqual([status, balanceCents]);
  }
  const ledger = await wholeLedger(desk.store, desk.practiceId);
  const { paymentId } = (await desk.see(billId)).payments[0];
  expect(atStripe(ledger, paymentId)).toBe(10_000 - stripe.bookOf(intentId).disputed);
});
