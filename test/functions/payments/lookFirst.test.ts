import { handler as cancelBill } from '../../../functions/bills/cancelBill';
import { handler as createGuestCheckout } from '../../../functions/guest/createGuestCheckout';
import { cancelBillRow } from '../../../shared/operations/bills';
import { createGuestCheckoutRow } from '../../../shared/operations/guest';
import { amountsOf, FrontDesk, openedAt, standAt, wait } from '../../fixtures/frontDesk';
import { guestOf } from '../../fixtures/guest';
import { type OpenStripe, openStripe } from '../../fixtures/openStripe';
import { saveCard } from '../../fixtures/savedCard';

/** What is done to a bill on which a charge is in doubt, whose answer was lost: Stripe is asked first what became of it. */
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

/** A bill of 100.00, all of it reserved by a charge that reached Stripe or never did, and whose own request is over. */
async function inDoubt(reached: boolean): Promise<string> {
  const { billId, clientId } = await oak.bill();
  await saveCard({ practiceId: oak.practiceId, clientId, sdk: stripe.sdk() });
  stripe.fails({ operation: charge, when: reached ? 'after' : 'before', error: '500' });
  const { status } = await oak.pay(billId, { type: 'card', collect: 'stripe', amountCents: 10_000 });
  expect([status, (await oak.see(billId)).reservedCents]).toEqual([202, 10_000]);
  wait(2);
  stripe.newCalls();
  return billId;
}
const cash = (billId: string) => oak.pay(billId, { type: 'cash_check', amountCents: 10_000 });
const cancel = (billId: string) => oak.ask(cancelBillRow, cancelBill, { path: { billId }, body: {} });
const page = (billId: string) =>
  oak.ask(createGuestCheckoutRow, createGuestCheckout, { caller: guestOf(oak, billId), body: {} });

it.each([
  ['cash', cash, 201, 'paid'],
  ['a cancellation', cancel, 200, 'cancelled'],
  ['a page', page, 201, 'open'],
])('%s finds a charge that never reached Stripe, and what it reserved is free', async (_, operation, status, after) => {
  const billId = await inDoubt(false);
  expect((await operation(billId)).status).toBe(status);
  expect(stripe.newCalls()).toContain('GET /v1/payment_intents');
  expect(await oak.see(billId)).toMatchObject({ status: after, reservedCents: 0 });
});

it.each([
  ['cash', cash, 'amount_exceeds_balance'],
  ['a cancellation', cancel, 'bill_has_payments'],
  ['a page', page, 'bill_already_paid'],
])('%s finds a charge that took the money: it is on the bill, and nobody pays twice', async (_, operation, code) => {
  const billId = await inDoubt(true);
  expect(await operation(billId)).toMatchObject({ status: 409, body: { code } });
  expect(amountsOf(await oak.see(billId))).toBe('T 10000, C 10000/10000/0, paid');
});

it.each([
  ['cash', cash],
  ['a cancellation', cancel],
  ['a page', page],
])('%s waits where Stripe does not say what became of it', async (_, operation) => {
  const billId = await inDoubt(true);
  stripe.fails({ operation: 'GET /v1/payment_intents', when: 'before', error: '500' });
  expect(await operation(billId)).toMatchObject({ status: 409, body: { code: 'payment_in_progress' } });
  expect((await oak.see(billId)).reservedCents).toBe(10_000);
});

it('a charge whose own request may still be under way is left to it', async () => {
  const billId = await inDoubt(true);
  standAt(openedAt);
  for (const operation of [cash, cancel, page]) {
    expect(await operation(billId)).toMatchObject({ status: 409, body: { code: 'payment_in_progress' } });
  }
  expect(stripe.newCalls()).toEqual([]);
});
