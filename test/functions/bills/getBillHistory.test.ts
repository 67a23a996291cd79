import { handler as getBillHistory } from '../../../functions/bills/getBillHistory';
import { handler as addInsurancePayment } from '../../../functions/payments/addInsurancePayment';
import { getBillHistoryRow } from '../../../shared/operations/bills';
import { addInsurancePaymentRow } from '../../../shared/operations/payments';
import { FrontDesk, openedAt, standAt, wait } from '../../fixtures/frontDesk';

let oak: FrontDesk;
beforeAll(async () => {
  oak = await FrontDesk.open();
});
afterAll(() => oak.close());
beforeEach(() => standAt(openedAt));

describe('200', () => {
  it('tells who did what when, newest first, with the ids and amounts of the money', async () => {
    const { biller, admin } = oak.practice;
    const clientId = await oak.client();
    await oak.policy(clientId, { copayCents: 3000 });
    const { billId } = await oak.bill(10_000, { clientId, responsibility: 'insurance' });
    wait(5);
    const paidAt = '2026-03-05T12:00:00Z';
    const cash = await oak.pay(billId, { type: 'cash_check', amountCents: 3000, paidAt }, { caller: biller });
    const { paymentId } = cash.body.payment;
    wait(5);
    await oak.done(addInsurancePaymentRow, addInsurancePayment, {
      path: { billId },
      body: { amountCents: 6000, remainder: 'write_off' },
      key: 'the insurer pays',
    });
    wait(5);
    const { body } = await oak.refund(paymentId, { amountCents: 500, reason: 'Wrong co-pay' });
    const history = await oak.history(billId);
    expect(history).toMatchObject([
      {
        action: 'refund_made',
        summary: 'Refunded',
        at: '2026-03-10T15:15:00.000Z',
        details: { refundId: body.refund.refundId, amountCents: 500, origin: 'app', reason: 'Wrong co-pay' },
      },
      { action: 'insurer_paid', summary: 'Insurer paid', details: { amountCents: 6000 } },
      {
        action: 'payment_received',
        actor: { kind: 'staff', id: biller.memberId },
        at: '2026-03-10T15:05:00.000Z',
        details: { paymentId, amountCents: 3000, postedOn: '2026-03-05' },
      },
      { action: 'bill_issued', actor: { kind: 'staff', id: admin.memberId }, at: openedAt },
    ]);
    expect(new Set(history.map(({ eventId }: { eventId: string }) => eventId)).size).toBe(4);
  });

  it('what happens in one transaction stands in its order: issued, then paid with credit', async () => {
    const clientId = await oak.client();
    await oak.prepay(clientId, 500);
    const { billId } = await oak.bill(10_000, { clientId });
    const history = await oak.history(billId);
    expect(history.map(({ action }: { action: string }) => action)).toEqual(['payment_received', 'bill_issued']);
  });
});

describe('404', () => {
  it('another practitioner’s bill has no history for this one', async () => {
    const { billId } = await oak.bill();
    const asked = { path: { billId }, caller: oak.practice.colleague };
    expect((await oak.ask(getBillHistoryRow, getBillHistory, asked)).status).toBe(404);
  });
});
