import { handler as cancelBill } from '../../../functions/bills/cancelBill';
import { handler as listCredits } from '../../../functions/credits/listCredits';
import { handler as decideRefundEffect } from '../../../functions/refunds/decideRefundEffect';
import { cancelBillRow } from '../../../shared/operations/bills';
import { listCreditsRow } from '../../../shared/operations/credits';
import { decideRefundEffectRow } from '../../../shared/operations/payments';
import type { Asked } from '../../fixtures/apiEvent';
import { amountsOf, FrontDesk, openedAt, standAt, stateOf, wait } from '../../fixtures/frontDesk';
import { type OpenStripe, openStripe } from '../../fixtures/openStripe';
import { saveCard } from '../../fixtures/savedCard';
import { tellOf } from '../../fixtures/stripeWork';

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
beforeEach(() => standAt(openedAt));

const reduce = (refundId: string, asked: Asked = {}) =>
  oak.ask(decideRefundEffectRow, decideRefundEffect, { path: { refundId }, body: { effect: 'reduce' }, ...asked });

/** A bill of 100.00, paid by card, of which so much was found refunded in Stripe. */
async function foundRefund(amountCents: number, method = 'pm_card_visa') {
  const { billId, clientId } = await oak.bill();
  await saveCard({ practiceId: oak.practiceId, clientId, sdk: stripe.sdk(), method });
  const { body } = await oak.pay(billId, { type: 'card', collect: 'stripe', amountCents: 10_000 });
  const intentId: string = body.payment.stripe.paymentIntentId;
  wait(1);
  const made = await stripe.refundInDashboard(intentId, amountCents);
  await tellOf(intentId);
  wait(1);
  const [{ refunds }] = (await oak.see(billId)).payments;
  return { billId, intentId, refundId: refunds[0].refundId, stripeRefundId: String(made.id) };
}

describe('200', () => {
  it('(W8) "the price was too high": the found refund reduces the bill, and its hold is lifted', async () => {
    const { billId, refundId } = await foundRefund(3000);
    const before = await oak.see(billId);
    expect([amountsOf(before), before.autopay.held]).toEqual(['T 10000, C 10000/7000/3000, partially_paid', true]);
    const { status, body } = await reduce(refundId);
    expect([status, amountsOf(body.bill), body.bill.autopay.held]).toEqual([200, 'T 7000, C 7000/7000/0, paid', false]);
    expect(body.refund).toMatchObject({ refundId, effect: 'reduce', origin: 'stripe', amountCents: 3000 });
    expect(stateOf(body.bill.payments[0])).toBe('7000/0/3000/0, refundable 7000');
    expect((await oak.history(billId))[0]).toMatchObject({ action: 'refund_effect_decided' });
  });

  it('what the client paid again meanwhile becomes credit (RELEASE)', async () => {
    const { billId, refundId } = await foundRefund(3000);
    const { paymentId } = await oak.cash(billId, 3000);
    const { body } = await reduce(refundId);
    expect(amountsOf(body.bill)).toBe('T 7000, C 7000/7000/0, paid');
    const cash = body.bill.payments.find((payment: { paymentId: string }) => payment.paymentId === paymentId);
    expect(stateOf(cash)).toBe('0/3000/0/0, refundable 3000');
  });

  it('the hold of a later refund stays', async () => {
    const first = await foundRefund(3000);
    const { refundId } = (await oak.refund((await oak.see(first.billId)).payments[0].paymentId, { amountCents: 100 }))
      .body.refund;
    expect(refundId).not.toBe(first.refundId);
    const { body } = await reduce(first.refundId);
    expect(body.bill.autopay).toMatchObject({ held: true, holdReason: 'refund_reopened' });
  });

  it('a repeat under the same key is told the same', async () => {
    const { refundId } = await foundRefund(3000);
    const asked = { key: 'decide it once' };
    const [first, second] = [await reduce(refundId, asked), await reduce(refundId, asked)];
    expect(second).toMatchObject({ status: 200, body: first.body, headers: { 'idempotent-replayed': 'true' } });
  });
});

describe('a refund that gave back what the payment’s credit had paid elsewhere (W10)', () => {
  /** A bill of 80.00, paid by card and cancelled into credit, which paid 50.00 on another; then all was refunded in Stripe. */
  async function creditGivenBack(method = 'pm_card_visa') {
    const { billId: first, clientId } = await oak.bill(8000);
    await saveCard({ practiceId: oak.practiceId, clientId, sdk: stripe.sdk(), method });
    const { body } = await oak.pay(first, { type: 'card', collect: 'stripe', amountCents: 8000 });
    const path = { billId: first };
    await oak.done(cancelBillRow, cancelBill, { path, body: { payments: 'convert_to_credit' } });
    const { billId } = await oak.bill(5000, { clientId });
    // The practice applies credit by itself.
    expect(amountsOf(await oak.see(billId))).toBe('T 5000, C 5000/5000/0, paid');
    wait(1);
    const intentId: string = body.payment.stripe.paymentIntentId;
    const made = await stripe.refundInDashboard(intentId, 8000);
    await tellOf(intentId);
    wait(1);
    const reopened = await oak.see(billId);
    expect([amountsOf(reopened), reopened.autopay.held]).toEqual(['T 5000, C 5000/0/5000, open', true]);
    const [{ refunds }] = (await oak.see(first)).payments;
    return { billId, clientId, intentId, refundId: refunds[0].refundId, stripeRefundId: String(made.id) };
  }

  it('reduces the bill that it reopened, lifts that hold, and answers with that bill', async () => {
    const { billId, refundId } = await creditGivenBack();
    const { status, body } = await reduce(refundId);
    expect([status, body.bill?.billId, body.refund?.effect]).toEqual([200, billId, 'reduce']);
    const bill = await oak.see(billId);
    expect([amountsOf(bill), bill.autopay.held]).toEqual(['T 0, C 0/0/0, paid', false]);
  });

  it('and failed afterwards: the price of that bill is as it was, and the money is credit again', async () => {
    const { billId, clientId, refundId, intentId, stripeRefundId } = await creditGivenBack('pm_card_pendingRefund');
    expect(amountsOf((await reduce(refundId)).body.bill)).toBe('T 0, C 0/0/0, paid');
    await stripe.failRefund(stripeRefundId);
    await tellOf(intentId);
    expect(amountsOf(await oak.see(billId))).toBe('T 5000, C 5000/0/5000, open');
    const { balanceCents } = await oak.done(listCreditsRow, listCredits, { path: { clientId } });
    expect(balanceCents).toBe(8000);
  });
});

describe('404', () => {
  it('a refund of another practitioner’s client, and one that never was', async () => {
    const { refundId } = await foundRefund(3000);
    expect((await reduce(refundId, { caller: oak.practice.colleague })).status).toBe(404);
    expect((await reduce(`ref_${'0'.repeat(26)}`)).status).toBe(404);
  });
});

describe('409', () => {
  it('effect_already_decided: once a refund, never one that was made here, nor one that failed', async () => {
    const { refundId, billId } = await foundRefund(3000);
    await reduce(refundId);
    expect(await reduce(refundId)).toMatchObject({ status: 409, body: { code: 'effect_already_decided' } });
    const { payments } = await oak.see(billId);
    const { body } = await oak.refund(payments[0].paymentId, { amountCents: 100 });
    expect((await reduce(body.refund.refundId)).body.code).toBe('effect_already_decided');
    const failed = await foundRefund(3000, 'pm_card_pendingRefund');
    await stripe.failRefund(failed.stripeRefundId);
    await tellOf(failed.intentId);
    expect((await reduce(failed.refundId)).body.code).toBe('effect_already_decided');
  });

  it('bill_cancelled: there is no price to reduce any more', async () => {
    const { billId, refundId } = await foundRefund(10_000);
    await oak.done(cancelBillRow, cancelBill, { path: { billId }, body: {} });
    expect(await reduce(refundId)).toMatchObject({ status: 409, body: { code: 'bill_cancelled' } });
  });
});
