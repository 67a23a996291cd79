import { handler as listCredits } from '../../../functions/credits/listCredits';
import { listCreditsRow } from '../../../shared/operations/credits';
import { amountsOf, FrontDesk, openedAt, standAt, stateOf, wait, waitDays } from '../../fixtures/frontDesk';

let oak: FrontDesk;
beforeAll(async () => {
  oak = await FrontDesk.open();
});
afterAll(() => oak.close());
beforeEach(() => standAt(openedAt));

const credits = (clientId: string) => oak.done(listCreditsRow, listCredits, { path: { clientId } });
/** A bill of 100.00, paid in cash. */
const paidInCash = async () => {
  const { billId, clientId } = await oak.bill();
  const { paymentId } = await oak.cash(billId, 10_000);
  wait(1);
  return { billId, clientId, paymentId };
};
const unspentCredit = { type: 'credit_discount', source: 'credit' };

describe('201', () => {
  it('(R59, R60) gives an offline payment back: it is marked refunded, the bill owes again, AutoPay is held', async () => {
    const { billId, paymentId } = await paidInCash();
    waitDays(30);
    const { status, body, headers } = await oak.refund(paymentId, { reason: 'Client moved away' });
    expect([status, headers.etag]).toEqual([201, '"3"']);
    expect(body.refund).toEqual({
      refundId: expect.stringMatching(/^ref_/),
      paymentId,
      amountCents: 10_000,
      destination: 'offline',
      effect: 'reopen',
      origin: 'app',
      status: 'succeeded',
      reason: 'Client moved away',
      createdAt: '2026-04-09T15:01:00.000Z',
    });
    expect(body.payment).toMatchObject({ status: 'refunded', refunds: [body.refund] });
    expect(stateOf(body.payment)).toBe('0/0/10000/0, refundable 0');
    expect(amountsOf(body.bill)).toBe('T 10000, C 10000/0/10000, open');
    expect(body.bill).toMatchObject({ overdue: true, autopay: { held: true, holdReason: 'refund_reopened' } });
    expect(body.foundInStripe).toEqual({ amountCents: 0, refunds: [] });
    expect((await oak.history(billId))[0]).toMatchObject({
      action: 'refund_made',
      actor: { kind: 'staff', id: oak.practice.admin.memberId },
      // A refund counts for the day on which it is made, never for the day of the payment.
      details: { refundId: body.refund.refundId, reason: 'Client moved away', postedOn: '2026-04-09' },
    });
  });

  it('(R59) in parts: each is a refund of its own, and what is left can be given back later', async () => {
    const { billId, paymentId } = await paidInCash();
    const first = await oak.refund(paymentId, { amountCents: 4000 });
    expect(first.body.payment.status).toBe('partially_refunded');
    expect(amountsOf(first.body.bill)).toBe('T 10000, C 10000/6000/4000, partially_paid');
    wait(1);
    const rest = await oak.refund(paymentId);
    expect(rest.body.refund.amountCents).toBe(6000);
    expect(stateOf(rest.body.payment)).toBe('0/0/10000/0, refundable 0');
    expect((await oak.see(billId)).payments[0].refunds).toHaveLength(2);
  });

  it('(R46) money may stay as the client’s credit instead; then it is not refunded, and still is later', async () => {
    const { billId, clientId, paymentId } = await paidInCash();
    const { body } = await oak.refund(paymentId, { amountCents: 4000, destination: 'credit' });
    expect(body.payment.status).toBe('succeeded');
    expect(stateOf(body.payment)).toBe('6000/4000/0/0, refundable 10000');
    expect(amountsOf(body.bill)).toBe('T 10000, C 10000/6000/4000, partially_paid');
    expect(await credits(clientId)).toMatchObject({
      balanceCents: 4000,
      items: [{ amountCents: 4000, reason: 'reimbursement', sourcePaymentId: paymentId, billId }],
    });
    const { body: given } = await oak.refund(paymentId);
    expect([given.refund.amountCents, given.bill.clientBalanceCents]).toEqual([10_000, 10_000]);
    expect((await credits(clientId)).balanceCents).toBe(0);
  });

  it('with effect reduce the price falls by it, so that nothing is owed again (W8, rule 26)', async () => {
    const { paymentId } = await paidInCash();
    const { body } = await oak.refund(paymentId, { amountCents: 3000, effect: 'reduce' });
    expect(amountsOf(body.bill)).toBe('T 7000, C 7000/7000/0, paid');
    expect(body.bill.lines[1]).toMatchObject({ kind: 'adjustment', amountCents: -3000, description: 'Price reduced' });
    expect(body.bill.autopay.held).toBe(false);
    expect(stateOf(body.payment)).toBe('7000/0/3000/0, refundable 7000');
  });

  it('takes from what is left of the payment’s credit before it reopens the bill (OUT, W4)', async () => {
    const { billId, clientId } = await oak.bill();
    const { paymentId } = await oak.cash(billId, 12_000, { overpayment: 'credit' });
    const { body } = await oak.refund(paymentId, { amountCents: 1500 });
    expect(amountsOf(body.bill)).toBe('T 10000, C 10000/10000/0, paid');
    expect((await credits(clientId)).balanceCents).toBe(500);
    const more = await oak.refund(paymentId, { amountCents: 1500 });
    expect(amountsOf(more.body.bill)).toBe('T 10000, C 10000/9000/1000, partially_paid');
    expect((await credits(clientId)).balanceCents).toBe(0);
  });

  it('taken off its bill by name, it leaves the payment’s credit alone', async () => {
    const { billId, clientId } = await oak.bill();
    const { paymentId } = await oak.cash(billId, 12_000, { overpayment: 'credit' });
    const tooMuch = await oak.refund(paymentId, { billId, amountCents: 10_001 });
    expect(tooMuch.body).toMatchObject({ code: 'refund_exceeds_payment', refundableCents: 10_000 });
    const { body } = await oak.refund(paymentId, { billId });
    expect(amountsOf(body.bill)).toBe('T 10000, C 10000/0/10000, open');
    expect((await credits(clientId)).balanceCents).toBe(2000);
  });

  it('a credit payment goes back to credit, a discount is taken back: neither becomes money (W5, W6)', async () => {
    const clientId = await oak.client();
    await oak.prepay(clientId, 4000);
    const { billId, payments } = await oak.bill(10_000, { clientId });
    const credit = await oak.refund(payments[0].paymentId);
    expect(credit.body.refund).toMatchObject({ destination: 'credit', amountCents: 4000 });
    expect(credit.body.bill.autopay).toMatchObject({ held: true, holdReason: 'credit_returned' });
    expect(credit.body.payment).toMatchObject({ status: 'refunded', refundedCents: 4000 });
    expect((await credits(clientId)).balanceCents).toBe(4000);
    const given = await oak.pay(billId, { type: 'credit_discount', source: 'discount', amountCents: 1500 });
    const discount = await oak.refund(given.body.payment.paymentId);
    expect(discount.body.refund).toMatchObject({ destination: 'original', amountCents: 1500 });
    expect(discount.body.bill).toMatchObject({ clientBalanceCents: 10_000, discountCents: 0 });
    expect((await credits(clientId)).balanceCents).toBe(4000);
  });

  it('a prepayment without a bill is refunded up to what is unspent (W17)', async () => {
    const clientId = await oak.client();
    const { paymentId } = await oak.prepay(clientId, 20_000);
    await oak.bill(15_000, { clientId });
    const tooMuch = await oak.refund(paymentId, { amountCents: 20_000 });
    expect(tooMuch.body).toMatchObject({ code: 'refund_exceeds_payment', refundableCents: 5000 });
    const { status, body } = await oak.refund(paymentId);
    expect([status, body.refund.amountCents, body.bill]).toEqual([201, 5000, null]);
    expect(stateOf(body.payment)).toBe('0/15000/5000/0, refundable 0');
  });

  it('a repeat under the same key refunds once', async () => {
    const { paymentId } = await paidInCash();
    const asked = { key: 'refund it once' };
    const body = { amountCents: 4000 };
    const [first, second] = [await oak.refund(paymentId, body, asked), await oak.refund(paymentId, body, asked)];
    expect(second).toMatchObject({ status: 201, body: first.body, headers: { 'idempotent-replayed': 'true' } });
    expect(second.body.payment.refundedCents).toBe(4000);
    const other = await oak.refund(paymentId, { amountCents: 4001 }, asked);
    expect(other).toMatchObject({ status: 422, body: { code: 'idempotency_key_reused' } });
  });

  it('a practitioner refunds what own clients paid offline', async () => {
    const { paymentId } = await paidInCash();
    expect((await oak.refund(paymentId, {}, { caller: oak.practice.practitioner })).status).toBe(201);
  });
});

describe('404', () => {
  it('what another practitioner’s client paid is not there, on a bill or ahead', async () => {
    const { paymentId, clientId } = await paidInCash();
    const ahead = await oak.prepay(clientId, 100);
    for (const id of [paymentId, ahead.paymentId]) {
      expect((await oak.refund(id, {}, { caller: oak.practice.colleague })).status).toBe(404);
    }
  });
});

describe('409', () => {
  it('refund_exceeds_payment tells what is left, and nothing is given back (rule 22)', async () => {
    const { billId, paymentId } = await paidInCash();
    await oak.refund(paymentId, { amountCents: 7000 });
    const before = await oak.see(billId);
    const answer = await oak.refund(paymentId, { amountCents: 3001 });
    expect(answer).toMatchObject({ status: 409, body: { code: 'refund_exceeds_payment', refundableCents: 3000 } });
    expect(await oak.see(billId)).toEqual(before);
    await oak.refund(paymentId);
    expect((await oak.refund(paymentId)).body).toMatchObject({ status: 409, refundableCents: 0 });
  });

  it('what became credit and is spent must be given back on that bill first (rule 22, W10)', async () => {
    const { billId, clientId, paymentId } = await paidInCash();
    await oak.refund(paymentId, { destination: 'credit' });
    const spent = await oak.pay(billId, { ...unspentCredit, amountCents: 10_000 });
    expect((await oak.refund(paymentId)).body).toMatchObject({ status: 409, refundableCents: 0 });
    await oak.refund(spent.body.payment.paymentId);
    expect((await credits(clientId)).balanceCents).toBe(10_000);
    expect((await oak.refund(paymentId)).status).toBe(201);
  });
});

describe('422', () => {
  it('money goes where it can: cash to no card, credit to no cash, a discount nowhere else', async () => {
    const clientId = await oak.client();
    await oak.prepay(clientId, 1000);
    const { billId, payments } = await oak.bill(10_000, { clientId });
    const discount = await oak.pay(billId, { type: 'credit_discount', source: 'discount', amountCents: 100 });
    const cash = await oak.cash(billId, 100);
    const refusals = [
      await oak.refund(cash.paymentId, { destination: 'original' }),
      await oak.refund(payments[0].paymentId, { destination: 'offline' }),
      await oak.refund(discount.body.payment.paymentId, { destination: 'credit' }),
    ];
    for (const { body } of refusals) {
      expect(body).toMatchObject({ status: 422, code: 'invalid_input', errors: [{ pointer: '/destination' }] });
    }
  });
});

describe('412', () => {
  it('version_conflict: whoever looked at an older bill refunds nothing, and hears its version', async () => {
    const bill = await oak.bill(10_000);
    const payment = await oak.cash(bill.billId, 10_000);
    const headers = { 'if-match': `"${bill.version}"` };
    const stale = await oak.refund(payment.paymentId, { amountCents: 1_000 }, { headers });
    const { version } = await oak.see(bill.billId);
    expect(stale).toMatchObject({ status: 412, body: { code: 'version_conflict', version } });
    const fresh = await oak.refund(
      payment.paymentId,
      { amountCents: 1_000 },
      { headers: { 'if-match': `"${version}"` } },
    );
    expect(fresh.status).toBe(201);
  });
});
