import { handler as cancelBill } from '../../../functions/bills/cancelBill';
import { handler as listCredits } from '../../../functions/credits/listCredits';
import { handler as addInsurancePayment } from '../../../functions/payments/addInsurancePayment';
import { cancelBillRow } from '../../../shared/operations/bills';
import { listCreditsRow } from '../../../shared/operations/credits';
import { addInsurancePaymentRow } from '../../../shared/operations/payments';
import type { Asked } from '../../fixtures/apiEvent';
import { amountsOf, FrontDesk, openedAt, standAt, stateOf, wait } from '../../fixtures/frontDesk';

let oak: FrontDesk;
let clientId: string;
beforeAll(async () => {
  oak = await FrontDesk.open();
  clientId = await oak.client();
  await oak.policy(clientId, { copayCents: 3000 });
});
afterAll(() => oak.close());
beforeEach(() => standAt(openedAt));

const insurer = (billId: string, body: object, asked: Asked = {}) =>
  oak.ask(addInsurancePaymentRow, addInsurancePayment, { path: { billId }, body, ...asked });
const amountsAfter = async (billId: string, body: object): Promise<string> => {
  wait(1);
  const { status, body: answer } = await insurer(billId, body);
  return status === 201 ? amountsOf(answer.bill) : answer.code;
};
/** A bill of 165.00 of which the client owes 30.00. */
const insured = (priceCents = 16_500) => oak.bill(priceCents, { clientId, responsibility: 'insurance' });
const coPaid = async () => {
  const bill = await insured();
  await oak.cash(bill.billId, 3000);
  return bill;
};

describe('201', () => {
  it('(R42, W2) pays the insurer’s part, whoever pays what: the client’s balance is never touched', async () => {
    const { billId } = await insured();
    const paidAt = '2026-03-06T12:00:00.000Z';
    const { status, body, headers } = await insurer(billId, {
      amountCents: 13_500,
      paidAt,
      reference: 'EFT 77',
      notes: 'ERA',
    });
    expect([status, headers.etag, amountsOf(body.bill)]).toEqual([
      201,
      '"2"',
      'T 16500, C 3000/0/3000, I 13500/13500/0, partially_paid',
    ]);
    expect(body.payment).toMatchObject({
      payer: 'insurer',
      type: 'other',
      amountCents: 13_500,
      appliedCents: 13_500,
      refundableCents: 0,
      reference: 'EFT 77',
      notes: 'ERA',
      paidAt,
      status: 'succeeded',
    });
    const { body: paid } = await oak.pay(billId, { type: 'cash_check', amountCents: 3000 });
    expect(amountsOf(paid.bill)).toBe('T 16500, C 3000/3000/0, I 13500/13500/0, paid');
  });

  it('(W11) what the insurer does not pay is written off', async () => {
    const { billId } = await coPaid();
    expect(await amountsAfter(billId, { amountCents: 9000, remainder: 'write_off' })).toBe(
      'T 16500, C 3000/3000/0, I 9000/9000/0, W 4500, paid',
    );
  });

  it('(W12) or billed to the client; a take-back reopens the insurer’s side and goes the same way (rule 19)', async () => {
    const { billId } = await coPaid();
    expect(await amountsAfter(billId, { amountCents: 9000, remainder: 'bill_client' })).toBe(
      'T 16500, C 7500/3000/4500, I 9000/9000/0, partially_paid',
    );
    // The insurer raised the client's part: that does not hold AutoPay.
    expect((await oak.see(billId)).autopay.held).toBe(false);
    await oak.cash(billId, 4500);
    expect(await amountsAfter(billId, { amountCents: -1000, remainder: 'bill_client' })).toBe(
      'T 16500, C 8500/7500/1000, I 8000/8000/0, partially_paid',
    );
  });

  it('(W13) or left open, until a second insurer pays', async () => {
    const { billId } = await coPaid();
    expect(await amountsAfter(billId, { amountCents: 9000 })).toBe(
      'T 16500, C 3000/3000/0, I 13500/9000/4500, awaiting_insurance',
    );
    expect(await amountsAfter(billId, { amountCents: -9000 })).toBe(
      'T 16500, C 3000/3000/0, I 13500/0/13500, awaiting_insurance',
    );
    expect(await amountsAfter(billId, { amountCents: 14_000 })).toBe('amount_exceeds_balance');
    expect(await amountsAfter(billId, { amountCents: 13_500 })).toBe('T 16500, C 3000/3000/0, I 13500/13500/0, paid');
  });

  it('(W14) a remittance by line sets who owes what; what the client paid too much becomes credit, and may be owed again', async () => {
    const bill = await insured();
    const [{ lineId }] = bill.lines;
    await oak.pay(bill.billId, { type: 'credit_discount', source: 'discount', amountCents: 500 });
    const { paymentId } = await oak.cash(bill.billId, 2500);
    const credits = () => oak.done(listCreditsRow, listCredits, { path: { clientId } });
    const before = (await credits()).balanceCents;
    const line = { lineId, paidCents: 11_000, writeOffCents: 4500, clientOwesCents: 1000 };
    expect(await amountsAfter(bill.billId, { amountCents: 11_000, lines: [line] })).toBe(
      'T 16500, C 1000/1000/0, I 11000/11000/0, W 4500, paid',
    );
    const { balanceCents, items } = await credits();
    expect(balanceCents - before).toBe(1500);
    expect(items[0]).toMatchObject({ amountCents: 1500, reason: 'reimbursement', sourcePaymentId: paymentId });
    const { lines, payments } = await oak.see(bill.billId);
    expect(lines[0]).toMatchObject({ clientPortionCents: 1000, insurerPortionCents: 11_000, writeOffCents: 4500 });
    const cash = payments.find((payment: { paymentId: string }) => payment.paymentId === paymentId);
    expect(stateOf(cash)).toBe('1000/1500/0/0, refundable 2500');
    const corrected = { lineId, paidCents: 0, writeOffCents: 3500, clientOwesCents: 2000 };
    expect(await amountsAfter(bill.billId, { amountCents: 0, lines: [corrected] })).toBe(
      'T 16500, C 2000/1000/1000, I 11000/11000/0, W 3500, partially_paid',
    );
    await oak.refund(paymentId);
  });

  it('an amount of 0 is a denial: no payment, and the client owes it; repeated, it is told the same', async () => {
    const { billId } = await coPaid();
    const denied = { amountCents: 0, remainder: 'bill_client' };
    const asked = { key: 'denied by the insurer' };
    const [first, second] = [await insurer(billId, denied, asked), await insurer(billId, denied, asked)];
    expect(first.body.payment).toBeNull();
    expect(amountsOf(first.body.bill)).toBe('T 16500, C 16500/3000/13500, partially_paid');
    expect(second).toMatchObject({ status: 201, body: first.body, headers: { 'idempotent-replayed': 'true' } });
  });

  it('(W18) a platform’s payout is told apart from an insurer’s', async () => {
    const { payerId } = oak.practice.platform;
    const { billId } = await oak.bill(15_000, { clientId, responsibility: 'external', payerId });
    const { body } = await insurer(billId, { amountCents: 9200, remainder: 'write_off' });
    expect(body.payment).toMatchObject({ payer: 'external', refundableCents: 0 });
    expect(amountsOf(body.bill)).toBe('T 15000, C 0/0/0, I 9200/9200/0, W 5800, paid');
  });

  it('an insurer’s payment is no client’s to refund', async () => {
    const { billId } = await insured();
    const { body } = await insurer(billId, { amountCents: 1000 });
    const refund = await oak.refund(body.payment.paymentId);
    expect(refund).toMatchObject({ status: 409, body: { code: 'refund_exceeds_payment', refundableCents: 0 } });
  });

  it('a repeat under the same key pays once', async () => {
    const { billId } = await insured();
    const asked = { key: 'insurer pays once' };
    const [first, second] = [
      await insurer(billId, { amountCents: 1000 }, asked),
      await insurer(billId, { amountCents: 1000 }, asked),
    ];
    expect(second).toMatchObject({ status: 201, body: first.body, headers: { 'idempotent-replayed': 'true' } });
    expect((await oak.see(billId)).insurerPaidCents).toBe(1000);
    const other = await insurer(billId, { amountCents: 2000 }, asked);
    expect(other).toMatchObject({ status: 422, body: { code: 'idempotency_key_reused' } });
  });
});

describe('403', () => {
  it('a platform’s payout is recorded by the office, not by practitioners (clarification 42)', async () => {
    const clientId = await oak.client();
    const { payerId } = oak.practice.platform;
    const { billId } = await oak.bill(15_000, { clientId, responsibility: 'external', payerId });
    const caller = oak.practice.practitioner;
    const answer = await insurer(billId, { amountCents: 9_000 }, { caller });
    expect([answer.status, answer.body.code]).toEqual([403, 'forbidden']);
    expect((await oak.see(billId)).insurerPaidCents).toBe(0);
  });
});

describe('404', () => {
  it('another practitioner’s bill is not there', async () => {
    const { billId } = await insured();
    expect((await insurer(billId, { amountCents: 1 }, { caller: oak.practice.colleague })).status).toBe(404);
  });
});

describe('409', () => {
  it('amount_exceeds_balance tells the insurer’s balance', async () => {
    const { billId } = await insured();
    const answer = await insurer(billId, { amountCents: 13_501 });
    expect(answer).toMatchObject({
      status: 409,
      body: { code: 'amount_exceeds_balance', insurerBalanceCents: 13_500 },
    });
  });

  it('no_insurer_portion: on a client’s own bill no insurer owes anything', async () => {
    const { billId } = await oak.bill();
    const answer = await insurer(billId, { amountCents: 100 });
    expect(answer).toMatchObject({ status: 409, body: { code: 'no_insurer_portion' } });
  });

  it('bill_cancelled', async () => {
    const { billId } = await insured();
    await oak.done(cancelBillRow, cancelBill, { path: { billId }, body: {} });
    expect(await insurer(billId, { amountCents: 100 })).toMatchObject({
      status: 409,
      body: { code: 'bill_cancelled' },
    });
  });
});

describe('412', () => {
  it('version_conflict tells the version', async () => {
    const { billId } = await coPaid();
    const stale = await insurer(billId, { amountCents: 100 }, { headers: { 'if-match': '"1"' } });
    expect(stale).toMatchObject({ status: 412, body: { version: 2 } });
  });
});

describe('422', () => {
  it('lines_do_not_add_up tells both sums; a line never falls below what insurers paid on it', async () => {
    const bill = await insured();
    const [{ lineId }] = bill.lines;
    const line = { lineId, paidCents: 9000, writeOffCents: 4500, clientOwesCents: 3000 };
    const sums = await insurer(bill.billId, { amountCents: 9001, lines: [line] });
    expect(sums.body).toMatchObject({ code: 'lines_do_not_add_up', expectedCents: 9001, actualCents: 9000 });
    const price = await insurer(bill.billId, { amountCents: 9000, lines: [{ ...line, clientOwesCents: 12_001 }] });
    expect(price.body).toMatchObject({ code: 'lines_do_not_add_up', expectedCents: 16_500, actualCents: 16_501 });
    expect((await insurer(bill.billId, { amountCents: 9000, lines: [line] })).status).toBe(201);
    const below = { lineId, paidCents: 0, writeOffCents: 4501, clientOwesCents: 3000 };
    const refused = await insurer(bill.billId, { amountCents: 0, lines: [below] });
    expect(refused).toMatchObject({ status: 422, body: { code: 'line_below_paid', lineId, insurerPaidCents: 9000 } });
  });

  it('a line of another bill, a take-back of what was not paid, nothing at all: each by its pointer', async () => {
    const [bill, other] = [await insured(), await insured()];
    const strange = { lineId: other.lines[0].lineId, paidCents: 100, writeOffCents: 0, clientOwesCents: 0 };
    const pointers = async (body: object) =>
      (await insurer(bill.billId, body)).body.errors.map(({ pointer }: { pointer: string }) => pointer);
    expect(await pointers({ amountCents: 100, lines: [strange] })).toEqual(['/lines/0/lineId']);
    expect(await pointers({ amountCents: -1 })).toEqual(['/amountCents']);
    expect(await pointers({ amountCents: 0 })).toEqual(['/amountCents']);
    expect(await oak.see(bill.billId)).toEqual(bill);
  });

  it('paid_at_in_future', async () => {
    const { billId } = await insured();
    const answer = await insurer(billId, { amountCents: 100, paidAt: '2026-03-11T15:00:00Z' });
    expect(answer).toMatchObject({ status: 422, body: { code: 'paid_at_in_future' } });
  });
});
