import { handler as getPayment } from '../../../functions/payments/getPayment';
import type { Caller } from '../../../shared/operations/caller';
import { getPaymentRow } from '../../../shared/operations/payments';
import { FrontDesk } from '../../fixtures/frontDesk';

let oak: FrontDesk;
beforeAll(async () => {
  oak = await FrontDesk.open();
});
afterAll(() => oak.close());

const find = (paymentId: string, caller: Caller = oak.practice.admin) =>
  oak.ask(getPaymentRow, getPayment, { path: { paymentId }, caller });

describe('200', () => {
  it('tells a payment with its refunds, as the bill tells it', async () => {
    const { billId } = await oak.bill();
    const { paymentId } = await oak.cash(billId, 6000, { notes: 'In an envelope' });
    await oak.refund(paymentId, { amountCents: 1000 });
    const { status, body } = await find(paymentId);
    expect([status, body]).toEqual([200, (await oak.see(billId)).payments[0]]);
  });

  it('a prepayment has no bill (clarification 31)', async () => {
    const clientId = await oak.client();
    const { paymentId } = await oak.prepay(clientId, 6000);
    const { body } = await find(paymentId, oak.practice.practitioner);
    expect(body).toMatchObject({ paymentId, clientId, appliedCents: 0, creditedCents: 6000, refundableCents: 6000 });
    expect(body).not.toHaveProperty('billId');
  });
});

describe('404', () => {
  it('what another practitioner’s client paid, on a bill or ahead, another practice’s, and what never was', async () => {
    const { billId, clientId } = await oak.bill();
    const { colleague, admin } = oak.practice;
    const ids = [(await oak.cash(billId, 100)).paymentId, (await oak.prepay(clientId, 100)).paymentId];
    const elm = await oak.neighbour();
    for (const paymentId of ids) {
      expect((await find(paymentId, colleague)).status).toBe(404);
      expect((await find(paymentId, elm.practice.admin)).status).toBe(404);
    }
    expect(await find(`pay_${'0'.repeat(26)}`, admin)).toMatchObject({ status: 404, body: { code: 'not_found' } });
  });
});
