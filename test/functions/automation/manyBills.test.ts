import { handler as getPayment } from '../../../functions/payments/getPayment';
import { getPaymentRow } from '../../../shared/operations/payments';
import { useDocumentClient } from '../../../shared/store/kernel';
import { FrontDesk, stateOf } from '../../fixtures/frontDesk';
import { type OpenStripe, openStripe } from '../../fixtures/openStripe';
import { saveCard } from '../../fixtures/savedCard';
import { tellOf } from '../../fixtures/stripeWork';
import { atStripe, wholeLedger } from '../../fixtures/wholeLedger';

/** Money that paid more bills than one transaction holds, given back in Stripe. */
let desk: FrontDesk;
let stripe: OpenStripe;
beforeAll(async () => {
  desk = await FrontDesk.open();
  stripe = await openStripe();
});
afterAll(async () => {
  await stripe.close();
  await desk.close();
});

const count = 40;

/** A prepayment of 40.00 by card that has paid forty bills of 1.00. */
async function spentOnMany() {
  const clientId = await desk.client();
  await saveCard({ practiceId: desk.practiceId, clientId, sdk: stripe.sdk() });
  const asked = { amountCents: count * 100, reason: 'prepayment', type: 'card', collect: 'stripe' };
  const { body } = await desk.credit(clientId, asked);
  const billIds: string[] = [];
  for (let made = 0; made < count; made += 1) {
    const bill = await desk.bill(100, { clientId });
    expect(bill.status).toBe('paid');
    billIds.push(bill.billId);
  }
  const { paymentId, stripe: facts } = body.payment;
  return { paymentId: paymentId as string, intentId: facts.paymentIntentId as string, billIds };
}

const payment = (paymentId: string) => desk.done(getPaymentRow, getPayment, { path: { paymentId } });

/** From the second great transaction on, the table is not there. */
function breakAfterFirst(): void {
  const { documents } = desk.store;
  let great = 0;
  const send = async (command: { readonly input: { readonly TransactItems?: readonly unknown[] } }) => {
    if ((command.input.TransactItems?.length ?? 0) > 40) great += 1;
    if (great > 1) throw Object.assign(new Error('gone'), { name: 'InternalServerError', $fault: 'server' });
    return documents.send(command as never);
  };
  useDocumentClient({ send } as never);
}

test('every bill it had paid owes again, though the worker dies half way: Stripe’s word comes again (R62)', async () => {
  const { paymentId, intentId, billIds } = await spentOnMany();
  await stripe.refundInDashboard(intentId);
  breakAfterFirst();
  const again = await tellOf(intentId).finally(() => useDocumentClient(desk.store.documents));
  expect(again).toHaveLength(1);
  expect(stateOf(await payment(paymentId))).toBe('0/2000/4000/0, refundable 0');
  expect(await tellOf(intentId)).toEqual([]);
  expect(await tellOf(intentId)).toEqual([]);
  const after = await payment(paymentId);
  expect([stateOf(after), after.status, after.refunds.length]).toEqual(['0/0/4000/0, refundable 0', 'refunded', 1]);
  const bills = await Promise.all(billIds.map(billId => desk.see(billId)));
  expect(new Set(bills.map(bill => [bill.status, bill.autopay.held, bill.needsAttention].join()))).toEqual(
    new Set(['open,true,true']),
  );
  expect(atStripe(await wholeLedger(desk.store, desk.practiceId), paymentId)).toBe(0);
});
