import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { loadBill, loadClientMoney } from '../../shared/store/billStore';
import { billHeadEntity, lotEntity } from '../../shared/store/table';
import { type Difference, verifyPractice } from '../../shared/store/verifyPractice';
import { FrontDesk } from '../fixtures/frontDesk';

let desk: FrontDesk;
beforeAll(async () => {
  desk = await FrontDesk.open();
});
// Not `desk.close()`, which would find what these tests broke.
afterAll(() => desk.store.close());

const put = (item: object) =>
  desk.store.documents.send(new PutCommand({ TableName: process.env.TABLE_NAME, Item: { ...item } }));

async function differences(): Promise<Difference[]> {
  const found: Difference[] = [];
  for await (const client of verifyPractice(desk.practiceId)) found.push(...client.differences);
  return found;
}

test('a practice whose stored balances are what its ledger says has no differences, and its ledger sums to 0', async () => {
  const { billId, clientId } = await desk.bill(10_000);
  await desk.cash(billId, 4_000);
  await desk.prepay(clientId, 2_500);
  let counted = { bills: 0, entries: 0, sum: 0 };
  for await (const { bills, entries, sums, differences: found } of verifyPractice(desk.practiceId)) {
    expect(found).toEqual([]);
    const sum = [...sums.values()].reduce((total, cents) => total + cents, 0);
    counted = { bills: counted.bills + bills, entries: counted.entries + entries, sum: counted.sum + sum };
  }
  expect(counted).toEqual({ bills: 1, entries: 3, sum: 0 });
});

test('a balance that somebody changed by hand is found, with what is stored and what the ledger says', async () => {
  const { billId } = await desk.bill(7_000);
  const { head } = (await loadBill(desk.practiceId, billId)).records.get(billId) ?? {};
  if (!head) throw new Error('no bill');
  await put(billHeadEntity.item(desk.practiceId, { ...head, clientBalanceCents: 6_999 as never }));
  expect(await differences()).toEqual([{ id: billId, what: 'clientBalanceCents', stored: 6_999, ledger: 7_000 }]);
  await put(billHeadEntity.item(desk.practiceId, head));
});

test('a lot that holds another amount than its entries say is found', async () => {
  const clientId = await desk.client();
  await desk.prepay(clientId, 2_000);
  const [lot] = (await loadClientMoney(desk.practiceId, clientId)).book.lots;
  if (!lot) throw new Error('no lot');
  await put(lotEntity.item(desk.practiceId, { ...lot, remainingCents: 2_001 as never }));
  expect(await differences()).toEqual([{ id: clientId, what: expect.stringContaining(lot.lotId) }]);
});
