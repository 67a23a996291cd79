import Stripe from 'stripe';
import { handler as listAttention } from '../../../functions/attention/listAttention';
import { handler as createGuestCheckout } from '../../../functions/guest/createGuestCheckout';
import { instant } from '../../../shared/domain/calendar';
import { listAttentionRow } from '../../../shared/operations/attention';
import { createGuestCheckoutRow } from '../../../shared/operations/guest';
import { useStripe } from '../../../shared/stripe/stripeClient';
import { stripeDisputes } from '../../../shared/stripe/stripeDisputes';
import { type ChargeSucceeded, stripeGateway } from '../../../shared/stripe/stripeGateway';
import { FrontDesk, openedAt, standAt, wait } from '../../fixtures/frontDesk';
import { guestOf } from '../../fixtures/guest';
import { type OpenStripe, openStripe } from '../../fixtures/openStripe';
import { saveCard } from '../../fixtures/savedCard';
import { tellOf, workOffStripe } from '../../fixtures/stripeWork';

/** The ledger is in the practice's currency alone, whatever a Stripe account takes or exchanges. */
let oak: FrontDesk;
let stripe: OpenStripe;
beforeEach(async () => {
  oak = await FrontDesk.open();
  stripe = await openStripe();
  standAt(openedAt);
});
afterEach(async () => {
  jest.restoreAllMocks();
  await stripe.close();
  await oak.close();
});

const byCard = { type: 'card', collect: 'stripe', amountCents: 6000 };
async function billWithCard(): Promise<string> {
  const { billId, clientId } = await oak.bill();
  await saveCard({ practiceId: oak.practiceId, clientId, sdk: stripe.sdk() });
  return billId;
}
/** Currencies of which staff were told. */
async function told(): Promise<string[]> {
  const { items } = await oak.done(listAttentionRow, listAttention, { query: { limit: '100' } });
  return items.flatMap(({ kind, facts }: { kind: string; facts: { currency?: string } }) =>
    kind === 'other_currency' ? [facts.currency] : [],
  );
}
const inEuros: Pick<ChargeSucceeded, 'currency'> = { currency: 'EUR' };

describe('a charge', () => {
  it('tells in which currency it came to Stripe’s balance', async () => {
    const billId = await billWithCard();
    const { body } = await oak.pay(billId, byCard);
    const { paymentIntentId } = body.payment.stripe;
    const known = { account: undefined, attemptId: 'att_1', paymentIntentId, startedAt: instant(0) };
    const asked = { amountCents: 6000, currency: 'USD', livemode: false };
    expect(await stripeGateway.lookUp({ ...known, ...asked })).toMatchObject({ currency: 'USD', settledIn: 'USD' });
    expect(await told()).toEqual([]);
  });

  it('that Stripe exchanges counts as it was asked for, and staff are told once that fees are in another currency', async () => {
    const { charge } = stripeGateway;
    jest.spyOn(stripeGateway, 'charge').mockImplementation(async request => {
      const outcome = await charge.call(stripeGateway, request);
      return outcome.kind === 'succeeded' ? { ...outcome, settledIn: 'EUR' } : outcome;
    });
    for (const billId of [await billWithCard(), await billWithCard()]) {
      expect((await oak.pay(billId, byCard)).body.bill).toMatchObject({ clientPaidCents: 6000 });
    }
    expect(await told()).toEqual(['EUR']);
  });

  it('that took another currency pays nothing here: the attempt ends, and staff are told', async () => {
    const billId = await billWithCard();
    stripe.fails({ operation: 'POST /v1/payment_intents', when: 'after', error: '500' });
    expect((await oak.pay(billId, byCard)).status).toBe(202);
    const { lookUp } = stripeGateway;
    jest.spyOn(stripeGateway, 'lookUp').mockImplementation(async attempt => {
      const outcome = await lookUp.call(stripeGateway, attempt);
      return outcome.kind === 'succeeded' ? { ...outcome, ...inEuros } : outcome;
    });
    wait(2);
    expect(await workOffStripe()).toEqual([]);
    const { clientPaidCents, reservedCents, payments } = await oak.see(billId);
    expect([clientPaidCents, reservedCents, payments[0].failure.code]).toEqual([0, 0, 'other_currency']);
    expect(await told()).toEqual(['EUR']);
  });
});

it('a charge of another amount than was asked for pays nothing: the attempt ends', async () => {
  const billId = await billWithCard();
  const { charge } = stripeGateway;
  jest.spyOn(stripeGateway, 'charge').mockImplementation(async request => {
    const outcome = await charge.call(stripeGateway, request);
    return outcome.kind === 'succeeded' ? { ...outcome, amountCents: 5999 } : outcome;
  });
  await oak.pay(billId, byCard);
  const { clientPaidCents, reservedCents, payments } = await oak.see(billId);
  expect([clientPaidCents, reservedCents, payments[0].failure.code]).toEqual([0, 0, 'other_amount']);
});

it('a hosted page that took another currency ends without a payment, and staff are told', async () => {
  const { billId } = await oak.bill();
  const asked = { caller: guestOf(oak, billId), body: {} };
  const { url } = await oak.done(createGuestCheckoutRow, createGuestCheckout, asked);
  await stripe.payOn(url);
  const { readIntent } = stripeGateway;
  jest.spyOn(stripeGateway, 'readIntent').mockImplementation(async (account, id) => {
    const read = await readIntent.call(stripeGateway, account, id);
    return read.outcome.kind === 'succeeded' ? { ...read, outcome: { ...read.outcome, ...inEuros } } : read;
  });
  expect(await tellOf(new URL(url).pathname.split('/').at(-1) ?? '')).toEqual([]);
  expect(await oak.see(billId)).toMatchObject({ status: 'open', payments: [] });
  expect(await told()).toEqual(['EUR']);
  wait(60);
  expect(await workOffStripe()).toEqual([]);
});

describe('a dispute whose money Stripe exchanged', () => {
  /** 60.00 USD, which stood on the balance as 55.20 EUR; the bank's fee is in euros as well. */
  const disputed = {
    ...{
      id: 'dp_1',
      object: 'dispute',
      amount: 6000,
      currency: 'usd',
      created: 1,
      reason: 'fraudulent',
      status: 'lost',
    },
    evidence_details: { due_by: null },
    balance_transactions: [{ id: 'txn_1', amount: -5520, fee: 2000, currency: 'eur', created: 1, exchange_rate: 0.92 }],
  };

  it('is counted in the charge’s own currency, without the fee, and staff are told', async () => {
    const billId = await billWithCard();
    const { body } = await oak.pay(billId, byCard);
    const answer = { object: 'list', url: '/v1/disputes', has_more: false, data: [disputed] };
    const httpClient = Stripe.createFetchHttpClient(async () => new Response(JSON.stringify(answer)));
    const secret = { secretKey: 'sk_test_of_these_tests', webhookSecret: 'whsec_of_these_tests' };
    useStripe({ secret, httpClient });
    const listed = await stripeDisputes.list(undefined, 'pi_1').finally(() => useStripe({ secret }));
    expect(listed).toMatchObject([{ exchangedTo: 'EUR', transactions: [{ amountCents: 6000, feeCents: 0 }] }]);
    jest.spyOn(stripeDisputes, 'list').mockResolvedValue(listed);
    const { paymentIntentId } = body.payment.stripe;
    await stripe.dispute(paymentIntentId);
    expect(await tellOf(paymentIntentId)).toEqual([]);
    expect(await tellOf(paymentIntentId)).toEqual([]);
    expect((await oak.see(billId)).payments[0]).toMatchObject({ status: 'charged_back', chargedBackCents: 6000 });
    expect(await told()).toEqual(['EUR']);
  });
});
