import { handler as adjustBill } from '../../../functions/bills/adjustBill';
import { handler as cancelBill } from '../../../functions/bills/cancelBill';
import { handler as deleteBill } from '../../../functions/bills/deleteBill';
import { handler as editBill } from '../../../functions/bills/editBill';
import { handler as writeOffBill } from '../../../functions/bills/writeOffBill';
import { real } from '../../../shared/needs';
import {
  adjustBillRow,
  cancelBillRow,
  deleteBillRow,
  editBillRow,
  writeOffBillRow,
} from '../../../shared/operations/bills';
import { dueItemOf } from '../../../shared/store/table';
import { sendNotice } from '../../../shared/work/sendNotice';
import { MailService } from '../../fakes/mailService';
import type { Asked } from '../../fixtures/apiEvent';
import { FrontDesk, openedAt, standAt, wait } from '../../fixtures/frontDesk';
import { type OpenStripe, openStripe } from '../../fixtures/openStripe';
import { saveCard } from '../../fixtures/savedCard';
import { sweptTo, workOffStripe } from '../../fixtures/stripeWork';

/** `POST /bills/{billId}/payments` by a card that is refused, or whose answer is lost. */
let oak: FrontDesk;
let stripe: OpenStripe;
beforeAll(async () => {
  oak = await FrontDesk.open();
  stripe = await openStripe();
});
afterAll(async () => {
  await stripe.close();
  await oak.close();
});
beforeEach(() => {
  standAt(openedAt);
  stripe.newCalls();
});

const charge = 'POST /v1/payment_intents';
const byCard = (billId: string, amountCents: number, asked: Asked = {}) =>
  oak.pay(billId, { type: 'card', collect: 'stripe', amountCents }, asked);
const cash = (billId: string, amountCents: number) => oak.pay(billId, { type: 'cash_check', amountCents });

async function billWithCard(method = 'pm_card_visa') {
  const { billId, clientId } = await oak.bill();
  await saveCard({ practiceId: oak.practiceId, clientId, sdk: stripe.sdk(), method });
  stripe.newCalls();
  return { billId, clientId };
}

/** A charge of 60.00 on 100.00 whose answer was lost, after it was made or before. */
async function lostAnswer(when: 'before' | 'after') {
  const { billId, clientId } = await billWithCard();
  stripe.fails({ operation: charge, when, error: '500' });
  const key = `lost answer on ${billId}`;
  const repeat = () => byCard(billId, 6000, { key });
  return { billId, clientId, repeat, ...(await repeat()) };
}

describe('202', () => {
  it('while Stripe’s answer is unknown the amount is reserved, and nothing is taken for failed (rule 9)', async () => {
    const { billId, status, body, headers } = await lostAnswer('after');
    expect([status, headers.etag]).toEqual([202, '"1"']);
    expect(body.payment).toMatchObject({ status: 'processing', amountCents: 6000, appliedCents: 0, refunds: [] });
    expect(body.bill).toMatchObject({ status: 'open', clientBalanceCents: 10_000, reservedCents: 6000 });
    expect((await oak.see(billId)).payments).toEqual([body.payment]);
  });

  it('the same key is still running for 25 s, then it is 202, then what the charge has become: 201', async () => {
    const { billId, body, repeat } = await lostAnswer('after');
    expect(await repeat()).toMatchObject({ status: 409, body: { code: 'request_in_progress' } });
    standAt('2026-03-10T15:00:25Z');
    expect(await repeat()).toMatchObject({ status: 202, headers: { 'idempotent-replayed': 'true' } });
    wait(1);
    expect(await workOffStripe()).toEqual([]);
    const { paymentId } = body.payment;
    expect(await repeat()).toMatchObject({ status: 201, body: { payment: { paymentId, status: 'succeeded' } } });
    const bill = await oak.see(billId);
    expect(bill).toMatchObject({ clientBalanceCents: 4000, reservedCents: 0, version: 2 });
    expect(stripe.newCalls().filter(call => call === charge)).toHaveLength(1);
    expect(stripe.bookOf(bill.payments[0].stripe.paymentIntentId).captured).toBe(6000);
    expect(await oak.history(billId)).toMatchObject([{ action: 'payment_received', actor: { kind: 'system' } }, {}]);
  });

  it('a charge that never reached Stripe comes to 402 for the same key, and the bill is free again', async () => {
    const { billId, body, repeat } = await lostAnswer('before');
    wait(2);
    await workOffStripe();
    const { paymentId } = body.payment;
    expect(await repeat()).toMatchObject({
      status: 402,
      headers: { 'idempotent-replayed': 'true' },
      body: { code: 'card_declined', paymentId, declineCode: 'not_charged' },
    });
    expect(await oak.see(billId)).toMatchObject({ reservedCents: 0, payments: [{ paymentId, status: 'failed' }] });
    expect((await byCard(billId, 10_000)).status).toBe(201);
  });

  it('the next card payment on the bill settles what is open from before (clarification 6)', async () => {
    const { billId } = await lostAnswer('after');
    wait(1);
    const next = await byCard(billId, 4000);
    expect(next).toMatchObject({ status: 201, body: { bill: { status: 'paid', reservedCents: 0 } } });
    expect(next.body.bill.payments).toMatchObject([{ amountCents: 6000 }, { amountCents: 4000 }]);
    expect(await cash(billId, 1)).toMatchObject({ status: 409, body: { clientBalanceCents: 0 } });
  });
});

describe('409', () => {
  it('payment_in_progress: what is reserved is not paid twice, the rest may be (RESERVE)', async () => {
    const { billId } = await lostAnswer('after');
    const facts = { code: 'payment_in_progress', reservedCents: 6000, clientBalanceCents: 10_000 };
    expect(await cash(billId, 4001)).toMatchObject({ status: 409, body: facts });
    expect(await byCard(billId, 10_000)).toMatchObject({ status: 409, body: facts });
    expect(await cash(billId, 10_001)).toMatchObject({ status: 409, body: { code: 'amount_exceeds_balance' } });
    expect((await cash(billId, 4000)).status).toBe(201);
    wait(2);
    await workOffStripe();
    expect(await oak.see(billId)).toMatchObject({ status: 'paid', clientPaidCents: 10_000, reservedCents: 0 });
  });

  it('payment_in_progress: until it is known, the bill is neither changed, cancelled, deleted nor made less', async () => {
    const { billId } = await lostAnswer('after');
    const path = { billId };
    const adjustment = { amountCents: -4001, description: 'Agreed fee', reason: 'Income' };
    const before = await oak.see(billId);
    const answers = [
      await oak.ask(editBillRow, editBill, { path, body: { products: [] } }),
      await oak.ask(cancelBillRow, cancelBill, { path, body: { payments: 'convert_to_credit' } }),
      await oak.ask(deleteBillRow, deleteBill, { path }),
      await oak.ask(adjustBillRow, adjustBill, { path, body: adjustment }),
      await oak.ask(writeOffBillRow, writeOffBill, { path, body: { amountCents: 4001, reason: 'Hardship' } }),
    ];
    expect(answers.map(({ status, body }) => [status, body.code, body.reservedCents])).toEqual(
      answers.map(() => [409, 'payment_in_progress', 6000]),
    );
    expect(await oak.see(billId)).toEqual(before);
    const comments = await oak.ask(editBillRow, editBill, { path, body: { comments: 'Thank you.' } });
    expect(comments.status).toBe(200);
  });
});

describe('402', () => {
  it('card_declined tells the bank’s word; the failed payment stays on the bill, which owes what it owed', async () => {
    const { billId } = await billWithCard('pm_card_chargeCustomerFail');
    const { status, body } = await byCard(billId, 6000);
    expect([status, body.code, body.declineCode]).toEqual([402, 'card_declined', 'generic_decline']);
    const bill = await oak.see(billId);
    expect(bill).toMatchObject({ status: 'open', clientBalanceCents: 10_000, reservedCents: 0 });
    expect(bill.payments).toMatchObject([
      { paymentId: body.paymentId, status: 'failed', amountCents: 6000, appliedCents: 0, refundableCents: 0 },
    ]);
    expect(bill.payments[0].failure).toEqual({ code: 'generic_decline', message: 'The bank refused this card.' });
    const [event] = await oak.history(billId);
    expect(event).toMatchObject({
      action: 'payment_declined',
      details: { code: 'generic_decline', amountCents: 6000 },
    });
  });

  it('is kept under its key, so that a repeat never charges; a new key may try again', async () => {
    const { billId } = await billWithCard('pm_card_chargeCustomerFail');
    const asked = { key: 'refused and kept' };
    const [first, second] = [await byCard(billId, 6000, asked), await byCard(billId, 6000, asked)];
    expect(second).toMatchObject({ status: 402, body: { code: 'card_declined', paymentId: first.body.paymentId } });
    expect([first.headers['idempotent-replayed'], second.headers['idempotent-replayed']]).toEqual([undefined, 'true']);
    expect(stripe.newCalls()).toEqual([charge]);
    const again = await byCard(billId, 6000);
    expect([again.status, again.body.paymentId === first.body.paymentId]).toEqual([402, false]);
    expect(stripe.newCalls()).toEqual([charge]);
  });

  it('authentication_required: nothing is charged, and the recipient is mailed a link to pay, once (clarification 6)', async () => {
    const { billId } = await billWithCard('pm_card_authenticationRequired');
    const asked = { key: 'the bank asks' };
    const { status, body } = await byCard(billId, 6000, asked);
    expect([status, body.code]).toEqual([402, 'authentication_required']);
    expect((await byCard(billId, 6000, asked)).body.code).toBe('authentication_required');
    expect(await oak.see(billId)).toMatchObject({ reservedCents: 0, payments: [{ status: 'failed' }] });
    const mail = new MailService();
    const noPaper = () => Promise.reject();
    const papers = { billPdf: noPaper, sharedPdf: noPaper, files: { keep: noPaper, find: noPaper } };
    const needs = { ...real, mailer: mail, linkKey: async () => 'key of the links', ...papers };
    const due = (await sweptTo('mail')).flatMap(message => dueItemOf(message as { pk: string; sk: string }) ?? []);
    for (const item of due.filter(({ homeId }) => homeId === billId)) await sendNotice(item, needs);
    expect(mail.taken.map(({ to }) => to.email)).toEqual(['maya@example.com']);
    expect(mail.lastText).toContain('https://bills.example.com/pay#t=');
  });
});
