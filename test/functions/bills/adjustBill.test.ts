import { handler as adjustBill } from '../../../functions/bills/adjustBill';
import { handler as cancelBill } from '../../../functions/bills/cancelBill';
import { handler as listCredits } from '../../../functions/credits/listCredits';
import { handler as getPayment } from '../../../functions/payments/getPayment';
import { adjustBillRow, cancelBillRow } from '../../../shared/operations/bills';
import { listCreditsRow } from '../../../shared/operations/credits';
import { getPaymentRow } from '../../../shared/operations/payments';
import type { Asked } from '../../fixtures/apiEvent';
import { amountsOf, FrontDesk, openedAt, standAt, stateOf, wait } from '../../fixtures/frontDesk';

let oak: FrontDesk;
beforeAll(async () => {
  oak = await FrontDesk.open();
});
afterAll(() => oak.close());
beforeEach(() => standAt(openedAt));

const adjust = (billId: string, amountCents: number, asked: Asked = {}) =>
  oak.ask(adjustBillRow, adjustBill, {
    path: { billId },
    body: { amountCents, description: 'Agreed fee', reason: 'Income changed' },
    ...asked,
  });
const stateOfPayment = async (paymentId: string) =>
  stateOf(await oak.done(getPaymentRow, getPayment, { path: { paymentId } }));
const credits = (clientId: string) => oak.done(listCreditsRow, listCredits, { path: { clientId } });

describe('201', () => {
  it('a line of its own changes the price after issue, up or down, with its reason (rule 52)', async () => {
    const { billId } = await oak.bill();
    const lower = await adjust(billId, -3000);
    expect(lower).toMatchObject({ status: 201, headers: { etag: '"2"' } });
    expect(amountsOf(lower.body)).toBe('T 7000, C 7000/0/7000, open');
    expect(lower.body.lines[1]).toMatchObject({
      kind: 'adjustment',
      description: 'Agreed fee',
      amountCents: -3000,
      clientPortionCents: -3000,
      insurerPortionCents: 0,
    });
    expect(lower.body.lines[0].amountCents).toBe(10_000);
    wait(1);
    expect(amountsOf((await adjust(billId, 500)).body)).toBe('T 7500, C 7500/0/7500, open');
    const [event] = await oak.history(billId);
    expect(event).toMatchObject({ action: 'bill_adjusted', details: { reason: 'Income changed' } });
  });

  it('(W22) what is paid too much then becomes the client’s credit, still tied to its payment', async () => {
    const { billId, clientId } = await oak.bill();
    const { paymentId } = await oak.cash(billId, 9000);
    const { body } = await adjust(billId, -3000);
    expect(amountsOf(body)).toBe('T 7000, C 7000/7000/0, paid');
    expect(await stateOfPayment(paymentId)).toBe('7000/2000/0/0, refundable 9000');
    expect(await credits(clientId)).toMatchObject({
      balanceCents: 2000,
      items: [{ amountCents: 2000, reason: 'reimbursement', sourcePaymentId: paymentId, billId }],
    });
  });

  it('a discount is taken back before credit, and credit before money (RELEASE)', async () => {
    const clientId = await oak.client();
    const prepaid = await oak.prepay(clientId, 3000);
    const bill = await oak.bill(10_000, { clientId });
    const cash = await oak.cash(bill.billId, 5000);
    await oak.pay(bill.billId, { type: 'credit_discount', source: 'discount', amountCents: 2000 });
    expect((await adjust(bill.billId, -1500)).body).toMatchObject({ status: 'paid', discountCents: 500 });
    expect(await credits(clientId)).toMatchObject({ balanceCents: 0 });
    await adjust(bill.billId, -4000);
    expect(await credits(clientId)).toMatchObject({ balanceCents: 3500 });
    expect(await stateOfPayment(prepaid.paymentId)).toBe('0/3000/0/0, refundable 3000');
    expect(await stateOfPayment(cash.paymentId)).toBe('4500/500/0/0, refundable 5000');
  });

  it('a repeat under the same key adjusts once', async () => {
    const { billId } = await oak.bill();
    const asked = { key: 'adjust it once' };
    const [first, second] = [await adjust(billId, -100, asked), await adjust(billId, -100, asked)];
    expect(second).toMatchObject({ status: 201, body: first.body, headers: { 'idempotent-replayed': 'true' } });
    expect((await oak.see(billId)).totalCents).toBe(9900);
    expect((await adjust(billId, -200, asked)).body).toMatchObject({ status: 422, code: 'idempotency_key_reused' });
  });
});

describe('404', () => {
  it('another practitioner’s bill is not there', async () => {
    const { billId } = await oak.bill();
    expect((await adjust(billId, -1, { caller: oak.practice.colleague })).status).toBe(404);
  });
});

describe('409', () => {
  it('adjustment_below_zero tells the client’s part, which may fall to nothing but no further', async () => {
    const clientId = await oak.client();
    await oak.policy(clientId, { copayCents: 3000 });
    const { billId } = await oak.bill(10_000, { clientId, responsibility: 'insurance' });
    const answer = await adjust(billId, -3001);
    expect(answer).toMatchObject({ status: 409, body: { code: 'adjustment_below_zero', clientPortionCents: 3000 } });
    expect(amountsOf((await adjust(billId, -3000)).body)).toBe('T 7000, C 0/0/0, I 7000/0/7000, awaiting_insurance');
  });

  it('bill_cancelled', async () => {
    const { billId } = await oak.bill();
    await oak.done(cancelBillRow, cancelBill, { path: { billId }, body: {} });
    expect(await adjust(billId, 100)).toMatchObject({ status: 409, body: { code: 'bill_cancelled' } });
  });
});

describe('412', () => {
  it('version_conflict tells the version', async () => {
    const { billId } = await oak.bill();
    await adjust(billId, -100);
    const stale = await adjust(billId, -100, { headers: { 'if-match': '"1"' } });
    expect(stale).toMatchObject({ status: 412, body: { version: 2 } });
    expect((await oak.see(billId)).totalCents).toBe(9900);
  });
});
