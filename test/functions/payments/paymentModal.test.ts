import { handler as addInsurancePayment } from '../../../functions/payments/addInsurancePayment';
import { addInsurancePaymentRow } from '../../../shared/operations/payments';
import { FrontDesk } from '../../fixtures/frontDesk';

/** What the portal's payment dialogue is made of, from Add Payment to the line on the bill. */
let oak: FrontDesk;
beforeAll(async () => {
  oak = await FrontDesk.open();
});
afterAll(() => oak.close());

const insurerPays = (billId: string) =>
  oak.ask(addInsurancePaymentRow, addInsurancePayment, { path: { billId }, body: { amountCents: 100 } });

test('a bill says whether there is a choice between client and insurer; without an insurer only the client can pay (R40, R41)', async () => {
  const clientId = await oak.client();
  await oak.policy(clientId, { copayCents: 3000 });
  const insured = await oak.bill(10_000, { clientId, responsibility: 'insurance' });
  const own = await oak.bill(10_000, { clientId, responsibility: 'self_pay' });
  expect([insured.responsibility, insured.insurerBalanceCents]).toEqual(['insurance', 7000]);
  expect([own.responsibility, own.insurerPortionCents, own.payerId]).toEqual(['self_pay', 0, undefined]);
  expect((await insurerPays(insured.billId)).status).toBe(201);
  expect(await insurerPays(own.billId)).toMatchObject({ status: 409, body: { code: 'no_insurer_portion' } });
  expect(await oak.see(own.billId)).toEqual(own);
});

test('whatever the payment dialogue asks is kept and shown on the bill as it was filled in (R43)', async () => {
  const { billId } = await oak.bill();
  const filledIn = {
    type: 'other',
    description: 'Gift card',
    amountCents: 2500,
    paidAt: '2026-03-01T09:30:00.000Z',
    notes: 'The second half comes next week',
  };
  const paid = await oak.pay(billId, filledIn);
  expect([paid.status, paid.body.payment]).toEqual([201, expect.objectContaining(filledIn)]);
  expect((await oak.see(billId)).payments).toEqual([paid.body.payment]);
});
