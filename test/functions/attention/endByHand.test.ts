import { handler as listAttention } from '../../../functions/attention/listAttention';
import { handler as resolveAttention } from '../../../functions/attention/resolveAttention';
import { handler as listCredits } from '../../../functions/credits/listCredits';
import { instant } from '../../../shared/domain/calendar';
import { newId } from '../../../shared/ids';
import { listAttentionRow, resolveAttentionRow } from '../../../shared/operations/attention';
import { listCreditsRow } from '../../../shared/operations/credits';
import { attentionStore } from '../../../shared/store/attentionStore';
import { loadClientMoney, readBill } from '../../../shared/store/billStore';
import { transact } from '../../../shared/store/kernel';
import type { Asked } from '../../fixtures/apiEvent';
import { amountsOf, FrontDesk, openedAt, standAt, wait } from '../../fixtures/frontDesk';
import { type OpenStripe, openStripe } from '../../fixtures/openStripe';
import { saveCard } from '../../fixtures/savedCard';
import { tellOf, workOffStripe } from '../../fixtures/stripeWork';

/** Charges and refunds of an account that lets us in no more: staff end them by hand, and Stripe's word still counts. */
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

interface Told {
  readonly attentionId: string;
  readonly kind: string;
  readonly clientId: string;
}
const toldOf = async (clientId: string): Promise<Told[]> => {
  const { items } = await oak.done(listAttentionRow, listAttention, { query: { limit: '100' } });
  return items.filter((item: Told) => item.clientId === clientId);
};
const decide = (attentionId: string, choice: string, asked: Asked = {}) =>
  oak.ask(resolveAttentionRow, resolveAttention, { path: { attentionId }, body: { choice }, ...asked });
const notInDoubt = (attemptStatus: string) => ({ status: 409, body: { code: 'attempt_not_in_doubt', attemptStatus } });

async function withCard() {
  const { billId, clientId } = await oak.bill();
  await saveCard({ practiceId: oak.practiceId, clientId, sdk: stripe.sdk() });
  return { billId, clientId };
}

/** A day and a look later; Stripe lets us in no more, so staff are told. */
async function afterADay(clientId: string): Promise<string> {
  wait(1475);
  expect(await stripe.shutOut(workOffStripe)).toEqual([]);
  const [told] = await toldOf(clientId);
  return told?.attentionId ?? '';
}

/** 60.00 of a bill of 100.00, charged by an answer that was lost, before or after it took effect. */
async function lostCharge(when: 'before' | 'after') {
  const of = await withCard();
  stripe.fails({ operation: 'POST /v1/payment_intents', when, error: '500' });
  expect((await oak.pay(of.billId, { type: 'card', collect: 'stripe', amountCents: 6000 })).status).toBe(202);
  return of;
}
/** 50.00 ahead of any bill, of which Stripe never heard. */
async function lostPrepayment(): Promise<string> {
  const { clientId } = await withCard();
  stripe.fails({ operation: 'POST /v1/payment_intents', when: 'before', error: '500' });
  await oak.credit(clientId, { amountCents: 5000, reason: 'prepayment', type: 'card', collect: 'stripe' });
  return clientId;
}
const lastIntent = async (): Promise<string> =>
  (await stripe.sdk().paymentIntents.list({ limit: 1 })).data[0]?.id ?? '';

describe('not_charged', () => {
  it('ends the charge as failed, frees what it reserved, and the history names who decided; a repeat changes nothing', async () => {
    const { billId, clientId } = await lostCharge('before');
    const attentionId = await afterADay(clientId);
    expect(await oak.see(billId)).toMatchObject({ needsAttention: true, reservedCents: 6000 });
    const caller = oak.practice.biller;
    const answers = await stripe.shutOut(() =>
      Promise.all([decide(attentionId, 'not_charged', { caller }), decide(attentionId, 'not_charged', { caller })]),
    );
    const seenTo = { attentionId, choice: 'not_charged', resolvedBy: caller.memberId };
    expect(answers).toMatchObject([1, 2].map(() => ({ status: 200, body: seenTo })));
    expect(await oak.see(billId)).toMatchObject({
      needsAttention: false,
      reservedCents: 0,
      payments: [{ status: 'failed', failure: { code: 'not_charged' } }],
    });
    const [ended, before] = await oak.history(billId);
    expect([ended.action, ended.actor, before.action]).toEqual([
      'charge_ended_by_hand',
      { kind: 'staff', id: caller.memberId },
      'payment_unresolved',
    ]);
    expect((await oak.pay(billId, { type: 'cash_check', amountCents: 10_000 })).status).toBe(201);
  });

  it('loses no cent when Stripe tells later that it was charged: paid meanwhile, it is credit and asks for attention', async () => {
    const { billId, clientId } = await lostCharge('after');
    const intentId = await lastIntent();
    const attentionId = await afterADay(clientId);
    await stripe.shutOut(() => decide(attentionId, 'not_charged'));
    await oak.cash(billId, 8000);
    await tellOf(intentId);
    expect(amountsOf(await oak.see(billId))).toBe('T 10000, C 10000/10000/0, paid');
    const { balanceCents } = await oak.done(listCreditsRow, listCredits, { path: { clientId } });
    expect(balanceCents).toBe(4000);
    expect(stripe.bookOf(intentId)).toMatchObject({ captured: 6000, refunded: 0 });
    expect((await toldOf(clientId)).map(({ kind }) => kind)).toEqual(['late_payment', 'charge_unknown']);
  });

  it('is possible still after staff only marked it as seen, and does not count the bill down twice', async () => {
    const { billId, clientId } = await lostCharge('before');
    const attentionId = await afterADay(clientId);
    await oak.done(resolveAttentionRow, resolveAttention, { path: { attentionId }, body: {} });
    expect(await oak.see(billId)).toMatchObject({ needsAttention: false, reservedCents: 6000 });
    expect((await stripe.shutOut(() => decide(attentionId, 'not_charged'))).status).toBe(200);
    expect(await oak.see(billId)).toMatchObject({ needsAttention: false, reservedCents: 0 });
    expect((await readBill(oak.practiceId, billId)).head.attention).toBe(0);
  });

  it('ends a prepayment as well, which stands with its client', async () => {
    const clientId = await lostPrepayment();
    const attentionId = await afterADay(clientId);
    expect((await stripe.shutOut(() => decide(attentionId, 'not_charged'))).status).toBe(200);
    const { attempts } = await oak.done(listCreditsRow, listCredits, { path: { clientId } });
    expect(attempts).toMatchObject([{ status: 'failed', failure: { code: 'not_charged' } }]);
  });

  it('is refused, 409 attempt_not_in_doubt, when Stripe answers: its word settles the charge instead', async () => {
    const { billId, clientId } = await lostCharge('after');
    const attentionId = await afterADay(clientId);
    expect(await decide(attentionId, 'not_charged')).toMatchObject(notInDoubt('settled'));
    expect(await oak.see(billId)).toMatchObject({ needsAttention: false, reservedCents: 0, clientPaidCents: 6000 });
    expect(await toldOf(clientId)).toMatchObject([{ kind: 'charge_unknown', choice: 'settled' }]);
    expect(await decide(attentionId, 'not_charged')).toMatchObject(notInDoubt('settled'));
  });

  it('is refused while Stripe only has no answer now', async () => {
    const { billId, clientId } = await lostCharge('before');
    const attentionId = await afterADay(clientId);
    stripe.fails({ operation: 'GET /v1/payment_intents', when: 'before', error: '500' });
    expect(await decide(attentionId, 'not_charged')).toMatchObject(notInDoubt('processing'));
    expect(await oak.see(billId)).toMatchObject({ needsAttention: true, reservedCents: 6000 });
  });

  it('is refused before a day is over, without a question to Stripe', async () => {
    const clientId = await lostPrepayment();
    const [attempt] = (await loadClientMoney(oak.practiceId, clientId)).clientAttempts;
    const attentionId = newId('wrk');
    const facts = { attemptId: attempt?.attemptId ?? '' };
    const told = { attentionId, kind: 'charge_unknown', at: instant(Date.now()), clientId, facts };
    await transact([attentionStore.add(oak.practiceId, told)]);
    wait(24 * 60 - 1);
    stripe.newCalls();
    expect(await decide(attentionId, 'not_charged')).toMatchObject(notInDoubt('processing'));
    expect(stripe.newCalls()).toEqual([]);
  });

  it('is 422 on what is no charge, and not_refunded on a charge: nobody shall think that it ended', async () => {
    const { billId, clientId } = await lostCharge('before');
    const attentionId = await afterADay(clientId);
    expect(await stripe.shutOut(() => decide(attentionId, 'not_refunded'))).toMatchObject({
      status: 422,
      body: { code: 'invalid_input', errors: [{ pointer: '/choice' }] },
    });
    expect(await oak.see(billId)).toMatchObject({ needsAttention: true, reservedCents: 6000 });
  });
});

describe('not_refunded', () => {
  /** 40.00 of a card payment of 100.00, refunded by an answer that was lost. */
  async function lostRefund(when: 'before' | 'after') {
    const { billId, clientId } = await withCard();
    const { body } = await oak.pay(billId, { type: 'card', collect: 'stripe', amountCents: 10_000 });
    stripe.fails({ operation: 'POST /v1/refunds', when, error: '500' });
    const { paymentId, stripe: known } = body.payment;
    expect((await oak.refund(paymentId, { amountCents: 4000 })).status).toBe(202);
    return { billId, clientId, paymentId, intentId: known.paymentIntentId as string };
  }

  it('ends the refund as failed: the whole payment can be refunded again, and the history names who decided', async () => {
    const { billId, clientId, paymentId } = await lostRefund('before');
    const attentionId = await afterADay(clientId);
    expect((await oak.refund(paymentId, { amountCents: 10_000 })).body.code).toBe('refund_exceeds_payment');
    expect(await stripe.shutOut(() => decide(attentionId, 'not_refunded'))).toMatchObject({
      status: 200,
      body: { kind: 'refund_unknown', choice: 'not_refunded', resolvedBy: oak.practice.admin.memberId },
    });
    expect((await oak.history(billId))[0]).toMatchObject({
      action: 'refund_ended_by_hand',
      actor: { kind: 'staff', id: oak.practice.admin.memberId },
    });
    expect((await oak.refund(paymentId, { amountCents: 10_000 })).status).toBe(201);
  });

  it('is counted once, as the refund that was asked for, when Stripe tells later that it was made', async () => {
    const { billId, clientId, intentId } = await lostRefund('after');
    const attentionId = await afterADay(clientId);
    await stripe.shutOut(() => decide(attentionId, 'not_refunded'));
    expect(amountsOf(await oak.see(billId))).toBe('T 10000, C 10000/10000/0, paid');
    await tellOf(intentId);
    await tellOf(intentId);
    const bill = await oak.see(billId);
    expect(amountsOf(bill)).toBe('T 10000, C 10000/6000/4000, partially_paid');
    expect(bill.payments[0].refunds).toMatchObject([{ amountCents: 4000, origin: 'app', status: 'succeeded' }]);
    expect(stripe.bookOf(intentId).refunded).toBe(4000);
  });

  it('is refused when Stripe answers: its word settles the refund instead', async () => {
    const { billId, clientId } = await lostRefund('after');
    const attentionId = await afterADay(clientId);
    expect(await decide(attentionId, 'not_refunded')).toMatchObject(notInDoubt('settled'));
    expect(await oak.see(billId)).toMatchObject({ needsAttention: false, clientPaidCents: 6000 });
    const other = await lostRefund('before');
    const notNow = await afterADay(other.clientId);
    stripe.fails({ operation: 'GET /v1/refunds', when: 'before', error: '500' });
    expect(await decide(notNow, 'not_refunded')).toMatchObject(notInDoubt('processing'));
  });
});
