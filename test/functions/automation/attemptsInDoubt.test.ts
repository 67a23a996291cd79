import { handler as listAttention } from '../../../functions/attention/listAttention';
import { listAttentionRow } from '../../../shared/operations/attention';
import { FrontDesk, openedAt, standAt, wait } from '../../fixtures/frontDesk';
import { type OpenStripe, openStripe } from '../../fixtures/openStripe';
import { saveCard } from '../../fixtures/savedCard';
import { tellOf, workOffStripe } from '../../fixtures/stripeWork';

/** Charges and refunds whose answer was lost: looked up until the truth is known, never sent again. */
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

const charge = 'POST /v1/payment_intents';

/** A bill of 100.00 whose client has a card on file. */
async function withCard() {
  const { billId, clientId } = await oak.bill();
  await saveCard({ practiceId: oak.practiceId, clientId, sdk: stripe.sdk() });
  return { billId, clientId };
}

/** So many minutes after the desk opened, what is due at Stripe is done. */
async function lookAt(minute: number): Promise<void> {
  standAt(new Date(Date.parse(openedAt) + minute * 60_000).toISOString());
  expect(await workOffStripe()).toEqual([]);
}

/** What staff were told of this client, seen to or not. */
async function toldOf(clientId: string): Promise<{ kind: string }[]> {
  const { items } = await oak.done(listAttentionRow, listAttention, { query: { limit: '100' } });
  return items.filter((item: { clientId: string }) => item.clientId === clientId);
}

describe('a charge whose answer was lost', () => {
  it('is paid by Stripe’s own word, once, though recovery comes as well', async () => {
    const { billId } = await withCard();
    stripe.fails({ operation: charge, when: 'after', error: '500' });
    await oak.pay(billId, { type: 'card', collect: 'stripe', amountCents: 6000 });
    const [intent] = (await stripe.sdk().paymentIntents.list({ limit: 1 })).data;
    await Promise.all([tellOf(intent?.id ?? ''), tellOf(intent?.id ?? '')]);
    wait(2);
    await workOffStripe();
    const bill = await oak.see(billId);
    expect(bill).toMatchObject({ clientBalanceCents: 4000, reservedCents: 0, payments: [{ status: 'succeeded' }] });
    expect((await oak.history(billId))[0]).toMatchObject({ action: 'payment_received', actor: { kind: 'stripe' } });
  });

  it('is looked for after 1, 5, 30 minutes, hourly for a day, then daily beside staff (clarification 6), and ends', async () => {
    const { billId, clientId } = await withCard();
    stripe.fails({ operation: charge, when: 'before', error: '500' });
    await oak.pay(billId, { type: 'card', collect: 'stripe', amountCents: 6000 });
    stripe.fails({ operation: 'GET /v1/payment_intents', when: 'before', error: '500', times: 1000 });
    stripe.newCalls();
    const hourly = Array.from({ length: 24 }, (_, hour) => 90 + hour * 60);
    const daily = [2910, 4350];
    const looks: number[] = [];
    for (const minute of [1, 2, 4, 5, 6, 29, 30, 31, 89, ...hourly, 1530, 2909, ...daily, 4400]) {
      await lookAt(minute);
      if (stripe.newCalls().length > 0) looks.push(minute);
    }
    stripe.faults.clear();
    expect(looks).toEqual([1, 5, 30, ...hourly, ...daily]);
    expect(await oak.see(billId)).toMatchObject({ needsAttention: true, reservedCents: 6000 });
    expect(await oak.history(billId)).toMatchObject([{ action: 'payment_unresolved' }, { action: 'bill_issued' }]);
    await lookAt(5790);
    const ended = { needsAttention: false, reservedCents: 0, payments: [{ status: 'failed' }] };
    expect(await oak.see(billId)).toMatchObject(ended);
    expect(await toldOf(clientId)).toMatchObject([{ kind: 'charge_unknown', choice: 'failed' }]);
  });

  it('that Stripe did make enters the ledger, and what staff were told of is seen to, when Stripe speaks after days', async () => {
    const { billId, clientId } = await withCard();
    stripe.fails({ operation: charge, when: 'after', error: '500' });
    await oak.pay(billId, { type: 'card', collect: 'stripe', amountCents: 6000 });
    stripe.fails({ operation: 'GET /v1/payment_intents', when: 'before', error: '500' });
    await lookAt(1475);
    expect(await oak.see(billId)).toMatchObject({ needsAttention: true, reservedCents: 6000 });
    await lookAt(2 * 1475);
    const paid = { needsAttention: false, reservedCents: 0, clientPaidCents: 6000 };
    expect(await oak.see(billId)).toMatchObject(paid);
    expect(await toldOf(clientId)).toMatchObject([{ kind: 'charge_unknown', choice: 'settled' }]);
  });
});

it('a refund whose answer was lost ends too, however long Stripe is silent, and staff are told once', async () => {
  const { billId, clientId } = await withCard();
  const { body } = await oak.pay(billId, { type: 'card', collect: 'stripe', amountCents: 10_000 });
  const { paymentId, stripe: known } = body.payment;
  stripe.fails({ operation: 'POST /v1/refunds', when: 'after', error: '500' });
  expect((await oak.refund(paymentId, { amountCents: 4000 })).status).toBe(202);
  stripe.fails({ operation: 'GET /v1/refunds', when: 'before', error: '500', times: 2 });
  await lookAt(1475);
  await lookAt(2 * 1475);
  expect(await oak.see(billId)).toMatchObject({ needsAttention: true, clientPaidCents: 10_000 });
  await lookAt(3 * 1475);
  expect(await oak.see(billId)).toMatchObject({ needsAttention: false, clientPaidCents: 6000 });
  expect(await toldOf(clientId)).toMatchObject([{ kind: 'refund_unknown', choice: 'settled' }]);
  expect(stripe.bookOf(known.paymentIntentId).refunded).toBe(4000);
});
