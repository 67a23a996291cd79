import { handler as cancelBill } from '../../../functions/bills/cancelBill';
import { handler as deleteBill } from '../../../functions/bills/deleteBill';
import { handler as listBills } from '../../../functions/bills/listBills';
import { handler as listDocuments } from '../../../functions/documents/listDocuments';
import { handler as addInsurancePayment } from '../../../functions/payments/addInsurancePayment';
import { newId } from '../../../shared/ids';
import { cancelBillRow, deleteBillRow, listBillsRow } from '../../../shared/operations/bills';
import { listDocumentsRow } from '../../../shared/operations/documents';
import { addInsurancePaymentRow } from '../../../shared/operations/payments';
import type { Asked } from '../../fixtures/apiEvent';
import { needingAttention } from '../../fixtures/attention';
import { FrontDesk, openedAt, standAt, waitDays } from '../../fixtures/frontDesk';
import { pagesOf } from '../../fixtures/pages';

let oak: FrontDesk;
let clientId: string;
beforeAll(async () => {
  oak = await FrontDesk.open();
});
afterAll(() => oak.close());

type Query = Readonly<Record<string, string>>;
const list = (query: Query = {}, asked: Asked = {}) => oak.ask(listBillsRow, listBills, { query, ...asked });
const idsOf = async (query: Query, asked: Asked = {}): Promise<string[]> => {
  const { status, body } = await list({ limit: '100', ...query }, asked);
  if (status !== 200) throw new Error(JSON.stringify(body));
  return body.items.map((item: { billId: string }) => item.billId);
};

/** One bill of each state, all of one client of the practitioner, in a practice of its own. */
async function billsOfEachState(desk: FrontDesk) {
  standAt(openedAt);
  clientId = await desk.client();
  await desk.policy(clientId, { copayCents: 2000 });
  const make = async (more: Query = {}): Promise<string> => (await desk.bill(10_000, { clientId, ...more })).billId;
  const open = await make({ dueOn: '2026-05-01' });
  const late = await make({ dueOn: '2026-03-20' });
  const partly = await make({ dueOn: '2026-04-20' });
  await desk.cash(partly, 4000);
  const partlyLate = await make({ dueOn: '2026-03-15' });
  await desk.cash(partlyLate, 9000);
  const waiting = await make({ dueOn: '2026-03-12', responsibility: 'insurance' });
  await desk.cash(waiting, 2000);
  const halfInsured = await make({ dueOn: '2026-04-30', responsibility: 'insurance' });
  await desk.done(addInsurancePaymentRow, addInsurancePayment, {
    path: { billId: halfInsured },
    body: { amountCents: 8000 },
    key: newId('pay'),
  });
  const paid = await make();
  await desk.cash(paid, 10_000);
  const cancelled = await make();
  await desk.done(cancelBillRow, cancelBill, { path: { billId: cancelled }, body: {} });
  const hidden = await make();
  await desk.done(deleteBillRow, deleteBill, { path: { billId: hidden } });
  waitDays(21);
  return { open, late, partly, partlyLate, waiting, halfInsured, paid, cancelled, hidden };
}

let bills: Awaited<ReturnType<typeof billsOfEachState>>;
beforeAll(async () => {
  bills = await billsOfEachState(oak);
});

describe('200 by section', () => {
  it('(R37) open is every bill with a balance of client or insurer, by due date; nothing else', async () => {
    const { open, late, partly, partlyLate, waiting, halfInsured } = bills;
    const unpaid = await idsOf({ section: 'open' });
    expect(unpaid).toEqual([partlyLate, late, partly, halfInsured, open, waiting]);
    expect(await idsOf({})).toEqual(unpaid);
    expect(await idsOf({ sort: '-dueOn' })).toEqual([...unpaid].reverse());
  });

  it('(R38) the same bills stand in the client’s Documents tab', async () => {
    const { body } = await oak.ask(listDocumentsRow, listDocuments, { path: { clientId }, query: { limit: '100' } });
    const documents = body.items.filter((item: { kind: string; balanceCents: number }) => item.kind === 'bill');
    const owed = documents.filter((item: { balanceCents: number }) => item.balanceCents > 0);
    expect(owed.map(({ id }: { id: string }) => id).sort()).toEqual((await idsOf({ section: 'open' })).sort());
  });

  it('overdue is what the client owes from the day after the due date, never what the insurer alone owes (R16)', async () => {
    const { late, partlyLate } = bills;
    const { body } = await list({ section: 'overdue' });
    expect(body.items.map(({ billId, overdue }: { billId: string; overdue: boolean }) => [billId, overdue])).toEqual([
      [partlyLate, true],
      [late, true],
    ]);
  });

  it('partly paid, waiting for the insurer, paid, cancelled: each bill in the one that fits', async () => {
    const { partly, partlyLate, waiting, halfInsured, paid, cancelled } = bills;
    expect(await idsOf({ section: 'partially_paid' })).toEqual([partlyLate, partly, halfInsured]);
    expect(await idsOf({ section: 'awaiting_insurance' })).toEqual([waiting]);
    expect(await idsOf({ section: 'paid' })).toEqual([paid]);
    expect(await idsOf({ section: 'cancelled' })).toEqual([cancelled]);
  });

  it('needs attention is every bill with something open to look at, paid ones too, deleted ones never', async () => {
    await needingAttention(oak, bills.late);
    await needingAttention(oak, bills.late);
    await needingAttention(oak, bills.paid);
    await needingAttention(oak, bills.hidden);
    const { body } = await list({ section: 'needs_attention' });
    const items: { billId: string; needsAttention: boolean }[] = body.items;
    expect(items.map(({ billId }) => billId).sort()).toEqual([bills.late, bills.paid].sort());
    expect(items.every(({ needsAttention }) => needsAttention)).toBe(true);
  });

  it('an item of a list says what the bill itself says, without lines, comments or codes', async () => {
    const { body } = await list({ section: 'paid' });
    const { lines, comments, footer, accessCode, recipient, payments, shares, ...head } = await oak.see(bills.paid);
    expect(body.items).toEqual([head]);
  });
});

describe('200 by filter (clarification 13)', () => {
  it('one client’s bills of a section', async () => {
    const other = await oak.bill();
    expect(await idsOf({ section: 'open', clientId: other.clientId })).toEqual([other.billId]);
    const unpaid = await idsOf({ section: 'open', clientId });
    expect([...unpaid].sort()).toEqual(
      (await idsOf({ section: 'open' })).filter(billId => billId !== other.billId).sort(),
    );
    expect(await idsOf({ section: 'overdue', clientId })).toHaveLength(2);
    expect(await idsOf({ section: 'cancelled', clientId })).toEqual([bills.cancelled]);
  });

  it('a practitioner’s, by amount owed, and by due date', async () => {
    const { practitioner, colleague } = oak.practice;
    const { open, late, partly, partlyLate, waiting, halfInsured } = bills;
    const own = await idsOf({ practitionerId: practitioner.memberId, maxCents: '8000' });
    expect(own).toEqual([partlyLate, partly, halfInsured, waiting]);
    expect(await idsOf({ practitionerId: colleague.memberId })).toEqual([]);
    expect(await idsOf({ clientId, minCents: '8001', sort: 'issuedOn' })).toEqual([open, late]);
    expect(await idsOf({ dueTo: '2026-03-20' })).toEqual([partlyLate, late, waiting]);
  });

  it('from and to are days of issue', async () => {
    standAt('2026-04-15T15:00:00Z');
    const april = await oak.bill(10_000, { clientId });
    await oak.cash(april.billId, 10_000);
    expect(await idsOf({ section: 'paid', from: '2026-04-01' })).toEqual([april.billId]);
    expect(await idsOf({ section: 'paid', to: '2026-04-14' })).toEqual([bills.paid]);
    expect(await idsOf({ section: 'paid' })).toEqual([april.billId, bills.paid]);
    expect(await idsOf({ section: 'paid', sort: 'issuedOn' })).toEqual([bills.paid, april.billId]);
    expect(await idsOf({ section: 'paid', clientId, from: '2026-04-15', to: '2026-04-15' })).toEqual([april.billId]);
  });

  it('pages lose and double nothing', async () => {
    for (const section of ['open', 'partially_paid', 'paid']) {
      const pages = await pagesOf(asked => oak.ask(listBillsRow, listBills, asked), { query: { section } }, 2);
      const ids = pages.flat().map(item => (item as { billId: string }).billId);
      expect(pages.every(page => page.length <= 2)).toBe(true);
      expect(ids).toEqual(await idsOf({ section }));
    }
  });

  it('a practitioner sees own clients’ bills only, whatever the section', async () => {
    const { colleague, practitioner } = oak.practice;
    for (const section of ['open', 'overdue', 'partially_paid', 'awaiting_insurance', 'paid', 'cancelled']) {
      expect(await idsOf({ section }, { caller: colleague })).toEqual([]);
      expect(await idsOf({ section }, { caller: practitioner })).toEqual(await idsOf({ section }));
    }
    expect(await idsOf({ clientId }, { caller: colleague })).toEqual([]);
  });
});

describe('422', () => {
  const pointersOf = async (query: Query) => {
    const { status, body } = await list(query);
    return [status, ...(body.errors ?? []).map((error: { pointer: string }) => error.pointer)];
  };

  it('days of issue and their order go with one client, paid or cancelled; due dates with the rest', async () => {
    expect(await pointersOf({ section: 'open', from: '2026-01-01' })).toEqual([422, '/from']);
    expect(await pointersOf({ section: 'paid', from: '2026-02-01', to: '2026-01-01' })).toEqual([422, '/to']);
    expect(await pointersOf({ section: 'open', sort: 'issuedOn' })).toEqual([422, '/sort']);
    expect(await pointersOf({ section: 'paid', sort: 'dueOn' })).toEqual([422, '/sort']);
  });

  it('a cursor of another list or another practice is refused', async () => {
    const { body } = await list({ section: 'open', limit: '1' });
    expect(await pointersOf({ section: 'paid', cursor: body.nextCursor })).toEqual([422, '/cursor']);
    const elm = await oak.neighbour();
    const asked = { query: { section: 'open', cursor: body.nextCursor } };
    expect((await elm.ask(listBillsRow, listBills, asked)).status).toBe(422);
  });
});
