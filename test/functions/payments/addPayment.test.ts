import { handler as listCredits } from '../../../functions/credits/listCredits';
import { listCreditsRow } from '../../../shared/operations/credits';
import { amountsOf, FrontDesk, openedAt, standAt, stateOf, wait } from '../../fixtures/frontDesk';

let oak: FrontDesk;
beforeAll(async () => {
  oak = await FrontDesk.open();
});
afterAll(() => oak.close());
beforeEach(() => standAt(openedAt));

const cash = (amountCents: number, more: object = {}) => ({ type: 'cash_check', amountCents, ...more });
const discount = (amountCents: number) => ({ type: 'credit_discount', source: 'discount', amountCents });
const credit = (amountCents: number) => ({ type: 'credit_discount', source: 'credit', amountCents });
const credits = (clientId: string) => oak.done(listCreditsRow, listCredits, { path: { clientId } });

describe('201', () => {
  it('(R36, R39, R44, R53) part of a bill that was never shared is paid: balance and state move with the payment', async () => {
    const { billId, clientId } = await oak.bill();
    const { status, body, headers } = await oak.pay(billId, cash(4000));
    expect([status, headers.etag]).toEqual([201, '"2"']);
    expect(body.payment).toEqual({
      paymentId: expect.stringMatching(/^pay_/),
      billId,
      clientId,
      payer: 'client',
      type: 'cash_check',
      amountCents: 4000,
      appliedCents: 4000,
      refundedCents: 0,
      creditedCents: 0,
      chargedBackCents: 0,
      refundableCents: 4000,
      paidAt: openedAt,
      createdAt: openedAt,
      recordedBy: { kind: 'staff', id: oak.practice.admin.memberId },
      status: 'succeeded',
      refunds: [],
    });
    expect(amountsOf(body.bill)).toBe('T 10000, C 10000/4000/6000, partially_paid');
    expect(body.bill.payments).toEqual([body.payment]);
    expect(await oak.see(billId)).toEqual(body.bill);
    expect(amountsOf((await oak.pay(billId, cash(6000))).body.bill)).toBe('T 10000, C 10000/10000/0, paid');
  });

  it('(R45) the types are told apart: card taken elsewhere, cash or check, discount, other with its name', async () => {
    const { billId } = await oak.bill();
    const bodies = [
      { type: 'card', collect: 'elsewhere', amountCents: 1000 },
      cash(2000),
      discount(3000),
      { type: 'other', description: 'Gift card', amountCents: 4000 },
    ];
    for (const body of bodies) {
      wait(1);
      expect((await oak.pay(billId, body)).status).toBe(201);
    }
    const { payments, discountCents, status } = await oak.see(billId);
    expect(payments).toMatchObject(bodies);
    // A card taken elsewhere is bookkeeping: Stripe knows nothing of it, so there is nothing to view there (R55).
    expect(payments.map((payment: object) => 'stripe' in payment)).toEqual([false, false, false, false]);
    expect([status, discountCents]).toEqual(['paid', 3000]);
  });

  it('(R51, R52) date and time of offline money are editable, before the day of issue too; notes stay with it', async () => {
    const { billId } = await oak.bill();
    const paidAt = '2026-02-28T23:30:00-05:00';
    const { body } = await oak.pay(billId, cash(1000, { paidAt, notes: 'Left at the desk' }));
    expect(body.payment).toMatchObject({ paidAt: '2026-03-01T04:30:00.000Z', notes: 'Left at the desk' });
    // It counts for the practice's own day.
    expect((await oak.history(billId))[0].details).toMatchObject({ postedOn: '2026-02-28' });
  });

  it('(R40, R42) a client’s money pays the client’s part only, whatever the insurer owes', async () => {
    const clientId = await oak.client();
    await oak.policy(clientId, { copayCents: 3000 });
    const { billId } = await oak.bill(10_000, { clientId, responsibility: 'insurance' });
    const more = await oak.pay(billId, cash(3001));
    expect(more.body).toMatchObject({ status: 409, code: 'amount_exceeds_balance', clientBalanceCents: 3000 });
    const { body } = await oak.pay(billId, cash(3000));
    expect(amountsOf(body.bill)).toBe('T 10000, C 3000/3000/0, I 7000/0/7000, awaiting_insurance');
  });

  it('(R46, W4) an overpayment becomes credit when asked, and can be refunded from its own payment', async () => {
    const { billId, clientId } = await oak.bill();
    const { body } = await oak.pay(billId, cash(12_000, { overpayment: 'credit' }));
    expect(amountsOf(body.bill)).toBe('T 10000, C 10000/10000/0, paid');
    expect(stateOf(body.payment)).toBe('10000/2000/0/0, refundable 12000');
    const { paymentId } = body.payment;
    expect(await credits(clientId)).toMatchObject({
      balanceCents: 2000,
      items: [{ amountCents: 2000, reason: 'overpayment', sourcePaymentId: paymentId, billId }],
    });
  });

  it('(R46) credit of any origin is spent up to what there is, oldest first, and never more', async () => {
    const elm = await oak.neighbour();
    await elm.changeSettings({ applyCreditAutomatically: false });
    const clientId = await elm.client();
    await elm.credit(clientId, { amountCents: 1000, reason: 'adjustment', notes: 'Sorry for the wait' });
    wait(1);
    const prepaid = await elm.prepay(clientId, 3000);
    const { billId } = await elm.bill(10_000, { clientId });
    const first = await elm.pay(billId, credit(2500));
    expect(first.body.payment).toMatchObject({ type: 'credit_discount', source: 'credit', refundableCents: 2500 });
    expect(amountsOf(first.body.bill)).toBe('T 10000, C 10000/2500/7500, partially_paid');
    const tooMuch = await elm.pay(billId, credit(1501));
    expect(tooMuch).toMatchObject({ status: 409, body: { code: 'insufficient_credit', creditCents: 1500 } });
    expect((await elm.refund(prepaid.paymentId, { amountCents: 1501 })).body).toMatchObject({ refundableCents: 1500 });
    expect((await elm.pay(billId, credit(1500))).status).toBe(201);
  });

  it('a repeat under the same key is answered with the same payment, and nothing is paid twice', async () => {
    const { billId } = await oak.bill();
    const asked = { key: 'pay it once only' };
    const [first, second] = [await oak.pay(billId, cash(10_000), asked), await oak.pay(billId, cash(10_000), asked)];
    expect(second).toMatchObject({ status: 201, body: first.body, headers: { 'idempotent-replayed': 'true' } });
    expect(first.headers).not.toHaveProperty('idempotent-replayed');
    const { paymentId } = first.body.payment;
    wait(1);
    await oak.refund(paymentId);
    // Status and ids stay; what they name is shown as it stands now (clarification 1).
    const later = await oak.pay(billId, cash(10_000), asked);
    expect(later).toMatchObject({ status: 201, body: { payment: { paymentId, status: 'refunded' } } });
    expect(await oak.pay(billId, cash(9000), asked)).toMatchObject({
      status: 422,
      body: { code: 'idempotency_key_reused' },
    });
  });

  it('a practitioner takes payments on own clients’ bills', async () => {
    const { billId } = await oak.bill();
    const { practitioner } = oak.practice;
    const { status, body } = await oak.pay(billId, cash(100), { caller: practitioner });
    expect([status, body.payment.recordedBy]).toEqual([201, { kind: 'staff', id: practitioner.memberId }]);
  });
});

describe('403', () => {
  it('a practitioner gives no discount: that is for the office (clarification 42)', async () => {
    const { billId } = await oak.bill();
    const answer = await oak.pay(billId, discount(100), { caller: oak.practice.practitioner });
    expect(answer).toMatchObject({ status: 403, body: { code: 'forbidden', roles: ['admin', 'biller'] } });
    expect((await oak.pay(billId, discount(100), { caller: oak.practice.biller })).status).toBe(201);
  });
});

describe('404', () => {
  it('another practitioner’s bill is not there', async () => {
    const { billId } = await oak.bill();
    expect((await oak.pay(billId, cash(100), { caller: oak.practice.colleague })).status).toBe(404);
  });
});

describe('409', () => {
  it('(W1) amount_exceeds_balance tells the balance, for each kind of money, and nothing is recorded', async () => {
    const { billId, clientId } = await oak.bill();
    await oak.cash(billId, 7500);
    await oak.prepay(clientId, 5000);
    const before = await oak.see(billId);
    for (const body of [cash(2501), discount(2501), credit(2501)]) {
      const facts = { code: 'amount_exceeds_balance', clientBalanceCents: 2500 };
      expect(await oak.pay(billId, body)).toMatchObject({ status: 409, body: facts });
    }
    expect(await oak.see(billId)).toEqual(before);
  });
});

describe('412', () => {
  it('version_conflict comes before the amount is judged', async () => {
    const { billId } = await oak.bill();
    await oak.cash(billId, 100);
    const answer = await oak.pay(billId, cash(99_999), { headers: { 'if-match': '"1"' } });
    expect(answer).toMatchObject({ status: 412, body: { code: 'version_conflict', version: 2 } });
    const fresh = await oak.pay(billId, cash(100), { headers: { 'if-match': '"2"' } });
    expect(fresh).toMatchObject({ status: 201, headers: { etag: '"3"' } });
  });
});

describe('422', () => {
  it('(R51) paid_at_in_future: money that has not come yet is not recorded', async () => {
    const { billId } = await oak.bill();
    const later = await oak.pay(billId, cash(100, { paidAt: '2026-03-10T15:00:01Z' }));
    expect(later).toMatchObject({ status: 422, body: { code: 'paid_at_in_future' } });
    expect((await oak.pay(billId, cash(100, { paidAt: openedAt }))).status).toBe(201);
  });

  it.each([
    ['(R47) a card says who collects it: Stripe, or elsewhere', { type: 'card', amountCents: 100 }, '/collect'],
    ['cash goes through nobody', cash(100, { collect: 'elsewhere' }), '/collect'],
    ['credit or discount says which', { type: 'credit_discount', amountCents: 100 }, '/source'],
    ['other says what it is', { type: 'other', amountCents: 100 }, '/description'],
    ['a discount leaves no surplus', { ...discount(100), overpayment: 'credit' }, '/overpayment'],
    ['credit has the time at which it is spent', { ...credit(100), paidAt: openedAt }, '/paidAt'],
  ])('%s', async (_, body, pointer) => {
    const { billId } = await oak.bill();
    const answer = await oak.pay(billId, body);
    expect(answer.body).toMatchObject({ status: 422, code: 'invalid_input', errors: [{ pointer }] });
  });
});
