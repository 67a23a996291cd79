import { handler as adjustBill } from '../../../functions/bills/adjustBill';
import { handler as cancelBill } from '../../../functions/bills/cancelBill';
import { handler as deleteBill } from '../../../functions/bills/deleteBill';
import { handler as editBill } from '../../../functions/bills/editBill';
import { handler as writeOffBill } from '../../../functions/bills/writeOffBill';
import { handler as createGuestCheckout } from '../../../functions/guest/createGuestCheckout';
import {
  adjustBillRow,
  cancelBillRow,
  deleteBillRow,
  editBillRow,
  writeOffBillRow,
} from '../../../shared/operations/bills';
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
const remove = (billId: string) => oak.ask(deleteBillRow, deleteBill, { path: { billId } });
const adjust = (billId: string) => {
  const body = { amountCents: -4000, description: 'Goodwill', reason: 'Came late' };
  return oak.ask(adjustBillRow, adjustBill, { path: { billId }, body });
};
const writeOff = (billId: string) => {
  const body = { amountCents: 10_000, reason: 'Cannot be collected' };
  return oak.ask(writeOffBillRow, writeOffBill, { path: { billId }, body });
};
async function edit(billId: string) {
  const [{ sessionId }] = (await oak.see(billId)).lines;
  const lines = [{ description: 'Therapy', unitPriceCents: 8000 }];
  return oak.ask(editBillRow, editBill, { path: { billId }, body: { sessions: [{ sessionId, lines }] } });
}
const page = (billId: string) =>
  oak.ask(createGuestCheckoutRow, createGuestCheckout, { caller: guestOf(oak, billId), body: {} });

it.each([
  ['cash', cash, 201, 'T 10000, C 10000/10000/0, paid'],
  ['a cancellation', cancel, 200, 'T 10000, C 10000/0/0, cancelled'],
  ['an adjustment', adjust, 201, 'T 6000, C 6000/0/6000, open'],
  ['a write-off', writeOff, 201, 'T 10000, C 0/0/0, W 10000, paid'],
  ['an edit', edit, 200, 'T 8000, C 8000/0/8000, open'],
  ['a page', page, 201, 'T 10000, C 10000/0/10000, open'],
])('%s finds a charge that never reached Stripe, and what it reserved is free', async (_, operation, status, after) => {
  const billId = await inDoubt(false);
  expect((await operation(billId)).status).toBe(status);
  expect(stripe.newCalls()).toContain('GET /v1/payment_intents');
  const bill = await oak.see(billId);
  expect([amountsOf(bill), bill.reservedCents]).toEqual([after, 0]);
});

it('a deletion finds a charge that never reached Stripe, and the bill is gone', async () => {
  const billId = await inDoubt(false);
  expect((await remove(billId)).status).toBe(204);
  expect((await remove(billId)).status).toBe(404);
});

it.each([
  ['cash', cash, 'amount_exceeds_balance'],
  ['a cancellation', cancel, 'bill_has_payments'],
  ['a deletion', remove, 'bill_has_payments'],
  ['a write-off', writeOff, 'amount_exceeds_balance'],
  ['an edit', edit, 'bill_has_payments'],
  ['a page', page, 'bill_already_paid'],
])('%s finds a charge that took the money: it is on the bill, and nobody pays twice', async (_, operation, code) => {
  const billId = await inDoubt(true);
  expect(await operation(billId)).toMatchObject({ status: 409, body: { code } });
  expect(amountsOf(await oak.see(billId))).toBe('T 10000, C 10000/10000/0, paid');
});

it('an adjustment finds a charge that took the money, and what is then paid too much is the client’s credit', async () => {
  const billId = await inDoubt(true);
  expect(amountsOf((await adjust(billId)).body)).toBe('T 6000, C 6000/6000/0, paid');
  expect((await oak.see(billId)).payments).toMatchObject([{ appliedCents: 6000, creditedCents: 4000 }]);
});

const all = [cash, cancel, remove, adjust, writeOff, edit, page];

it('each of them waits where Stripe does not say what became of it', async () => {
  const billId = await inDoubt(true);
  for (const operation of all) {
    stripe.fails({ operation: 'GET /v1/payment_intents', when: 'before', error: '500' });
    expect(await operation(billId)).toMatchObject({ status: 409, body: { code: 'payment_in_progress' } });
  }
  expect((await oak.see(billId)).reservedCents).toBe(10_000);
});

it('a charge whose own request may still be under way is left to it', async () => {
  const billId = await inDoubt(true);
  standAt(openedAt);
  for (const operation of all) {
    expect(await operation(billId)).toMatchObject({ status: 409, body: { code: 'payment_in_progress' } });
  }
  expect(stripe.newCalls()).toEqual([]);
});
