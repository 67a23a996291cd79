import { handler as listAttention } from '../../../functions/attention/listAttention';
import { handler as followStripe } from '../../../functions/automation/followStripe';
import { handler as cancelBill } from '../../../functions/bills/cancelBill';
import { handler as listCredits } from '../../../functions/credits/listCredits';
import { handler as getPayment } from '../../../functions/payments/getPayment';
import { handler as attachPayment } from '../../../functions/unmatched/attachPayment';
import { handler as listUnmatchedPayments } from '../../../functions/unmatched/listUnmatchedPayments';
import { newId } from '../../../shared/ids';
import { listAttentionRow } from '../../../shared/operations/attention';
import { cancelBillRow } from '../../../shared/operations/bills';
import { listCreditsRow } from '../../../shared/operations/credits';
import { getPaymentRow } from '../../../shared/operations/payments';
import { attachPaymentRow, listUnmatchedPaymentsRow } from '../../../shared/operations/unmatched';
import { transact, useDocumentClient } from '../../../shared/store/kernel';
import { accountClaimed } from '../../../shared/store/stripeAccountStore';
import { unmatchedStore } from '../../../shared/store/unmatchedStore';
import type { Asked } from '../../fixtures/apiEvent';
import { amountsOf, FrontDesk, stateOf, wait } from '../../fixtures/frontDesk';
import { type OpenStripe, openStripe } from '../../fixtures/openStripe';
import { saveCard } from '../../fixtures/savedCard';
import { workOffStripe } from '../../fixtures/stripeWork';

/** Money made by hand in Stripe (`domain.md` rule 35, `ledger.md` W20). */
let desk: FrontDesk;
let stripe: OpenStripe;
beforeAll(async () => {
  desk = await FrontDesk.open();
  stripe = await openStripe();
  await transact([accountClaimed(desk.practiceId, undefined)]);
});
afterAll(async () => {
  await stripe.close();
  await desk.close();
});

/** Somebody charges a card in Stripe's dashboard; its intent. */
async function chargedByHand(amount: number, metadata: Record<string, string>, method: string): Promise<string> {
  const card = { payment_method: method, allowed_payment_method_types: ['card' as const] };
  const made = await stripe.sdk().paymentIntents.create({ amount, currency: 'usd', metadata, confirm: true, ...card });
  return made.id;
}

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

async function found(amount: number, metadata: Record<string, string> = {}, method = 'pm_card_visa') {
  const intentId = await chargedByHand(amount, metadata, method);
  await tell(intentId);
  const item = (await unmatched()).find(known => known.payment.stripe.paymentIntentId === intentId);
  if (!item) throw new Error('not found');
  return { intentId, paymentId: item.payment.paymentId as string };
}

type Item = { payment: { paymentId: string; stripe: { paymentIntentId: string } }; unmatchedCents: number };
const unmatched = async (): Promise<Item[]> =>
  (await desk.done(listUnmatchedPaymentsRow, listUnmatchedPayments, { query: { limit: '100' } })).items;
/** In the list as it is stored, before anything is left out of the page. */
const isListed = async (paymentId: string): Promise<boolean> => {
  const { records } = await unmatchedStore.page(desk.practiceId, { limit: 100, cursor: undefined });
  return records.some(record => record.paymentId === paymentId);
};
const attach = (paymentId: string, body: object, more: Asked = {}) =>
  desk.ask(attachPaymentRow, attachPayment, { path: { paymentId }, body, ...more });
const open = async (paymentId: string): Promise<string[]> => {
  const { items } = await desk.done(listAttentionRow, listAttention, { query: { limit: '100' } });
  return items
    .filter((item: { paymentId: string; resolvedAt?: string }) => item.paymentId === paymentId && !item.resolvedAt)
    .map((item: { kind: string }) => item.kind);
};

describe('a charge that nobody here asked for', () => {
  test('is kept whole, once, however often it is told of, and asks for attention', async () => {
    const { intentId, paymentId } = await found(9_000);
    await tell(intentId);
    const items = (await unmatched()).filter(item => item.payment.paymentId === paymentId);
    expect(items).toEqual([
      {
        payment: expect.objectContaining({ amountCents: 9_000, status: 'succeeded' }),
        unmatchedCents: 9_000,
        foundAt: expect.any(String),
      },
    ]);
    expect(await open(paymentId)).toEqual(['money_unmatched']);
  });

  test('is not believed to be for a bill because its metadata says so (clarification 10)', async () => {
    const bill = await desk.bill(9_000);
    const { paymentId } = await found(9_000, {
      ...{ practiceId: desk.practiceId, billId: bill.billId },
      ...{ paymentId: newId('pay'), attemptId: newId('att') },
    });
    expect((await desk.see(bill.billId)).status).toBe('open');
    expect(await open(paymentId)).toEqual(['money_unmatched']);
  });

  test('names a bill that is not there: unmatched, not stuck', async () => {
    const metadata = {
      practiceId: desk.practiceId,
      billId: newId('bill'),
      paymentId: newId('pay'),
      attemptId: newId('att'),
    };
    const { paymentId } = await found(1_000, metadata);
    expect(await open(paymentId)).toEqual(['money_unmatched']);
  });

  test('refunded in the dashboard before anybody attached it, only the rest is unmatched', async () => {
    const { intentId, paymentId } = await found(9_000);
    await stripe.refundInDashboard(intentId, 4_000);
    await tell(intentId);
    const item = (await unmatched()).find(known => known.payment.paymentId === paymentId);
    expect([item?.unmatchedCents, stateOf(item?.payment)]).toEqual([5_000, '0/0/4000/0, refundable 0']);
    const attached = await attach(paymentId, { clientId: await desk.client() });
    expect([attached.status, attached.body.client.creditCents]).toEqual([200, 5_000]);
  });

  test('refunded whole in the dashboard it closes by itself: nothing is left to attach, nobody to be told', async () => {
    const { intentId, paymentId } = await found(9_000, {}, 'pm_card_pendingRefund');
    await stripe.refundInDashboard(intentId, 4_000);
    await tell(intentId);
    expect(await open(paymentId)).toEqual(['money_unmatched']);
    const last = await stripe.refundInDashboard(intentId);
    await tell(intentId);
    expect([await open(paymentId), await isListed(paymentId)]).toEqual([[], false]);
    const clientId = await desk.client();
    expect(await attach(paymentId, { clientId })).toMatchObject({ status: 404, body: { what: 'unmatched payment' } });
    await stripe.failRefund(String(last.id));
    await tell(intentId);
    expect([await open(paymentId), await isListed(paymentId)]).toEqual([['refund_failed'], true]);
    expect((await attach(paymentId, { clientId })).body.client.creditCents).toBe(5_000);
  });
});

describe('attached', () => {
  test('to a bill it pays it, the surplus becomes credit, and the attention is seen to (W20)', async () => {
    const { paymentId } = await found(9_000);
    const bill = await desk.bill(8_000);
    const { status, body } = await attach(paymentId, { billId: bill.billId });
    expect([status, amountsOf(body.bill), stateOf(body.payment)]).toEqual([
      200,
      'T 8000, C 8000/8000/0, paid',
      '8000/1000/0/0, refundable 9000',
    ]);
    expect(body.client).toEqual({ clientId: bill.clientId, creditCents: 1_000 });
    expect([await open(paymentId), (await unmatched()).some(item => item.payment.paymentId === paymentId)]).toEqual([
      [],
      false,
    ]);
  });

  test('to a client it becomes credit, and is refundable like any other payment', async () => {
    const { intentId, paymentId } = await found(3_000);
    const clientId = await desk.client();
    const { body } = await attach(paymentId, { clientId });
    expect([body.bill, body.client]).toEqual([null, { clientId, creditCents: 3_000 }]);
    const refund = await desk.refund(paymentId);
    expect([refund.status, stateOf(refund.body.payment)]).toEqual([201, '0/0/3000/0, refundable 0']);
    expect(stripe.bookOf(intentId)).toMatchObject({ captured: 3_000, refunded: 3_000 });
    const { balanceCents, items } = await desk.done(listCreditsRow, listCredits, { path: { clientId } });
    expect([balanceCents, items.map((item: { reason: string }) => item.reason)]).toEqual([
      0,
      ['refunded', 'overpayment'],
    ]);
  });

  test('a refund made in Stripe afterwards reopens the bill that it paid', async () => {
    const { intentId, paymentId } = await found(5_000);
    const { billId } = await desk.bill(5_000);
    await attach(paymentId, { billId });
    await stripe.refundInDashboard(intentId, 2_000);
    await tell(intentId);
    const bill = await desk.see(billId);
    expect([amountsOf(bill), bill.autopay.held]).toEqual(['T 5000, C 5000/3000/2000, partially_paid', true]);
  });

  test('so too when the index does not lead to the bill yet', async () => {
    const { intentId, paymentId } = await found(5_000);
    const { billId } = await desk.bill(5_000);
    await attach(paymentId, { billId });
    await stripe.refundInDashboard(intentId, 2_000);
    const { documents } = desk.store;
    // Indexes of the real table follow its items after a moment; those of this one have no such moment.
    const behind = async (command: { readonly input: object }): Promise<object> => {
      const answer = await documents.send(command as never);
      if (!('IndexName' in command.input && command.input.IndexName === 'pointers' && 'Items' in answer)) return answer;
      return { ...answer, Items: answer.Items?.filter(({ pk }) => !String(pk).endsWith(billId)) };
    };
    useDocumentClient({ send: behind } as never);
    await tell(intentId).finally(() => useDocumentClient(documents));
    const bill = await desk.see(billId);
    expect([amountsOf(bill), bill.autopay.held]).toEqual(['T 5000, C 5000/3000/2000, partially_paid', true]);
  });

  test('twenty times at once it is given once', async () => {
    const { paymentId } = await found(2_000);
    const clients = await Promise.all(Array.from({ length: 10 }, () => desk.client()));
    const answers = await Promise.all(clients.map(clientId => attach(paymentId, { clientId })));
    const codes = answers.map(({ status, body }) => (status === 200 ? 200 : body.code));
    expect(codes.filter(code => code === 200)).toHaveLength(1);
    expect(codes.filter(code => code === 'already_attached')).toHaveLength(9);
  });

  test('the same key again is answered alike', async () => {
    const { paymentId } = await found(2_000);
    const body = { clientId: await desk.client() };
    const first = await attach(paymentId, body, { key: 'attached once only' });
    const second = await attach(paymentId, body, { key: 'attached once only' });
    expect([second.status, second.headers['idempotent-replayed'], second.body]).toEqual([200, 'true', first.body]);
  });

  test('to a cancelled bill it is refused, and stays unmatched', async () => {
    const { paymentId } = await found(2_000);
    const bill = await desk.bill(2_000);
    await desk.done(cancelBillRow, cancelBill, { path: { billId: bill.billId }, body: {} });
    const answer = await attach(paymentId, { billId: bill.billId });
    expect([answer.status, answer.body.code, await open(paymentId)]).toEqual([
      409,
      'bill_cancelled',
      ['money_unmatched'],
    ]);
  });

  test('to a bill of which a charge under way has reserved too much it is refused; what is free it may take (RESERVE)', async () => {
    const { billId, clientId } = await desk.bill(10_000);
    await saveCard({ practiceId: desk.practiceId, clientId, sdk: stripe.sdk() });
    stripe.fails({ operation: 'POST /v1/payment_intents', when: 'after', error: '500' });
    const charged = await desk.pay(billId, { type: 'card', collect: 'stripe', amountCents: 6_000 });
    expect(charged.status).toBe(202);
    const [much, more, fits] = [await found(4_001), await found(12_000), await found(4_000)];
    for (const { paymentId } of [much, more]) {
      const facts = { code: 'payment_in_progress', reservedCents: 6_000, clientBalanceCents: 10_000 };
      expect(await attach(paymentId, { billId })).toMatchObject({ status: 409, body: facts });
      expect(await open(paymentId)).toEqual(['money_unmatched']);
    }
    expect((await attach(fits.paymentId, { billId })).status).toBe(200);
    wait(2);
    expect(await workOffStripe()).toEqual([]);
    expect(amountsOf(await desk.see(billId))).toBe('T 10000, C 10000/10000/0, paid');
    const { body } = await attach(more.paymentId, { billId });
    expect(body.client).toEqual({ clientId, creditCents: 12_000 });
  });

  test('another practice finds neither the money nor a bill to attach it to', async () => {
    const { paymentId } = await found(2_000);
    const other = await desk.neighbour();
    const { billId } = await other.bill(2_000);
    const answers = [
      await other.ask(attachPaymentRow, attachPayment, { path: { paymentId }, body: { billId } }),
      await attach(paymentId, { billId }),
      await other.ask(getPaymentRow, getPayment, { path: { paymentId } }),
    ];
    expect(answers.map(({ status }) => status)).toEqual([404, 404, 404]);
  });
});
