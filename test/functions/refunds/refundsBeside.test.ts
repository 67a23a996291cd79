import { loadPayment } from '../../../shared/store/billStore';
import { useDocumentClient } from '../../../shared/store/kernel';
import { FrontDesk, openedAt, standAt, stateOf, wait } from '../../fixtures/frontDesk';
import { type OpenStripe, openStripe } from '../../fixtures/openStripe';
import { saveCard } from '../../fixtures/savedCard';
import { workOffStripe } from '../../fixtures/stripeWork';

/** A refund asked for while Stripe has not answered another one of the same payment. */
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

/** A card payment of 100.00; Stripe's answer to a refund of 60.00 of it was lost, before or after Stripe made it. */
async function answerLost(when: 'before' | 'after') {
  const { billId, clientId } = await oak.bill();
  await saveCard({ practiceId: oak.practiceId, clientId, sdk: stripe.sdk(), method: 'pm_card_visa' });
  const { body } = await oak.pay(billId, { type: 'card', collect: 'stripe', amountCents: 10_000 });
  const { paymentId, stripe: known } = body.payment;
  wait(1);
  stripe.fails({ operation: 'POST /v1/refunds', when, error: '500' });
  expect((await oak.refund(paymentId, { amountCents: 6000 })).status).toBe(202);
  return { paymentId, refunded: () => stripe.bookOf(known.paymentIntentId).refunded };
}

test('one that Stripe made and the ledger counts already is not deducted twice (R59, R60)', async () => {
  const { paymentId, refunded } = await answerLost('after');
  const { status, body } = await oak.refund(paymentId, { amountCents: 4000 });
  expect([status, stateOf(body.payment), refunded()]).toEqual([201, '0/0/10000/0, refundable 0', 10_000]);
  wait(2);
  expect(await workOffStripe()).toEqual([]);
  expect(refunded()).toBe(10_000);
});

test('what Stripe may still give back is neither handed out nor turned into credit meanwhile (R59)', async () => {
  const { paymentId, refunded } = await answerLost('before');
  for (const destination of ['original', 'offline', 'credit']) {
    const answer = await oak.refund(paymentId, { amountCents: 4001, destination, reason: 'Moved away' });
    expect(answer).toMatchObject({ status: 409, body: { code: 'refund_exceeds_payment', refundableCents: 4000 } });
  }
  const rest = await oak.refund(paymentId, { amountCents: 4000, destination: 'offline', reason: 'Moved away' });
  expect([rest.status, stateOf(rest.body.payment)]).toEqual([201, '6000/0/4000/0, refundable 6000']);
  // Stripe never made the other one: its share is free again.
  wait(2);
  expect(await workOffStripe()).toEqual([]);
  expect((await oak.refund(paymentId, { amountCents: 6000 })).status).toBe(201);
  expect(refunded()).toBe(6000);
});

describe('what a refund reads and writes', () => {
  const prepaid = async () => {
    const clientId = await oak.client();
    await saveCard({ practiceId: oak.practiceId, clientId, sdk: stripe.sdk() });
    const byCard = { reason: 'prepayment', type: 'card', collect: 'stripe' };
    const pay = async (amountCents: number): Promise<string> =>
      (await oak.credit(clientId, { ...byCard, amountCents })).body.payment.paymentId;
    return { clientId, pay };
  };

  test('of a prepayment: what was reserved is settled without losing to itself', async () => {
    const paymentId = await (await prepaid()).pay(5000);
    const { documents } = oak.store;
    const transactions: ('done' | 'lost')[] = [];
    const send = async (command: { readonly input: object }): Promise<unknown> => {
      const isTransaction = 'TransactItems' in command.input;
      return documents.send(command as never).then(
        (answer: unknown) => {
          if (isTransaction) transactions.push('done');
          return answer;
        },
        (error: unknown) => {
          if (isTransaction) transactions.push('lost');
          throw error;
        },
      );
    };
    useDocumentClient({ send } as never);
    const { status } = await oak.refund(paymentId).finally(() => useDocumentClient(documents));
    expect([status, transactions]).toEqual([201, ['done', 'done']]);
  });

  test('the bills that its own credit paid are read, not those that another one’s did', async () => {
    const { clientId, pay } = await prepaid();
    const first = await pay(5000);
    const { billId: paidByFirst } = await oak.bill(5000, { clientId });
    wait(1);
    const second = await pay(5000);
    const { billId: paidBySecond } = await oak.bill(5000, { clientId });
    const billsOf = async (paymentId: string) => [...(await loadPayment(oak.practiceId, paymentId)).records.keys()];
    expect([await billsOf(first), await billsOf(second)]).toEqual([[paidByFirst], [paidBySecond]]);
  });
});
