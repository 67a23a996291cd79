import { cancelBill } from '../../../functions/bills/cancelBill';
import { deleteBill } from '../../../functions/bills/deleteBill';
import { listDocuments } from '../../../functions/documents/listDocuments';
import { handler as cancelSession } from '../../../functions/sessions/cancelSession';
import { serve } from '../../../shared/http/serve';
import { cancelBillRow, deleteBillRow } from '../../../shared/operations/bills';
import { listDocumentsRow } from '../../../shared/operations/documents';
import { cancelSessionRow } from '../../../shared/operations/sessions';
import { clientStore } from '../../../shared/store/clientStore';
import { documentsPage } from '../../../shared/store/documentsStore';
import { type Asked, asking } from '../../fixtures/apiEvent';
import { newSession, payInCash, supervisorOf } from '../../fixtures/chart';
import { pagesOf } from '../../fixtures/pages';
import { Office } from '../../fixtures/sharing';
import { type OpenStore, openStore } from '../../fixtures/store';

let store: OpenStore;
let oak: Office;
let clientId: string;
beforeAll(async () => {
  store = await openStore();
});
afterAll(() => store.close());
beforeEach(async () => {
  oak = await Office.open();
  clientId = await oak.client();
});

const documents = (asked: Asked = {}) => {
  const needs = { clients: clientStore, documentsPage, clock: oak.needs.clock };
  const list = asking(serve(listDocumentsRow, listDocuments(needs)), listDocumentsRow);
  return list({ caller: oak.practice.admin, path: { clientId }, ...asked });
};
const items = async (asked: Asked = {}) => (await documents(asked)).body.items;
const cancel = (billId: string) =>
  oak.ask(cancelBillRow, serve(cancelBillRow, cancelBill(oak.needs)), { path: { billId }, body: {} });
const pendingSession = async (more: object = {}): Promise<string> =>
  (await newSession(oak.practice, clientId, { status: 'completed', ...more })).sessionId;

describe('GET /clients/{clientId}/documents 200', () => {
  it('R8, R38: unbilled sessions and bills in one list, the newest first, each line as clarification 40 says', async () => {
    const { billId, number } = await oak.bill(clientId);
    const sessionId = await pendingSession({ startsAt: '2026-02-20T15:00:00Z' });
    expect(await items()).toEqual([
      {
        kind: 'bill',
        id: billId,
        on: '2026-03-10',
        title: `Bill ${number}`,
        amountCents: 16_500,
        balanceCents: 16_500,
        status: 'open',
        overdue: false,
        dueOn: expect.any(String),
        sharing: { status: 'not_shared', delivery: 'none' },
      },
      {
        kind: 'session',
        id: sessionId,
        on: '2026-02-20',
        title: '90837 Individual therapy, 60 minutes',
        amountCents: 16_500,
        balanceCents: 16_500,
        status: 'unbilled',
        sharing: null,
      },
    ]);
  });

  it('a bill’s line follows its life: paid in part, shared, overdue the day after it was due, paid', async () => {
    const { billId } = await oak.bill(clientId, { dueOn: '2026-03-11' });
    await payInCash(oak.practice, billId, 6500);
    await oak.share(billId);
    const line = { status: 'partially_paid', amountCents: 16_500, balanceCents: 10_000, overdue: false };
    expect(await items()).toMatchObject([{ ...line, sharing: { status: 'scheduled', scheduledAt: oak.now } }]);
    // Half past eleven of the due date in New York, the next day in UTC.
    oak.wait(36 * 60 + 30);
    expect(await items()).toMatchObject([{ overdue: false }]);
    oak.wait(31);
    expect(await items()).toMatchObject([{ overdue: true }]);
    await payInCash(oak.practice, billId, 10_000);
    expect(await items()).toMatchObject([{ status: 'paid', balanceCents: 0, overdue: false }]);
  });

  it('what is owed counts both sides of an insured bill, and such a bill alone is never overdue', async () => {
    const { payerId } = oak.practice.insurer;
    await oak.bill(clientId, { responsibility: 'insurance', payerId, dueOn: '2026-03-10' });
    oak.wait(3 * 24 * 60);
    expect(await items()).toMatchObject([{ status: 'awaiting_insurance', balanceCents: 16_500, overdue: false }]);
  });

  it('a cancelled bill stays with what it was, its session is unbilled again; a deleted one is gone', async () => {
    const { billId } = await oak.bill(clientId);
    await cancel(billId);
    expect(await items()).toMatchObject([
      { kind: 'bill', status: 'cancelled', amountCents: 16_500, balanceCents: 0 },
      { kind: 'session', status: 'unbilled' },
    ]);
    await oak.ask(deleteBillRow, serve(deleteBillRow, deleteBill(oak.needs)), { path: { billId } });
    expect(await items()).toMatchObject([{ kind: 'session' }]);
  });

  it('a missed session with a fee is named by what happened', async () => {
    const { sessionId } = await newSession(oak.practice, clientId);
    expect(await items()).toEqual([]);
    const body = { status: 'no_show', noShowFeeCents: 7500 };
    await asking(cancelSession, cancelSessionRow)({ caller: oak.practice.admin, path: { sessionId }, body });
    expect(await items()).toMatchObject([{ kind: 'session', title: 'no show', amountCents: 7500 }]);
  });

  it('pages hold at most the limit, lose and double nothing', async () => {
    for (const day of [1, 2, 3]) await pendingSession({ startsAt: `2026-03-0${day}T15:00:00Z` });
    for (let n = 0; n < 2; n += 1) await oak.bill(clientId);
    const all = (await items()).map(({ id }: { id: string }) => id);
    const pages = await pagesOf<{ id: string }>(documents, {}, 2);
    expect(pages.every(({ length }) => length <= 2)).toBe(true);
    expect(pages.flat().map(({ id }) => id)).toEqual(all);
    expect(all).toHaveLength(5);
  });

  it('holds no other client’s documents; the client’s practitioner and supervisor see it', async () => {
    await oak.bill();
    await pendingSession();
    const supervisor = await supervisorOf(oak.practice, oak.practice.practitioner);
    for (const caller of [oak.practice.biller, oak.practice.practitioner, supervisor]) {
      expect(await items({ caller })).toMatchObject([{ kind: 'session' }]);
    }
  });
});

describe('GET /clients/{clientId}/documents 404', () => {
  it('somebody else’s client, and another practice’s', async () => {
    await pendingSession();
    const elm = await Office.open();
    for (const caller of [oak.practice.colleague, elm.practice.admin]) {
      expect(await documents({ caller })).toMatchObject({ status: 404, body: { code: 'not_found', what: 'client' } });
    }
  });
});
