import { handler as listAttention } from '../../../functions/attention/listAttention';
import { handler as setUpCard } from '../../../functions/cards/setUpCard';
import { handler as createGuestCheckout } from '../../../functions/guest/createGuestCheckout';
import type { Attention } from '../../../shared/domain/attention';
import { listAttentionRow } from '../../../shared/operations/attention';
import { setUpCardRow } from '../../../shared/operations/cards';
import { createGuestCheckoutRow } from '../../../shared/operations/guest';
import { stripeRefunds } from '../../../shared/stripe/stripeRefunds';
import { FrontDesk, openedAt, standAt, wait, waitDays } from '../../fixtures/frontDesk';
import { guestOf } from '../../fixtures/guest';
import { type OpenStripe, openStripe } from '../../fixtures/openStripe';
import { saveCard } from '../../fixtures/savedCard';
import { tellOf, workOffStripe } from '../../fixtures/stripeWork';

/** What Stripe refuses for good, because of the account or of a mistake of ours: 409 `stripe_refused`, and staff are told. */
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

const byCard = { type: 'card', collect: 'stripe', amountCents: 6000 };
const refused = { status: 409, body: { code: 'stripe_refused' } };
const shutOut = <T>(run: () => Promise<T>): Promise<T> => stripe.shutOut(run);

async function billWithCard() {
  const { billId, clientId } = await oak.bill();
  await saveCard({ practiceId: oak.practiceId, clientId, sdk: stripe.sdk() });
  return { billId, clientId };
}
const told = async (of = 'stripe_refused'): Promise<Attention[]> => {
  const { items } = await oak.done(listAttentionRow, listAttention, { query: { limit: '100' } });
  return items.filter(({ kind }: Attention) => kind === of);
};

describe('a charge', () => {
  it('is no decline: it ends at once, nothing stays reserved, and staff are told once a day', async () => {
    const [first, second] = [await billWithCard(), await billWithCard()];
    await shutOut(async () => {
      expect(await oak.pay(first.billId, byCard)).toMatchObject(refused);
      expect(await oak.pay(second.billId, byCard)).toMatchObject(refused);
    });
    expect(await told()).toMatchObject([{ facts: { code: 'account_invalid' } }]);
    const { reservedCents, payments } = await oak.see(first.billId);
    expect([reservedCents, payments[0].status, payments[0].failure]).toEqual([
      0,
      'failed',
      { code: 'stripe_refused', message: 'Stripe refused the request (account_invalid); no money moved.' },
    ]);
    waitDays(1);
    await shutOut(() => oak.pay(first.billId, byCard));
    expect(await told()).toHaveLength(2);
  });

  it('is not kept under its key: once Stripe lets us in, the same request charges', async () => {
    const { billId } = await billWithCard();
    const asked = { key: 'until Stripe lets us in' };
    expect(await shutOut(() => oak.pay(billId, byCard, asked))).toMatchObject(refused);
    expect(await oak.pay(billId, byCard, asked)).toMatchObject({
      status: 201,
      body: { bill: { clientPaidCents: 6000 } },
    });
  });
});

describe('a refund', () => {
  async function paid() {
    const { billId } = await billWithCard();
    return { billId, ...(await oak.pay(billId, byCard)).body.payment };
  }

  it('is not begun when the charge cannot be looked at', async () => {
    const { paymentId, billId } = await paid();
    expect(await shutOut(() => oak.refund(paymentId))).toMatchObject(refused);
    expect((await oak.see(billId)).clientPaidCents).toBe(6000);
  });

  it('that is turned away says so, not that less were left to refund, and the key may be used again', async () => {
    const { paymentId } = await paid();
    jest.spyOn(stripeRefunds, 'send').mockResolvedValueOnce({ kind: 'turned_away', code: 'account_invalid' });
    const asked = { key: 'until it may refund' };
    expect(await oak.refund(paymentId, {}, asked)).toMatchObject(refused);
    expect(await oak.refund(paymentId, {}, asked)).toMatchObject({ status: 201 });
  });

  it('in doubt stays in doubt while nobody may look, and is known once somebody may', async () => {
    const { paymentId, billId } = await paid();
    stripe.fails({ operation: 'POST /v1/refunds', when: 'after', error: '500' });
    expect((await oak.refund(paymentId)).status).toBe(202);
    wait(2);
    expect(await shutOut(workOffStripe)).toEqual([]);
    expect((await oak.see(billId)).clientPaidCents).toBe(6000);
    wait(10);
    expect(await workOffStripe()).toEqual([]);
    expect((await oak.see(billId)).clientPaidCents).toBe(0);
  });
});

describe('a hosted page', () => {
  it('of an account that lets us in no more ends with its time; what was paid on it still comes in', async () => {
    const { billId } = await oak.bill();
    const asked = { caller: guestOf(oak, billId), body: {} };
    const { url } = await oak.done(createGuestCheckoutRow, createGuestCheckout, asked);
    await stripe.payOn(url);
    wait(32);
    expect(await shutOut(workOffStripe)).toEqual([]);
    wait(60);
    stripe.newCalls();
    expect([await workOffStripe(), stripe.newCalls()]).toEqual([[], []]);
    expect(await tellOf(new URL(url).pathname.split('/').at(-1) ?? '')).toEqual([]);
    expect((await oak.see(billId)).status).toBe('paid');
  });

  it('to pay or to save a card is not promised: 409, and staff are told until one opens again', async () => {
    const { billId, clientId } = await oak.bill();
    const save = () => oak.ask(setUpCardRow, setUpCard, { path: { clientId }, body: { consentTextVersion: '1' } });
    const pay = () => oak.ask(createGuestCheckoutRow, createGuestCheckout, { caller: guestOf(oak, billId), body: {} });
    const refusals = async () => (await told('page_refused')).map(item => [item.facts, item.resolvedAt, item.at]);
    const [payment, card] = ['payment', 'card'].map(page => ({ page, code: 'account_invalid' }));
    for (let minute = 0; minute < 2; minute += 1) {
      expect([await shutOut(pay), await shutOut(save)]).toMatchObject([refused, refused]);
      wait(1);
    }
    expect(await refusals()).toEqual(
      expect.arrayContaining([
        [payment, undefined, openedAt],
        [card, undefined, openedAt],
      ]),
    );
    expect([(await save()).status, (await refusals()).length]).toEqual([201, 2]);
    const savedAt = new Date().toISOString();
    expect(await refusals()).toEqual([
      [payment, undefined, openedAt],
      [card, savedAt, openedAt],
    ]);
    wait(1);
    expect([await shutOut(save), (await pay()).status]).toMatchObject([refused, 201]);
    const now = new Date().toISOString();
    expect(await refusals()).toEqual([
      [card, undefined, now],
      [payment, now, openedAt],
    ]);
  });
});
