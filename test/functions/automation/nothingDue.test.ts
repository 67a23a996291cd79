import { handler as addInsurancePayment } from '../../../functions/payments/addInsurancePayment';
import { addInsurancePaymentRow } from '../../../shared/operations/payments';
import { Office } from '../../fixtures/sharing';
import { type OpenStore, openStore } from '../../fixtures/store';

let store: OpenStore;
beforeAll(async () => {
  store = await openStore();
});
afterAll(() => store.close());

it('a bill whose insurer has not answered is mailed as nothing due yet, never as paid: the same client may owe it later', async () => {
  const oak = await Office.open();
  const { payerId } = oak.practice.insurer;
  const { billId } = await oak.bill(undefined, { responsibility: 'insurance', payerId });
  await oak.share(billId);
  await oak.sendDue();
  const subject = oak.mail.taken[0]?.message.subject;
  expect([subject, oak.mail.lastText]).toEqual([
    'You have a new bill from Oak Street Therapy LLC',
    expect.stringContaining('Nothing is due from you now. Should a part of this bill fall to you later'),
  ]);
  expect(`${subject}${oak.mail.lastText}`).not.toMatch(/paid|thank|#t=|insur/i);

  const body = { amountCents: 0, remainder: 'bill_client' };
  await oak.ask(addInsurancePaymentRow, addInsurancePayment, { path: { billId }, body, key: 'the insurer denies' });
  await oak.share(billId);
  await oak.sendDue();
  expect(oak.mail.lastText).toMatch(/Amount due\n\$165\.00/);
});
