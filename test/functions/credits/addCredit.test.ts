import { handler as changeClient } from '../../../functions/clients/changeClient';
import { handler as getClient } from '../../../functions/clients/getClient';
import { changeClientRow, getClientRow } from '../../../shared/operations/clients';
import { FrontDesk, openedAt, standAt, stateOf, wait } from '../../fixtures/frontDesk';
import { type OpenStripe, openStripe } from '../../fixtures/openStripe';

/** Prepayments by card through Stripe are held by `prepaymentByCard.test.ts`. */
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

const prepayment = (amountCents: number, more: object = {}) => ({
  amountCents,
  reason: 'prepayment',
  type: 'cash_check',
  ...more,
});
const byHand = (amountCents: number) => ({ amountCents, reason: 'adjustment', notes: 'Sorry for the wait' });
const creditOf = async (clientId: string): Promise<number> =>
  (await oak.done(getClientRow, getClient, { path: { clientId } })).creditCents;

describe('201', () => {
  it('(R46) a prepayment is money taken, which the client may spend', async () => {
    const clientId = await oak.client();
    const { status, body } = await oak.credit(clientId, prepayment(20_000, { notes: 'For March' }));
    const { paymentId } = body.payment;
    expect(status).toBe(201);
    expect(body.credit).toEqual({
      creditId: expect.stringMatching(/^cred_/),
      amountCents: 20_000,
      reason: 'prepayment',
      sourcePaymentId: paymentId,
      createdAt: openedAt,
    });
    expect(body.client).toEqual({ clientId, creditCents: 20_000 });
    expect(body.payment).toMatchObject({
      payer: 'client',
      type: 'cash_check',
      status: 'succeeded',
      notes: 'For March',
    });
    expect(stateOf(body.payment)).toBe('0/20000/0/0, refundable 20000');
    expect(await creditOf(clientId)).toBe(20_000);
  });

  it('(R45, R50) money comes by card taken elsewhere, in cash, or otherwise, and Stripe is never asked', async () => {
    const clientId = await oak.client();
    stripe.newCalls();
    const bodies = [
      prepayment(100, { type: 'card', collect: 'elsewhere' }),
      prepayment(200),
      prepayment(300, { type: 'other', description: 'Gift card' }),
    ];
    for (const body of bodies) {
      expect(await oak.credit(clientId, body)).toMatchObject({
        status: 201,
        body: { credit: { amountCents: body.amountCents } },
      });
    }
    expect([await creditOf(clientId), stripe.newCalls()]).toEqual([600, []]);
  });

  it('(R46) a reimbursement that stays with the client is told apart from a prepayment', async () => {
    const clientId = await oak.client();
    const { body } = await oak.credit(clientId, prepayment(5000, { reason: 'reimbursement' }));
    expect(body.credit).toMatchObject({ amountCents: 5000, reason: 'reimbursement' });
  });

  it('(W5) credit by hand is no money: it has no payment, and is taken away again down to nothing', async () => {
    const clientId = await oak.client();
    const { body } = await oak.credit(clientId, byHand(4000));
    expect(body).toMatchObject({ credit: { amountCents: 4000, reason: 'adjustment' }, client: { creditCents: 4000 } });
    expect(body).not.toHaveProperty('payment');
    const less = await oak.credit(clientId, byHand(-4000));
    expect(less.body).toMatchObject({
      credit: { amountCents: -4000, reason: 'adjustment' },
      client: { creditCents: 0 },
    });
  });

  it('(W24) credit taken away by hand is no longer refunded from its payment', async () => {
    const clientId = await oak.client();
    const { paymentId } = await oak.prepay(clientId, 5000);
    await oak.credit(clientId, byHand(-2000));
    expect((await oak.refund(paymentId, { amountCents: 3001 })).body).toMatchObject({ refundableCents: 3000 });
  });

  it('a repeat under the same key gives credit once', async () => {
    const clientId = await oak.client();
    for (const body of [prepayment(1000), byHand(500)]) {
      const asked = { key: `once for ${body.reason}` };
      const [first, second] = [await oak.credit(clientId, body, asked), await oak.credit(clientId, body, asked)];
      expect(second).toMatchObject({ status: 201, body: first.body, headers: { 'idempotent-replayed': 'true' } });
    }
    expect(await creditOf(clientId)).toBe(1500);
    const other = await oak.credit(clientId, byHand(501), { key: 'once for adjustment' });
    expect(other).toMatchObject({ status: 422, body: { code: 'idempotency_key_reused' } });
  });
});

describe('403', () => {
  it('a practitioner takes prepayments of own clients, but gives no credit by hand (clarification 42)', async () => {
    const clientId = await oak.client();
    const { practitioner, biller } = oak.practice;
    const answer = await oak.credit(clientId, byHand(100), { caller: practitioner });
    expect(answer).toMatchObject({ status: 403, body: { code: 'forbidden', roles: ['admin', 'biller'] } });
    expect((await oak.credit(clientId, byHand(100), { caller: biller })).status).toBe(201);
    expect((await oak.credit(clientId, prepayment(100), { caller: practitioner })).status).toBe(201);
  });
});

describe('404', () => {
  it('another practitioner’s client is not there, nor another practice’s', async () => {
    const clientId = await oak.client();
    const elm = await oak.neighbour();
    for (const caller of [oak.practice.colleague, elm.practice.admin]) {
      expect((await oak.credit(clientId, prepayment(100), { caller })).status).toBe(404);
    }
    expect(await creditOf(clientId)).toBe(0);
  });
});

describe('409', () => {
  it('insufficient_credit tells what there is: credit never falls below nothing', async () => {
    const clientId = await oak.client();
    await oak.prepay(clientId, 1000);
    wait(1);
    const answer = await oak.credit(clientId, byHand(-1001));
    expect(answer).toMatchObject({ status: 409, body: { code: 'insufficient_credit', creditCents: 1000 } });
  });

  it('client_archived: a former client leaves no money here', async () => {
    const clientId = await oak.client();
    await oak.done(changeClientRow, changeClient, { path: { clientId }, body: { status: 'archived' } });
    const answer = await oak.credit(clientId, prepayment(100));
    expect(answer).toMatchObject({ status: 409, body: { code: 'client_archived' } });
  });
});

describe('422', () => {
  it.each([
    ['money says how it came', { amountCents: 100, reason: 'prepayment' }, '/type'],
    ['a card says who collects it', prepayment(100, { type: 'card' }), '/collect'],
    ['other says what it is', prepayment(100, { type: 'other' }), '/description'],
    ['credit by hand says why (rule 72)', { amountCents: 100, reason: 'adjustment' }, '/notes'],
    ['credit by hand is no money', { ...byHand(100), type: 'cash_check' }, '/type'],
    ['money is never taken away', prepayment(-100), '/amountCents'],
    [
      'Stripe takes prepayments only',
      prepayment(100, { reason: 'reimbursement', type: 'card', collect: 'stripe' }),
      '/collect',
    ],
  ])('%s', async (_, body, pointer) => {
    const answer = await oak.credit(`cli_${'0'.repeat(26)}`, { ...body });
    expect(answer.body).toMatchObject({ status: 422, errors: [{ pointer }] });
  });
});
