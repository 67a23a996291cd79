import { handler as cancelBill } from '../../../functions/bills/cancelBill';
import { handler as deleteBill } from '../../../functions/bills/deleteBill';
import { handler as getBill } from '../../../functions/bills/getBill';
import { handler as getBillHistory } from '../../../functions/bills/getBillHistory';
import { handler as listBills } from '../../../functions/bills/listBills';
import { handler as listDocuments } from '../../../functions/documents/listDocuments';
import { handler as getSession } from '../../../functions/sessions/getSession';
import {
  cancelBillRow,
  deleteBillRow,
  getBillHistoryRow,
  getBillRow,
  listBillsRow,
} from '../../../shared/operations/bills';
import { listDocumentsRow } from '../../../shared/operations/documents';
import { getSessionRow } from '../../../shared/operations/sessions';
import type { Asked } from '../../fixtures/apiEvent';
import { FrontDesk } from '../../fixtures/frontDesk';

let oak: FrontDesk;
beforeAll(async () => {
  oak = await FrontDesk.open();
});
afterAll(() => oak.close());

const remove = (billId: string, asked: Asked = {}) =>
  oak.ask(deleteBillRow, deleteBill, { path: { billId }, ...asked });
const billingOf = async (sessionId: string) =>
  (await oak.ask(getSessionRow, getSession, { path: { sessionId } })).body.billing;

/** Everywhere that staff could meet the bill. */
async function whereabouts({ billId, clientId }: { billId: string; clientId: string }) {
  const path = { billId };
  const list = await oak.ask(listBillsRow, listBills, { query: { section: 'cancelled', limit: '100' } });
  const chart = await oak.ask(listDocumentsRow, listDocuments, { path: { clientId } });
  return {
    bill: (await oak.ask(getBillRow, getBill, { path })).status,
    history: (await oak.ask(getBillHistoryRow, getBillHistory, { path })).status,
    listed: list.body.items.some((item: { billId: string }) => item.billId === billId),
    inChart: chart.body.items.some((item: { id: string }) => item.id === billId),
  };
}

describe('204', () => {
  it('(R56) cancels and hides the bill; its sessions are pending and its number is never used again (rule 50)', async () => {
    const bill = await oak.bill();
    const answer = await remove(bill.billId);
    expect([answer.status, answer.body]).toEqual([204, undefined]);
    expect(await whereabouts(bill)).toEqual({ bill: 404, history: 404, listed: false, inChart: false });
    expect(await billingOf(bill.lines[0].sessionId)).toBe('unbilled');
    const next = await oak.bill();
    expect(Number(next.number.split('-')[1])).toBeGreaterThan(Number(bill.number.split('-')[1]));
    expect((await remove(bill.billId)).status).toBe(404);
  });

  it('a cancelled bill is hidden as it is', async () => {
    const bill = await oak.bill();
    await oak.done(cancelBillRow, cancelBill, { path: { billId: bill.billId }, body: { sessions: 'waive' } });
    expect((await whereabouts(bill)).listed).toBe(true);
    expect((await remove(bill.billId)).status).toBe(204);
    expect(await whereabouts(bill)).toEqual({ bill: 404, history: 404, listed: false, inChart: false });
    expect(await billingOf(bill.lines[0].sessionId)).toBe('waived');
  });

  it('sessions are waived and payments turned into credit when the query says so', async () => {
    const bill = await oak.bill();
    const { paymentId } = await oak.cash(bill.billId, 2500);
    const query = { sessions: 'waive', payments: 'convert_to_credit' };
    expect((await remove(bill.billId, { query })).status).toBe(204);
    expect(await billingOf(bill.lines[0].sessionId)).toBe('waived');
    // The money of a deleted bill is still refunded from its payment.
    const refunded = await oak.refund(paymentId);
    expect(refunded).toMatchObject({ status: 201, body: { refund: { amountCents: 2500 } } });
  });
});

describe('404', () => {
  it('another practitioner’s bill is not there', async () => {
    const { billId } = await oak.bill();
    expect((await remove(billId, { caller: oak.practice.colleague })).status).toBe(404);
  });
});

describe('409', () => {
  it('(R57) bill_has_payments lists each; nothing is hidden', async () => {
    const bill = await oak.bill();
    const { paymentId } = await oak.cash(bill.billId, 2500);
    const payments = [{ paymentId, appliedCents: 2500 }];
    expect(await remove(bill.billId)).toMatchObject({ status: 409, body: { code: 'bill_has_payments', payments } });
    expect((await whereabouts(bill)).bill).toBe(200);
  });
});

describe('412', () => {
  it('version_conflict tells the version', async () => {
    const { billId } = await oak.bill();
    await oak.cash(billId, 100);
    const stale = await remove(billId, { headers: { 'if-match': '"1"' } });
    expect(stale).toMatchObject({ status: 412, body: { version: 2 } });
  });
});
