import { costOf } from '../../bench/costs';
import { fillPractice } from '../../bench/manyBills';
import { handler as cancelBill } from '../../functions/bills/cancelBill';
import { handler as createBill } from '../../functions/bills/createBill';
import { handler as getBill } from '../../functions/bills/getBill';
import { handler as getBillingSummary } from '../../functions/bills/getBillingSummary';
import { handler as listBills } from '../../functions/bills/listBills';
import { handler as listDocuments } from '../../functions/documents/listDocuments';
import { handler as addPayment } from '../../functions/payments/addPayment';
import { handler as listPending } from '../../functions/pending/listPending';
import { handler as refundPayment } from '../../functions/refunds/refundPayment';
import { RequestCounter } from '../../local/cloud/requestCounter';
import { newId } from '../../shared/ids';
import {
  cancelBillRow,
  createBillRow,
  getBillingSummaryRow,
  getBillRow,
  listBillsRow,
} from '../../shared/operations/bills';
import { listDocumentsRow } from '../../shared/operations/documents';
import { addPaymentRow, refundPaymentRow } from '../../shared/operations/payments';
import { listPendingRow } from '../../shared/operations/pending';
import type { Row } from '../../shared/operations/row';
import { loadBill, recordOf } from '../../shared/store/billStore';
import { billHeadEntity } from '../../shared/store/table';
import { type Answered, type Asked, ask } from '../fixtures/apiEvent';
import { newBill, newClient, newSession, payInCash } from '../fixtures/chart';
import { openPractice, type TestPractice } from '../fixtures/practice';
import { type OpenStore, openStore } from '../fixtures/store';
import { bytesOf } from '../fixtures/weight';

/** So many bills in one practice: twenty thousand in `npm run test:full` and `npm run bench`. */
const howMany = process.env.FULL ? 20_000 : 2000;

let store: OpenStore;
let counter: RequestCounter;
beforeAll(async () => {
  store = await openStore();
  counter = new RequestCounter(store.engine);
});
afterAll(() => store.close());

/** A practice with one client and a bill in each list. */
async function openOffice() {
  const practice = await openPractice();
  const { clientId } = await newClient(practice);
  const [open, partly, paid] = [
    await newBill(practice, clientId),
    await newBill(practice, clientId),
    await newBill(practice, clientId),
  ];
  await payInCash(practice, partly.billId, 5000);
  await payInCash(practice, paid.billId, 16500);
  return { practice, clientId, billIds: [open.billId, partly.billId, paid.billId] };
}

class Desk {
  readonly requests: Record<string, string> = {};
  constructor(private readonly practice: TestPractice) {}

  async step(name: string, handler: Parameters<typeof ask>[0], row: Row, asked: Asked = {}): Promise<Answered['body']> {
    counter.start();
    const answer = await ask(handler, row, { caller: this.practice.admin, key: newId('wrk'), ...asked });
    this.requests[name] = costOf(counter.stop()).requests;
    expect([name, answer.status]).toEqual([name, answer.status < 300 ? answer.status : 200]);
    return answer.body;
  }
}

/** A day at the desk: what each step asks of DynamoDB. */
async function aDay(practice: TestPractice, clientId: string): Promise<Readonly<Record<string, string>>> {
  const desk = new Desk(practice);
  const { sessionId } = await newSession(practice, clientId, { status: 'completed' });
  for (const section of ['open', 'overdue', 'partially_paid', 'paid']) {
    await desk.step(section, listBills, listBillsRow, { query: { section } });
  }
  await desk.step('bills of a client', listBills, listBillsRow, { query: { section: 'open', clientId } });
  await desk.step('Documents tab', listDocuments, listDocumentsRow, { path: { clientId } });
  await desk.step('pending', listPending, listPendingRow);
  const made = { clientId, sessions: [{ sessionId }] };
  const { billId } = await desk.step('create', createBill, createBillRow, { body: made });
  const path = { billId };
  await desk.step('read', getBill, getBillRow, { path });
  const cash = { type: 'cash_check', amountCents: 5000 };
  const { payment } = await desk.step('pay', addPayment, addPaymentRow, { path, body: cash });
  const { paymentId } = payment;
  await desk.step('refund', refundPayment, refundPaymentRow, { path: { paymentId }, body: { reason: 'Test' } });
  await desk.step('cancel', cancelBill, cancelBillRow, { path, body: { reason: 'Test' } });
  return desk.requests;
}

/** What one page of a query holds at most. */
const MB = 1024 * 1024;
const pagesOf = (bills: number, headBytes: number): number => Math.ceil(bills / Math.floor(MB / headBytes));

test(`${howMany} bills in one practice change no operation’s requests; the summary reads a page for each MB of heads`, async () => {
  const { practice, clientId, billIds } = await openOffice();
  const { practiceId } = practice;
  const few = await aDay(practice, clientId);
  const models = await Promise.all(billIds.map(async id => recordOf(await loadBill(practiceId, id), id)));
  await fillPractice(store.engine, practiceId, { models, howMany });
  expect(await aDay(practice, clientId)).toEqual(few);

  const desk = new Desk(practice);
  const { sections } = await desk.step('summary', getBillingSummary, getBillingSummaryRow);
  const { open, paid } = sections;
  expect(open.count + paid.count).toBe(howMany + billIds.length);
  const headBytes = Math.max(...models.map(({ head }) => bytesOf(billHeadEntity.item(practiceId, head))));
  const [, queries] = /^Query (\d+)$/.exec(desk.requests.summary ?? '') ?? [];
  // And one each for the cancelled bills and those that need attention, of which there are few.
  const most = pagesOf(open.count, headBytes) + pagesOf(paid.count, headBytes) + 2;
  expect(Number(queries)).toBeLessThanOrEqual(most);
  expect(most).toBeLessThanOrEqual(Math.ceil(howMany / 1300) + 3);
}, 300_000);
