import { addPaymentRow, refundPaymentRow } from '../../shared/operations/payments';
import type { Answer, Asked } from '../fixtures/overHttp';
import { RunningPractice } from '../fixtures/runningPractice';

/**
 * What `test/faults` tells in process, once over HTTP: a function's environment is killed in the middle of a payment, as
 * Lambda may kill it, and Stripe's events stay away until the end, so that nothing but recovery can find out.
 */
let practice: RunningPractice;
beforeAll(async () => {
  practice = await RunningPractice.open();
  await practice.atStripe('webhooks', { hold: true });
}, 120_000);
afterAll(async () => {
  await practice.atStripe('webhooks', { release: true });
  await practice.close();
});

/** The next call of this kind kills the function that makes it. */
async function kills(when: 'before' | 'after', operation: string): Promise<void> {
  const answer = await fetch(new URL('/_local/faults', practice.cloud.urls.portal), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ service: 'stripe', operation, when, error: 'crash' }),
  });
  expect(answer.status).toBe(204);
}

async function billAndCard(): Promise<{ billId: string; pay: (key: string) => Promise<Answer> }> {
  const clientId = await practice.client();
  await practice.atStripe('webhooks', { release: true });
  await practice.savedCard(clientId);
  await practice.atStripe('webhooks', { hold: true });
  const { billId } = await practice.bill(clientId, 16500);
  const body = { type: 'card', collect: 'stripe', amountCents: 16500 };
  return { billId, pay: key => practice.admin.ask(addPaymentRow, { path: { billId }, body, key }) };
}

const told = ({ status, body }: Answer) => [status, body.code ?? body.message];

test('killed after Stripe charged, the payment is found by recovery: one charge, one payment, and the repeat is told so', async () => {
  const { billId, pay } = await billAndCard();
  await kills('after', 'POST /v1/payment_intents');
  expect(told(await pay('killed after the charge'))).toEqual([500, 'Internal Server Error']);
  expect(told(await pay('killed after the charge'))).toEqual([409, 'request_in_progress']);
  expect(await practice.see(billId)).toMatchObject({ status: 'open', reservedCents: 16500 });
  await practice.cloud.advance({ minutes: 2 });
  expect((await pay('killed after the charge')).status).toBe(201);
  const bill = await practice.see(billId);
  expect([bill.status, bill.reservedCents, bill.payments.length]).toEqual(['paid', 0, 1]);
  expect(practice.capturedOn(billId)).toBe(16500);
});

test('killed before Stripe heard of it, nothing is charged, the amount is free again, and a new payment goes through', async () => {
  const { billId, pay } = await billAndCard();
  await kills('before', 'POST /v1/payment_intents');
  expect(told(await pay('killed before the charge'))).toEqual([500, 'Internal Server Error']);
  await practice.cloud.advance({ minutes: 2 });
  expect(told(await pay('killed before the charge'))).toEqual([402, 'card_declined']);
  expect([practice.capturedOn(billId), (await practice.see(billId)).reservedCents]).toEqual([0, 0]);
  expect((await pay('of the second try')).status).toBe(201);
  expect(practice.capturedOn(billId)).toBe(16500);
});

test('killed after Stripe refunded, the refund is found by recovery: one at Stripe, one on the bill', async () => {
  const { billId, pay } = await billAndCard();
  const { payment } = (await pay('of a payment to refund')).body as { payment: { paymentId: string } };
  const asked: Asked = { path: { paymentId: payment.paymentId }, body: { amountCents: 4000 }, key: 'killed refund' };
  await kills('after', 'POST /v1/refunds');
  expect(told(await practice.admin.ask(refundPaymentRow, asked))).toEqual([500, 'Internal Server Error']);
  await practice.cloud.advance({ minutes: 2 });
  expect((await practice.admin.ask(refundPaymentRow, asked)).status).toBe(201);
  expect(practice.refundsSent(payment.paymentId)).toBe(1);
  expect(await practice.see(billId)).toMatchObject({ status: 'partially_paid', clientBalanceCents: 4000 });
});
