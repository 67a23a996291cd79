import { FrontDesk } from '../../fixtures/frontDesk';

/** The limit of one transaction is a refusal with a way on, never a surprise (house rule on keys). */
let desk: FrontDesk;
beforeAll(async () => {
  desk = await FrontDesk.open();
});
afterAll(() => desk.close());

test('credit from more prepayments than one transaction holds is refused whole, and taken in parts', async () => {
  await desk.changeSettings({ applyCreditAutomatically: false });
  const clientId = await desk.client();
  for (let count = 0; count < 98; count += 1) await desk.prepay(clientId, 100);
  const { billId } = await desk.bill(9_800, { clientId });
  const credit = (amountCents: number) => desk.pay(billId, { type: 'credit_discount', source: 'credit', amountCents });
  const refused = await credit(9_800);
  expect([refused.status, refused.body.code, refused.body.limit]).toEqual([422, 'too_much_at_once', 100]);
  expect((await desk.see(billId)).status).toBe('open');
  expect([(await credit(5_000)).status, (await credit(4_800)).status]).toEqual([201, 201]);
  expect((await desk.see(billId)).status).toBe('paid');
});
