import { handler as adjustBill } from '../../../functions/bills/adjustBill';
import { handler as listCredits } from '../../../functions/credits/listCredits';
import { adjustBillRow } from '../../../shared/operations/bills';
import type { Caller } from '../../../shared/operations/caller';
import { listCreditsRow } from '../../../shared/operations/credits';
import { FrontDesk, openedAt, standAt, wait } from '../../fixtures/frontDesk';

let oak: FrontDesk;
beforeAll(async () => {
  oak = await FrontDesk.open();
});
afterAll(() => oak.close());
beforeEach(() => standAt(openedAt));

const credits = (clientId: string, caller: Caller = oak.practice.admin) =>
  oak.ask(listCreditsRow, listCredits, { path: { clientId }, caller });

describe('200', () => {
  it('(R46) tells every origin and every use, newest first, and they add up to what is left', async () => {
    const elm = await oak.neighbour();
    await elm.changeSettings({ applyCreditAutomatically: false });
    const clientId = await elm.client();
    const prepaid = await elm.prepay(clientId, 3000);
    wait(1);
    const first = await elm.bill(10_000, { clientId });
    const over = await elm.cash(first.billId, 12_000, { overpayment: 'credit' });
    wait(1);
    await elm.done(adjustBillRow, adjustBill, {
      path: { billId: first.billId },
      body: { amountCents: -1000, description: 'Agreed fee', reason: 'Income changed' },
      key: 'the fee is less',
    });
    wait(1);
    await elm.credit(clientId, { amountCents: 500, reason: 'adjustment', notes: 'Sorry for the wait' });
    wait(1);
    const second = await elm.bill(4000, { clientId });
    const spent = await elm.pay(second.billId, { type: 'credit_discount', source: 'credit', amountCents: 4000 });
    wait(1);
    await elm.refund(spent.body.payment.paymentId, { amountCents: 1500 });
    wait(1);
    await elm.refund(prepaid.paymentId, { amountCents: 500 });
    const { status, body } = await elm.ask(listCreditsRow, listCredits, { path: { clientId } });
    const { billId } = first;
    const overPaymentId = over.paymentId;
    expect([status, body.nextCursor]).toEqual([200, null]);
    const spend = { billId: second.billId, sourcePaymentId: spent.body.payment.paymentId };
    expect(body.items).toMatchObject([
      { amountCents: -500, reason: 'refunded', sourcePaymentId: prepaid.paymentId },
      { amountCents: 1500, reason: 'applied', ...spend },
      { amountCents: -4000, reason: 'applied', ...spend },
      { amountCents: 500, reason: 'adjustment' },
      { amountCents: 1000, reason: 'reimbursement', sourcePaymentId: overPaymentId, billId },
      { amountCents: 2000, reason: 'overpayment', sourcePaymentId: overPaymentId, billId },
      { amountCents: 3000, reason: 'prepayment', sourcePaymentId: prepaid.paymentId },
    ]);
    const sum = body.items.reduce((total: number, item: { amountCents: number }) => total + item.amountCents, 0);
    expect([body.balanceCents, sum]).toEqual([3500, 3500]);
  });

  it('a client without credit has none, and a practitioner sees own clients’', async () => {
    const clientId = await oak.client();
    const { body } = await credits(clientId, oak.practice.practitioner);
    expect(body).toEqual({ balanceCents: 0, items: [], attempts: [], nextCursor: null });
  });
});

describe('404', () => {
  it('another practitioner’s client is not there, nor another practice’s', async () => {
    const clientId = await oak.client();
    const elm = await oak.neighbour();
    expect((await credits(clientId, oak.practice.colleague)).status).toBe(404);
    expect((await credits(clientId, elm.practice.admin)).status).toBe(404);
  });
});
