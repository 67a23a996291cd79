import { handler as getClient } from '../../../functions/clients/getClient';
import { handler as listDocuments } from '../../../functions/documents/listDocuments';
import { createStatement } from '../../../functions/statements/createStatement';
import { getStatement } from '../../../functions/statements/getStatement';
import { handler as listStatements } from '../../../functions/statements/listStatements';
import { calendarDate } from '../../../shared/domain/calendar';
import { serve } from '../../../shared/http/serve';
import { newId } from '../../../shared/ids';
import { real, systemAct } from '../../../shared/needs';
import { getClientRow } from '../../../shared/operations/clients';
import { listDocumentsRow } from '../../../shared/operations/documents';
import { createStatementRow, getStatementRow, listStatementsRow } from '../../../shared/operations/statements';
import { readClientLedger } from '../../../shared/store/billStore';
import { statementStore } from '../../../shared/store/statementStore';
import { MemoryDocuments } from '../../fakes/memoryDocuments';
import type { Answered, Asked } from '../../fixtures/apiEvent';
import { FrontDesk, today } from '../../fixtures/frontDesk';
import { pagesOf } from '../../fixtures/pages';

let oak: FrontDesk;
const files = new MemoryDocuments();
beforeAll(async () => {
  oak = await FrontDesk.open({ shortCode: 'OAK' });
});
afterAll(() => oak.close());

const year = { from: '2026-01-01', to: '2026-12-31' };
const create = (clientId: string, body: object = year, asked: Asked = {}): Promise<Answered> =>
  oak.ask(createStatementRow, serve(createStatementRow, createStatement(real, files)), {
    path: { clientId },
    body,
    ...asked,
  });
const see = (clientId: string, statementId: string, asked: Asked = {}) =>
  oak.ask(getStatementRow, serve(getStatementRow, getStatement(files)), { path: { clientId, statementId }, ...asked });
const list = (clientId: string, asked: Asked = {}) =>
  oak.ask(listStatementsRow, listStatements, { path: { clientId }, ...asked });
const documentsOf = async (clientId: string) =>
  (await oak.done(listDocumentsRow, listDocuments, { path: { clientId } })).items;

/** What the client's account comes to, by the ledger alone: owed on bills, and in credit. */
async function byLedger(clientId: string): Promise<{ owed: number; credit: number }> {
  const postings = (await readClientLedger(oak.practiceId, clientId)).flatMap(entry => entry.postings);
  const sum = (account: string) =>
    postings.filter(posting => posting.account === account).reduce((total, { amountCents }) => total + amountCents, 0);
  return { owed: sum('client_receivable'), credit: -sum('client_credit') };
}

describe('POST /clients/{clientId}/statements 201', () => {
  it('(R18, R19, R21, R22) lists every movement of the range in order, and closes with what the ledger and the client’s chart say', async () => {
    const clientId = await oak.client();
    const { billId } = await oak.bill(10_000, { clientId });
    const payment = await oak.cash(billId, 12_000, { overpayment: 'credit', paidAt: '2026-02-03T15:00:00Z' });
    await oak.refund(payment.paymentId, { amountCents: 500, destination: 'offline' });
    await oak.bill(3000, { clientId });
    await oak.prepay(clientId, 2500);
    const { status, body } = await create(clientId, { ...year, comments: 'For your records.' });
    expect(status).toBe(201);
    const told = body.entries.map((line: Record<string, unknown>) => Object.values(line).join(' '));
    expect(told).toEqual([
      '2026-02-03 payment Payment by cash or check -12000 2000 -12000',
      '2026-03-10 charge Bill OAK-1001 10000 0 -2000',
      '2026-03-10 refund Refund of a payment by cash or check 500 -500 -1500',
      '2026-03-10 charge Bill OAK-1002 3000 0 1500',
      '2026-03-10 credit Credit applied to bill OAK-1002 0 -1500 1500',
      '2026-03-10 payment Prepayment by cash or check -2500 2500 -1000',
    ]);
    const { owed, credit } = await byLedger(clientId);
    expect(body).toMatchObject({
      clientId,
      clientName: 'Maya Okafor',
      comments: 'For your records.',
      version: 1,
      status: 'current',
      openingCents: 0,
      closingCents: owed - credit,
      closingBalanceCents: owed,
      closingCreditCents: credit,
      sharing: { status: 'not_shared', delivery: 'none' },
      shares: [],
    });
    const chart = await oak.done(getClientRow, getClient, { path: { clientId } });
    expect([chart.balanceCents, chart.creditCents]).toEqual([owed, credit]);
  });

  it('(R22) opens with what the range before closed with; the range’s days are the practice’s own', async () => {
    const clientId = await oak.client();
    const { billId } = await oak.bill(10_000, { clientId });
    // Half past eleven in the evening of the last of January in New York, the first of February in UTC.
    await oak.cash(billId, 4000, { paidAt: '2026-02-01T04:30:00Z' });
    const january = (await create(clientId, { from: '2026-01-01', to: '2026-01-31' })).body;
    const after = (await create(clientId, { from: '2026-02-01', to: '2026-03-31' })).body;
    expect([january.openingCents, january.entries.length, january.closingCents]).toEqual([0, 1, -4000]);
    expect([after.openingCents, after.entries.length, after.closingCents]).toEqual([-4000, 1, 6000]);
  });

  it('(R20) a range in which nothing happened, and one of a single day, are taken; comments may be empty', async () => {
    const clientId = await oak.client();
    await oak.bill(10_000, { clientId });
    const empty = await create(clientId, { from: '2027-05-01', to: '2027-05-01', comments: '' });
    expect(empty).toMatchObject({ status: 201, body: { entries: [], openingCents: 10_000, closingCents: 10_000 } });
  });

  it('is a snapshot: the same range made again is the next version, and the first stays as it was', async () => {
    const clientId = await oak.client();
    const { billId } = await oak.bill(10_000, { clientId });
    const before = (await create(clientId)).body;
    await oak.cash(billId, 10_000);
    const next = (await create(clientId)).body;
    const other = (await create(clientId, { ...year, to: today })).body;
    expect([next.version, next.closingCents, other.version]).toEqual([2, 0, 1]);
    const kept = (await see(clientId, before.statementId)).body;
    expect(kept).toEqual({ ...before, status: 'superseded', supersededBy: next.statementId });
  });

  it('a payment that is dated back into its range leaves it out of date everywhere; one after its range does not', async () => {
    const clientId = await oak.client();
    const { billId } = await oak.bill(10_000, { clientId });
    const january = { from: '2026-01-01', to: '2026-01-31' };
    const first = (await create(clientId, january)).body;
    await oak.cash(billId, 1000, { paidAt: '2026-02-01T15:00:00Z' });
    expect((await see(clientId, first.statementId)).body).toEqual(first);
    await oak.cash(billId, 4000, { paidAt: '2026-01-20T15:00:00Z' });
    expect((await see(clientId, first.statementId)).body).toEqual({ ...first, status: 'out_of_date' });
    const next = (await create(clientId, january)).body;
    expect([next.version, next.status, next.closingCents]).toEqual([2, 'current', -4000]);
    const statuses = ['current', 'superseded'];
    expect((await list(clientId)).body.items.map((one: Answered['body']) => one.status)).toEqual(statuses);
    const papers = (await documentsOf(clientId)).filter(({ kind }: Answered['body']) => kind === 'statement');
    expect(papers.map((one: Answered['body']) => one.status)).toEqual(statuses);
  });

  it('two of one range at the same moment become versions 1 and 2', async () => {
    const clientId = await oak.client();
    await oak.bill(10_000, { clientId });
    const made = await Promise.all([create(clientId), create(clientId)]);
    expect(made.map(({ body }) => body.version).sort()).toEqual([1, 2]);
    const { items } = (await list(clientId)).body;
    expect(items.map((one: Answered['body']) => one.status).sort()).toEqual(['current', 'superseded']);
  });

  it('a run that comes twice, also at the same moment, makes one', async () => {
    const clientId = await oak.client();
    const statementId = newId('stm');
    const request = { statementId, clientId, from: calendarDate(year.from), to: calendarDate(year.to) };
    const run = () =>
      statementStore.create(oak.practiceId, request, { act: systemAct('America/New_York', real), files });
    for (const { statement } of [...(await Promise.all([run(), run()])), await run()]) {
      expect(statement).toMatchObject({ statementId, version: 1, by: { kind: 'system' } });
    }
    expect((await list(clientId)).body.items).toHaveLength(1);
  });

  it('a repeat under its key makes no second one', async () => {
    const clientId = await oak.client();
    const asked = { key: 'statement of the year' };
    const [once, again] = [await create(clientId, year, asked), await create(clientId, year, asked)];
    expect(again).toMatchObject({ status: 201, headers: { 'idempotent-replayed': 'true' }, body: once.body });
    expect((await list(clientId)).body.items).toHaveLength(1);
  });

  it('comes to no more than the practitioner’s own clients', async () => {
    const clientId = await oak.client();
    const { practitioner, colleague } = oak.practice;
    const { body } = await create(clientId, year, { caller: practitioner });
    const { statementId } = body;
    expect((await see(clientId, statementId, { caller: practitioner })).status).toBe(200);
    for (const answer of [
      await create(clientId, year, { caller: colleague }),
      await see(clientId, statementId, { caller: colleague }),
      await list(clientId, { caller: colleague }),
      await see(await oak.client(), statementId),
    ]) {
      expect([answer.status, answer.body.code]).toEqual([404, 'not_found']);
    }
  });
});

describe('POST /clients/{clientId}/statements 422', () => {
  it('(R20) refuses a range that ends before it begins, and one that is missing', async () => {
    const clientId = await oak.client();
    const backwards = await create(clientId, { from: '2026-02-02', to: '2026-02-01' });
    expect(backwards).toMatchObject({ status: 422, body: { errors: [{ pointer: '/to' }] } });
    const open = await create(clientId, { from: '2026-02-02' });
    expect(open).toMatchObject({ status: 422, body: { errors: [{ pointer: '/to' }] } });
    expect((await list(clientId)).body.items).toEqual([]);
  });
});

describe('GET /clients/{clientId}/statements 200', () => {
  it('lists the newest first, page by page, without what they say', async () => {
    const clientId = await oak.client();
    for (const month of ['01', '02', '03']) {
      await create(clientId, { from: `2026-${month}-01`, to: `2026-${month}-28` });
    }
    const pages = await pagesOf<{ from: string; entries?: unknown }>(asked => list(clientId, asked), {}, 2);
    expect(pages.map(page => page.map(({ from }) => from))).toEqual([['2026-03-01', '2026-02-01'], ['2026-01-01']]);
    expect(pages.flat().every(({ entries }) => entries === undefined)).toBe(true);
  });

  it('(R18) each stands on the Documents tab', async () => {
    const clientId = await oak.client();
    await oak.bill(10_000, { clientId });
    const { statementId } = (await create(clientId)).body;
    expect((await documentsOf(clientId))[0]).toEqual({
      kind: 'statement',
      id: statementId,
      on: today,
      title: 'Statement 2026-01-01 to 2026-12-31',
      amountCents: 10_000,
      balanceCents: 0,
      status: 'current',
      sharing: { status: 'not_shared', delivery: 'none' },
    });
  });
});
