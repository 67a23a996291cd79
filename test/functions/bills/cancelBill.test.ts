import { handler as cancelBill } from '../../../functions/bills/cancelBill';
import { handler as listCredits } from '../../../functions/credits/listCredits';
import { handler as addInsurancePayment } from '../../../functions/payments/addInsurancePayment';
import { handler as getPayment } from '../../../functions/payments/getPayment';
import { handler as getSession } from '../../../functions/sessions/getSession';
import { cancelBillRow } from '../../../shared/operations/bills';
import { listCreditsRow } from '../../../shared/operations/credits';
import { addInsurancePaymentRow, getPaymentRow } from '../../../shared/operations/payments';
import { getSessionRow } from '../../../shared/operations/sessions';
import type { Asked } from '../../fixtures/apiEvent';
import { amountsOf, FrontDesk, openedAt, standAt, stateOf, wait } from '../../fixtures/frontDesk';

let oak: FrontDesk;
beforeAll(async () => {
  oak = await FrontDesk.open();
});
afterAll(() => oak.close());
beforeEach(() => standAt(openedAt));

const cancel = (billId: string, body: object = {}, asked: Asked = {}) =>
  oak.ask(cancelBillRow, cancelBill, { path: { billId }, body, ...asked });
const billingOf = async (sessionId: string) =>
  (await oak.ask(getSessionRow, getSession, { path: { sessionId } })).body.billing;
const payment = (paymentId: string) => oak.done(getPaymentRow, getPayment, { path: { paymentId } });
const credits = (clientId: string) => oak.done(listCreditsRow, listCredits, { path: { clientId } });

describe('200', () => {
  it('(R56) the bill ends: its total stays, nothing is owed, its sessions are pending again (rule 49)', async () => {
    const bill = await oak.bill();
    const [{ sessionId }] = bill.lines;
    standAt('2026-04-30T15:00:00Z');
    const answer = await cancel(bill.billId, { reason: 'Wrong client' });
    expect(answer).toMatchObject({ status: 200, headers: { etag: '"2"' } });
    expect(amountsOf(answer.body)).toBe('T 10000, C 10000/0/0, cancelled');
    expect(answer.body).toMatchObject({ overdue: false, number: bill.number, hidden: false });
    expect(await billingOf(sessionId)).toBe('unbilled');
    const [event] = await oak.history(bill.billId);
    expect(event).toMatchObject({ action: 'bill_cancelled', details: { reason: 'Wrong client' } });
    const again = await oak.create({ clientId: bill.clientId, sessions: [{ sessionId }] });
    expect(again.status).toBe(201);
    expect(again.body.number).not.toBe(bill.number);
    expect((await oak.see(bill.billId)).number).toBe(bill.number);
  });

  it('sessions that shall not be billed again are waived', async () => {
    const bill = await oak.bill();
    await cancel(bill.billId, { sessions: 'waive' });
    expect(await billingOf(bill.lines[0].sessionId)).toBe('waived');
  });

  it('(R57, R58) each payment must be refunded first; once all are, the bill is cancelled', async () => {
    const { billId } = await oak.bill();
    const first = await oak.cash(billId, 4000);
    wait(1);
    const second = await oak.cash(billId, 6000);
    const refused = async () => (await cancel(billId)).body;
    expect(await refused()).toMatchObject({
      status: 409,
      code: 'bill_has_payments',
      payments: [
        { paymentId: first.paymentId, appliedCents: 4000 },
        { paymentId: second.paymentId, appliedCents: 6000 },
      ],
    });
    await oak.refund(first.paymentId);
    expect(await refused()).toMatchObject({ payments: [{ paymentId: second.paymentId, appliedCents: 6000 }] });
    await oak.refund(second.paymentId, { amountCents: 5999 });
    expect(await refused()).toMatchObject({ payments: [{ paymentId: second.paymentId, appliedCents: 1 }] });
    await oak.refund(second.paymentId);
    const { status, body } = await cancel(billId);
    expect([status, amountsOf(body)]).toEqual([200, 'T 10000, C 10000/0/0, cancelled']);
  });

  it('(W6, rule 51) payments turn into credit when asked, a discount never does', async () => {
    const { billId, clientId } = await oak.bill();
    await oak.pay(billId, { type: 'credit_discount', source: 'discount', amountCents: 1500 });
    const { paymentId } = await oak.cash(billId, 8500);
    const { status, body } = await cancel(billId, { payments: 'convert_to_credit' });
    expect([status, amountsOf(body), body.discountCents]).toEqual([200, 'T 10000, C 10000/0/0, cancelled', 0]);
    expect(stateOf(await payment(paymentId))).toBe('0/8500/0/0, refundable 8500');
    expect(await credits(clientId)).toMatchObject({
      balanceCents: 8500,
      items: [{ amountCents: 8500, reason: 'reimbursement', sourcePaymentId: paymentId, billId }],
    });
  });

  it('credit that was spent on it goes back to where it came from', async () => {
    const clientId = await oak.client();
    const prepaid = await oak.prepay(clientId, 4000);
    const { billId } = await oak.bill(4000, { clientId });
    expect(stateOf(await payment(prepaid.paymentId))).toBe('0/4000/0/0, refundable 0');
    await cancel(billId, { payments: 'convert_to_credit' });
    expect(stateOf(await payment(prepaid.paymentId))).toBe('0/4000/0/0, refundable 4000');
    expect((await credits(clientId)).balanceCents).toBe(4000);
  });

  it('a repeat under the same key finds it done; without the key it is refused', async () => {
    const { billId } = await oak.bill();
    const asked = { key: 'cancel it once' };
    const [first, second] = [await cancel(billId, {}, asked), await cancel(billId, {}, asked)];
    expect(second).toMatchObject({ status: 200, body: first.body, headers: { 'idempotent-replayed': 'true' } });
    expect(await cancel(billId)).toMatchObject({ status: 409, body: { code: 'bill_cancelled' } });
  });
});

describe('404', () => {
  it('another practitioner’s bill is not there; the own one is', async () => {
    const { billId } = await oak.bill();
    expect((await cancel(billId, {}, { caller: oak.practice.colleague })).status).toBe(404);
    expect((await cancel(billId, {}, { caller: oak.practice.practitioner })).status).toBe(200);
  });
});

describe('409', () => {
  it('an insurer’s money is never turned into a client’s credit: it must be taken back first', async () => {
    const clientId = await oak.client();
    await oak.policy(clientId);
    const { billId } = await oak.bill(10_000, { clientId, responsibility: 'insurance' });
    const insurer = (amountCents: number) =>
      oak.done(addInsurancePaymentRow, addInsurancePayment, {
        path: { billId },
        body: { amountCents },
        key: `insurer ${amountCents}`,
      });
    const { payment: paid } = await insurer(9000);
    const answer = await cancel(billId, { payments: 'convert_to_credit' });
    const payments = [{ paymentId: paid.paymentId, appliedCents: 9000 }];
    expect(answer).toMatchObject({ status: 409, body: { code: 'bill_has_payments', payments } });
    await insurer(-9000);
    expect((await cancel(billId)).status).toBe(200);
  });

  it('nothing is paid, edited or adjusted on a cancelled bill any more', async () => {
    const { billId } = await oak.bill();
    await cancel(billId);
    const answers = [
      await oak.pay(billId, { type: 'cash_check', amountCents: 1 }),
      await oak.pay(billId, { type: 'cash_check', amountCents: 1, overpayment: 'credit' }),
      await oak.pay(billId, { type: 'credit_discount', source: 'discount', amountCents: 1 }),
    ];
    expect(answers.map(({ status, body }) => [status, body.code])).toEqual(answers.map(() => [409, 'bill_cancelled']));
  });
});

describe('412', () => {
  it('version_conflict before any rule of state, and nothing is cancelled', async () => {
    const { billId } = await oak.bill();
    await oak.cash(billId, 100);
    const answer = await cancel(billId, {}, { headers: { 'if-match': '"1"' } });
    expect(answer).toMatchObject({ status: 412, body: { code: 'version_conflict', version: 2 } });
    expect((await oak.see(billId)).status).toBe('partially_paid');
  });
});
