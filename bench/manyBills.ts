import { marshall } from '@aws-sdk/util-dynamodb';
import { handler as cancelBill } from '../functions/bills/cancelBill';
import { handler as createBill } from '../functions/bills/createBill';
import { handler as getBill } from '../functions/bills/getBill';
import { handler as getBillingSummary } from '../functions/bills/getBillingSummary';
import { handler as listBills } from '../functions/bills/listBills';
import { handler as listDocuments } from '../functions/documents/listDocuments';
import { handler as addPayment } from '../functions/payments/addPayment';
import { handler as listPending } from '../functions/pending/listPending';
import { handler as refundPayment } from '../functions/refunds/refundPayment';
import type { Engine } from '../local/aws/dynamodb/engine';
import { RequestCounter } from '../local/cloud/requestCounter';
import type { BillRecord } from '../shared/domain/billRecord';
import { addDays, calendarDate } from '../shared/domain/calendar';
import { newId } from '../shared/ids';
import {
  cancelBillRow,
  createBillRow,
  getBillingSummaryRow,
  getBillRow,
  listBillsRow,
} from '../shared/operations/bills';
import { listDocumentsRow } from '../shared/operations/documents';
import { addPaymentRow, refundPaymentRow } from '../shared/operations/payments';
import { listPendingRow } from '../shared/operations/pending';
import type { Row } from '../shared/operations/row';
import { entryWrite, loadBill, newBillWrites, recordOf } from '../shared/store/billStore';
import type { Item } from '../shared/store/kernel';
import { type Answered, type Asked, ask } from '../test/fixtures/apiEvent';
import { newBill, newClient, newSession, payInCash } from '../test/fixtures/chart';
import { openPractice, type TestPractice } from '../test/fixtures/practice';
import type { OpenStore } from '../test/fixtures/store';
import { costOf } from './costs';

export interface ManyBills {
  /** What a day at the desk asks of DynamoDB in a practice of three bills, step by step. */
  readonly few: Readonly<Record<string, string>>;
  /** The same when it has many. */
  readonly many: Readonly<Record<string, string>>;
  /** The summary of the sections with many, which has every bill counted. */
  readonly summary: string;
  readonly counted: { readonly open: number; readonly paid: number };
  /** The heads in the lists. */
  readonly heads: readonly BillRecord['head'][];
}

/** The same day in a practice of three bills and in one of so many more, in this process. */
export async function measureManyBills({ engine }: OpenStore, howMany: number): Promise<ManyBills> {
  const counter = new RequestCounter(engine);
  const { practice, clientId, billIds } = await openOffice();
  const { practiceId } = practice;
  const few = await aDay(new Desk(practice, counter), practice, clientId);
  const models = await Promise.all(billIds.map(async id => recordOf(await loadBill(practiceId, id), id)));
  await fillPractice(engine, practiceId, { models, howMany });
  const many = await aDay(new Desk(practice, counter), practice, clientId);
  const desk = new Desk(practice, counter);
  const { sections } = await desk.step('summary', getBillingSummary, getBillingSummaryRow);
  const counted = { open: sections.open.count, paid: sections.paid.count };
  return { few, many, summary: desk.requests.summary ?? '', counted, heads: models.map(({ head }) => head) };
}

/** A practice with one client and a bill in each list: open, partly paid, paid. */
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
  constructor(
    private readonly practice: TestPractice,
    private readonly counter: RequestCounter,
  ) {}

  async step(name: string, handler: Parameters<typeof ask>[0], row: Row, asked: Asked = {}): Promise<Answered['body']> {
    this.counter.start();
    const { status, body } = await ask(handler, row, { caller: this.practice.admin, key: newId('wrk'), ...asked });
    this.requests[name] = costOf(this.counter.stop()).requests;
    if (status >= 300) throw new Error(`${name} answered ${status}: ${JSON.stringify(body)}`);
    return body;
  }
}

async function aDay(desk: Desk, practice: TestPractice, clientId: string): Promise<Readonly<Record<string, string>>> {
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

/** Ids of a bill that belong to it alone: a copy has its own. Its client stays. */
const ownId = /\b(bill|line|ent|pay)_[0-9A-HJKMNP-TV-Z]{26}\b/g;

/** The bill once more, under other ids and another number, issued and due some days earlier. */
function copyOf(record: BillRecord, nth: number): BillRecord {
  const ids = new Map<string, string>();
  const renamed = JSON.stringify(record).replace(ownId, (id, prefix: 'bill') => {
    const own = ids.get(id) ?? newId(prefix);
    ids.set(id, own);
    return own;
  });
  const copy = JSON.parse(renamed) as BillRecord;
  const { head, text } = copy;
  const number = `${head.number.split('-')[0]}-${100_000 + nth}`;
  const earlier = (date: string) => addDays(calendarDate(date), -(nth % 300));
  return {
    ...copy,
    head: { ...head, number, issuedOn: earlier(head.issuedOn), dueOn: earlier(head.dueOn) },
    text: { ...text, number },
  };
}

/** Fills a practice with copies of its bills, in turn, straight into the engine: heads, texts, entries, and their indexes. */
async function fillPractice(
  engine: Pick<Engine, 'handle'>,
  practiceId: string,
  { models, howMany }: { readonly models: readonly BillRecord[]; readonly howMany: number },
): Promise<void> {
  let batch: Item[] = [];
  const put = async () => {
    const puts = batch.map(item => ({ PutRequest: { Item: marshall(item, { removeUndefinedValues: true }) } }));
    await engine.handle('BatchWriteItem', { RequestItems: { [process.env.TABLE_NAME ?? '']: puts } });
    batch = [];
  };
  for (let nth = 0; nth < howMany; nth += 1) {
    const model = models[nth % models.length];
    if (!model) throw new Error('there is no bill to copy');
    const copy = copyOf(model, nth);
    const writes = [...newBillWrites(practiceId, copy), ...copy.entries.map(entry => entryWrite(practiceId, entry))];
    for (const write of writes) {
      if ('put' in write) batch.push(write.put);
      if (batch.length === 25) await put();
    }
  }
  if (batch.length > 0) await put();
}
