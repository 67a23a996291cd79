import { handler as doDueWork } from '../../../functions/automation/doDueWork';
import { handler as listClients } from '../../../functions/clients/listClients';
import { clock } from '../../../shared/clock';
import { listClientsRow } from '../../../shared/operations/clients';
import { clientStore } from '../../../shared/store/clientStore';
import { useDocumentClient } from '../../../shared/store/kernel';
import { type DueMessage, sweepDueWork } from '../../../shared/work/dueWork';
import { ask } from '../../fixtures/apiEvent';
import { dieBeforeCounting, Importer, refusals } from '../../fixtures/importing';
import { pagesOf } from '../../fixtures/pages';
import { openPractice, type TestPractice } from '../../fixtures/practice';
import { type OpenStore, openStore } from '../../fixtures/store';
import { writeTogether } from '../../fixtures/writeTogether';

let store: OpenStore;
let oak: TestPractice;
let imports: Importer;
beforeAll(async () => {
  store = await openStore();
});
afterAll(() => store.close());
beforeEach(async () => {
  oak = await openPractice();
  imports = new Importer(oak);
});
afterEach(() => useDocumentClient(store.documents));

const clients = async (): Promise<{ clientId: string; firstName: string; lastName: string }[]> =>
  (await ask(listClients, listClientsRow, { caller: oak.admin, query: { limit: '100' } })).body.items;
const people = (count: number) => Array.from({ length: count }, (_, index) => `p${index + 1},Ann,Abel ${index + 1}`);
const header = 'externalId,firstName,lastName';

/** What the sweep hands to the queue of this practice's imports, now. */
async function swept(): Promise<DueMessage[]> {
  const messages: DueMessage[] = [];
  const send = async (_: string, batch: readonly object[]) => {
    messages.push(...(batch as DueMessage[]).filter(({ pk }) => pk.includes(oak.practiceId)));
    return { sent: batch.length };
  };
  await sweepDueWork({ clock, queues: { send }, shards: () => 4 });
  return messages;
}

describe('POST /imports 202', () => {
  it('takes the rows and works them off afterwards, through the sweep and the queue (clarification 34)', async () => {
    const taken = await imports.csv('clients', [header, ...people(2)]);
    const counts = { total: 2, created: 0, updated: 0, unchanged: 0, failed: 0 };
    expect(taken).toMatchObject({ status: 202, body: { kind: 'clients', status: 'queued', dryRun: false, ...counts } });
    expect(await clients()).toEqual([]);
    const messages = await swept();
    const Records = messages.map((message, index) => ({ messageId: String(index), body: JSON.stringify(message) }));
    expect(await doDueWork({ Records } as never)).toEqual({ batchItemFailures: [] });
    const { importId } = taken.body;
    expect((await imports.see(importId)).body).toMatchObject({ status: 'done', ...counts, created: 2 });
    expect(await clients()).toHaveLength(2);
    expect(await swept()).toEqual([]);
  });

  it('JSON says the same as CSV; mapping names their columns', async () => {
    const rows = [{ ref: 'p1', vorname: 'Ann', lastName: 'Abel', email: null }];
    const mapping = { externalId: 'ref', firstName: 'vorname' };
    expect((await imports.done(await imports.json({ kind: 'clients', rows, mapping }))).counts).toMatch(/1 created/);
    const again = await imports.done(await imports.csv('clients', [`﻿${header}`, 'p1,Ann,Abel']));
    expect(again.counts).toBe('done: 0 created, 0 updated, 1 unchanged, 0 failed');
  });

  it('a repeat under the same key is the same import', async () => {
    const send = () => imports.csv('clients', [header, ...people(1)], { key: 'one file, sent once' });
    const [first, second] = [await send(), await send()];
    expect(second).toMatchObject({ status: 202, body: first.body, headers: { 'idempotent-replayed': 'true' } });
  });

  it('dryRun judges every row and writes nothing', async () => {
    const lines = [header, ...people(2), 'p3,,Nobody'];
    const judged = await imports.done(await imports.csv('clients', lines, { query: { dryRun: 'true' } }));
    expect(judged.counts).toBe('done: 2 created, 0 updated, 0 unchanged, 1 failed');
    expect(await clients()).toEqual([]);
    expect((await imports.done(await imports.csv('clients', lines))).counts).toBe(judged.counts);
  });

  it('rows that together are larger than an item of the table are taken all the same', async () => {
    const long = 'x'.repeat(3000);
    const taken = await imports.csv('clients', [`${header},remarks`, ...people(150).map(line => `${line},${long}`)]);
    const { counts, rows } = await imports.done(taken);
    expect(counts).toBe('done: 0 created, 0 updated, 0 unchanged, 150 failed');
    expect(rows.map(({ row }) => row)).toEqual(Array.from({ length: 150 }, (_, index) => index + 1));
  });
});

describe('POST /imports 400 and 422', () => {
  it('what is no list of rows is refused as a whole, with the reason', async () => {
    const csv = { 'content-type': 'text/csv' };
    const wrong: [Parameters<Importer['send']>[0], string][] = [
      [{ raw: `${header}\n`, headers: csv }, '/kind'],
      [{ raw: `${header}\n`, headers: csv, query: { kind: 'clients' } }, ''],
      [{ raw: `${header}\na,b\n`, headers: csv, query: { kind: 'clients' } }, ''],
      [{ raw: `a\n${'1\n'.repeat(10_001)}`, headers: csv, query: { kind: 'clients' } }, ''],
      [{ body: { kind: 'bills', rows: [{}] } }, '/kind'],
      [{ body: { kind: 'clients', rows: [] } }, '/rows'],
      [{ body: { kind: 'clients', rows: [{}], more: 1 } }, '/more'],
      [{ body: { kind: 'clients', rows: [{}, { remarks: 'x'.repeat(300_001) }] } }, '/rows/1'],
    ];
    for (const [asked, pointer] of wrong) {
      const answer = await imports.send(asked);
      expect([pointer, answer]).toMatchObject([pointer, { status: 422, body: { errors: [{ pointer }] } }]);
    }
    const broken = await imports.send({ raw: '{"kind":', headers: { 'content-type': 'application/json' } });
    expect(broken).toMatchObject({ status: 400, body: { code: 'malformed_json' } });
  });
});

describe('GET /imports/{importId} and its rows 200', () => {
  it('tells row by row, over pages of any size, and only those that are asked for', async () => {
    const lines = people(205).map((line, index) => (index % 10 === 0 ? line : `p${index + 1},,No Name`));
    const { importId, counts, rows } = await imports.done(await imports.csv('clients', [header, ...lines]));
    expect(counts).toBe('done: 21 created, 0 updated, 0 unchanged, 184 failed');
    expect(rows.map(({ row }) => row)).toEqual(Array.from({ length: 205 }, (_, index) => index + 1));
    expect(rows[0]).toEqual({ row: 1, result: 'created', externalId: 'p1', id: expect.stringMatching(/^cli_/) });
    const query = { result: 'created' };
    const pages = await pagesOf<{ row: number }>(asked => imports.rows(importId, asked), { query }, 8);
    expect(pages.map(({ length }) => length)).toEqual([8, 8, 5]);
    expect(pages.flat().map(({ row }) => row)).toEqual(Array.from({ length: 21 }, (_, index) => index * 10 + 1));
  });
});

describe('GET /imports/{importId} and its rows 404', () => {
  it('another practice’s import is not there', async () => {
    const { importId } = (await imports.csv('clients', [header, ...people(1)])).body;
    const { biller: caller } = await openPractice();
    expect(await imports.see(importId, { caller })).toMatchObject({ status: 404, body: { what: 'import' } });
    expect((await imports.rows(importId, { caller })).status).toBe(404);
  });

  it('a cursor that this list did not give is 422', async () => {
    const { importId } = (await imports.csv('clients', [header, ...people(1)])).body;
    const answer = await imports.rows(importId, { query: { cursor: 'nonsense' } });
    expect(answer).toMatchObject({ status: 422, body: { errors: [{ pointer: '/cursor' }] } });
  });
});

describe('an import of clients', () => {
  it('makes them as typed, gives them to their practitioner, and refuses a wrong row without stopping the others', async () => {
    const { practitioner } = oak;
    const { rows } = await imports.done(
      await imports.csv('clients', [
        'externalId,firstName,lastName,email,emailAllowed,phone,dateOfBirth,practitionerEmail',
        `p1,Maya,Okafor,maya@example.com,no,555-0100,1990-04-01,PRACTITIONER@${oak.practiceId}.example.com`,
        'p2,Ann,,ann@example.com,yes,,,',
        'p3,Ann,Abel,not-an-address,perhaps,,1990-02-30,',
        `p4,Ann,Abel,,,,,biller@${oak.practiceId}.example.com`,
        'p5,Zoë,Zink,,,,,',
      ]),
    );
    expect(rows.map(({ row, result }) => `${row} ${result}`)).toEqual([
      '1 created',
      '2 failed',
      '3 failed',
      '4 failed',
      '5 created',
    ]);
    expect(refusals(rows).map(line => line.slice(0, line.indexOf(':')))).toEqual([
      '2 lastName',
      '3 email',
      '3 emailAllowed',
      '3 dateOfBirth',
      '4 practitionerId',
    ]);
    const maya = await clientStore.load(practitioner, rows[0]?.id ?? '');
    expect(maya).toMatchObject({
      email: 'maya@example.com',
      emailAllowed: false,
      phone: '555-0100',
      dateOfBirth: '1990-04-01',
      practitionerId: practitioner.memberId,
      externalId: 'p1',
      status: 'active',
    });
    expect((await clients()).map(({ lastName }) => lastName)).toEqual(['Okafor', 'Zink']);
  });

  it('a column that this kind does not have is named; nothing of the row is guessed', async () => {
    const { rows } = await imports.done(await imports.csv('clients', [`${header},diagnosis`, 'p1,Ann,Abel,F41.1']));
    expect(refusals(rows)).toEqual(['1 diagnosis: is no column of this kind of import']);
    expect(await clients()).toEqual([]);
  });

  it('sent again it is harmless: nobody is doubled, and what staff changed meanwhile stays', async () => {
    const file = [header, ...people(3)];
    const first = await imports.done(await imports.csv('clients', file));
    const [{ id = '' } = {}] = first.rows;
    const before = await clientStore.load(oak.admin, id);
    await clientStore.replace(oak.practiceId, before, { ...before, lastName: 'Married' });
    const again = await imports.done(await imports.csv('clients', file));
    expect(again.counts).toBe('done: 0 created, 0 updated, 3 unchanged, 0 failed');
    expect(again.rows.map(row => row.id)).toEqual(first.rows.map(row => row.id));
    expect(await clientStore.load(oak.admin, id)).toMatchObject({ lastName: 'Married' });
  });

  it('a row that says something new under its externalId changes what it names, and only that', async () => {
    await imports.done(await imports.csv('clients', [`${header},phone`, 'p1,Ann,Abel,555-0100']));
    const changed = await imports.done(await imports.csv('clients', [`${header},email`, 'p1,Ann,Obi,ann@example.com']));
    expect(changed.counts).toBe('done: 0 created, 1 updated, 0 unchanged, 0 failed');
    const client = await clientStore.load(oak.admin, changed.rows[0]?.id ?? '');
    expect(client).toMatchObject({ lastName: 'Obi', phone: '555-0100', email: 'ann@example.com' });
  });

  it('without an externalId a row sent again is refused, not guessed to be somebody else', async () => {
    const file = ['firstName,lastName', 'Ann,Abel'];
    await imports.done(await imports.csv('clients', file));
    const again = await imports.done(await imports.csv('clients', file));
    expect(refusals(again.rows)).toEqual([
      '1 externalId: this row was imported before; give an externalId to send it again',
    ]);
    expect(await clients()).toHaveLength(1);
  });
});

describe('a worker that dies, or comes twice', () => {
  const file = ['externalId,firstName,lastName', 'p1,Ann,Abel', ',Bo,Miller', 'p3,,Nobody'];
  const expected = 'done: 2 created, 0 updated, 0 unchanged, 1 failed';

  it('before it said how far it is: the next one finds the rows and counts them as they were made', async () => {
    const taken = await imports.csv('clients', file);
    dieBeforeCounting(store);
    await expect(imports.run(taken.body.importId)).rejects.toThrow('the worker died');
    expect((await imports.see(taken.body.importId)).body).toMatchObject({ status: 'queued', created: 0 });
    expect((await imports.done(taken)).counts).toBe(expected);
    expect(await clients()).toHaveLength(2);
  });

  it('ends before its function would: a part is done, the rest is due at once and goes on by the next message', async () => {
    const lines = ['externalId,firstName,lastName', ...people(401)];
    const { importId } = (await imports.csv('clients', lines, { query: { dryRun: 'true' } })).body;
    const seen: unknown[] = [];
    for (let message = 0; message < 3; message += 1) {
      expect(await swept()).toHaveLength(1);
      await imports.run(importId, 0);
      const { status, created } = (await imports.see(importId)).body;
      seen.push([status, created]);
    }
    expect(seen).toEqual([
      ['running', 200],
      ['running', 400],
      ['done', 401],
    ]);
    expect(await swept()).toEqual([]);
  });

  it('two at once make each row once and count it once', async () => {
    const taken = await imports.csv('clients', file);
    writeTogether(store, 3);
    await Promise.all([1, 2, 3].map(() => imports.run(taken.body.importId)));
    expect((await imports.done(taken)).counts).toBe(expected);
    expect(await clients()).toHaveLength(2);
  });
});
