import { handler as changeClient } from '../../../functions/clients/changeClient';
import { handler as listPending } from '../../../functions/pending/listPending';
import { handler as changeSession } from '../../../functions/sessions/changeSession';
import { defaultBillingSettings } from '../../../shared/domain/practice';
import type { Session } from '../../../shared/domain/session';
import { changeClientRow } from '../../../shared/operations/clients';
import { listPendingRow } from '../../../shared/operations/pending';
import { changeSessionRow } from '../../../shared/operations/sessions';
import { transact } from '../../../shared/store/kernel';
import { sessionStore } from '../../../shared/store/sessionStore';
import { settingsStore } from '../../../shared/store/settingsStore';
import { ask } from '../../fixtures/apiEvent';
import { newClient } from '../../fixtures/chart';
import { Importer, refusals } from '../../fixtures/importing';
import { openPractice, type TestPractice } from '../../fixtures/practice';
import { type OpenStore, openStore } from '../../fixtures/store';

let store: OpenStore;
let oak: TestPractice;
let imports: Importer;
let clientId: string;
beforeAll(async () => {
  store = await openStore();
});
afterAll(() => store.close());
beforeEach(async () => {
  oak = await openPractice();
  imports = new Importer(oak);
  ({ clientId } = await newClient(oak, { externalId: 'p1' }));
});

const header = 'externalId,clientExternalId,startsAt,status,services,noShowFee,noteSigned';
const send = async (...lines: string[]) => imports.done(await imports.csv('sessions', [header, ...lines]));
async function made(id: string | undefined): Promise<Session> {
  const session = await sessionStore.find(oak.practiceId, id ?? '');
  if (!session) throw new Error('no session');
  return session;
}
const pending = async (): Promise<{ sumCents: number; sessions: { sessionId: string }[] }[]> =>
  (await ask(listPending, listPendingRow, { caller: oak.admin })).body.items;

describe('an import of sessions', () => {
  it('R7: completed ones are pending at once, in the practice’s time, with code, units and price as written', async () => {
    const { counts, rows } = await send(
      's1,p1,2026-03-02T23:30,completed,90837:2:150.00;90837,,yes',
      's2,p1,2026-03-02T23:30:00-05:00,no_show,90837,75,',
      's3,p1,2026-03-04 09:00,,90837::,,',
    );
    expect(counts).toBe('done: 2 created, 0 updated, 0 unchanged, 1 failed');
    expect(refusals(rows)).toEqual(['3 services:  is no number of units']);
    const [first, second] = [await made(rows[0]?.id), await made(rows[1]?.id)];
    const at = { startsAt: '2026-03-03T04:30:00.000Z', dateOfService: '2026-03-02', clientId };
    expect(first).toMatchObject({
      ...at,
      status: 'completed',
      noteSigned: true,
      practitionerId: oak.practitioner.memberId,
    });
    expect(first.services).toMatchObject([
      { code: '90837', units: 2, priceCents: 15_000 },
      { units: 1, priceCents: 16_500 },
    ]);
    expect(second).toMatchObject({ ...at, status: 'no_show', noShowFeeCents: 7500 });
    expect(await pending()).toMatchObject([{ sumCents: 54_000, sessions: [{}, {}] }]);
  });

  it('each wrong row is told by field, and the others are made', async () => {
    const archived = await newClient(oak, { externalId: 'p2', lastName: 'Gone' });
    const asked = { caller: oak.admin, path: { clientId: archived.clientId }, body: { status: 'archived' } };
    await ask(changeClient, changeClientRow, asked);
    const { rows } = await send(
      's1,nobody,2026-03-02T09:00,,,,',
      's2,p2,2026-03-02T09:00,,,,',
      's3,p1,yesterday,,,,',
      's4,p1,2026-13-02T09:00,,,,',
      's5,p1,2026-03-02T09:00,done,,,',
      's6,p1,2026-03-02T09:00,,99999,,',
      's7,p1,2026-03-02T09:00,,90837:0,,',
      's8,p1,2026-03-02T09:00,,90837:1:free,,',
      's9,p1,2026-03-02T09:00,,,,',
    );
    expect(refusals(rows).map(line => line.slice(0, line.indexOf(':')))).toEqual([
      '1 clientExternalId',
      '2 clientExternalId',
      '3 startsAt',
      '4 startsAt',
      '5 status',
      '6 services',
      '7 services',
      '8 services',
    ]);
    expect(rows[8]?.result).toBe('created');
  });

  it('sent again with the session completed since, it is completed here and waits for a bill', async () => {
    const { rows } = await send('s1,p1,2026-03-02T09:00,scheduled,90837,,');
    expect(await pending()).toEqual([]);
    const later = await send('s1,p1,2026-03-03T09:00,completed,90837:1:150,,');
    expect(later.counts).toBe('done: 0 created, 1 updated, 0 unchanged, 0 failed');
    expect(await made(rows[0]?.id)).toMatchObject({ dateOfService: '2026-03-03', status: 'completed' });
    expect(await pending()).toMatchObject([{ sumCents: 15_000 }]);
    expect((await send('s1,p1,2026-03-03T09:00,no_show,,50,')).counts).toMatch(/1 updated/);
    expect(await pending()).toMatchObject([{ sumCents: 5000 }]);
  });

  it('the same file again changes nothing, also what staff changed meanwhile; "scheduled" takes back nothing', async () => {
    const line = 's1,p1,2026-03-02T09:00,completed,90837,,';
    const { rows } = await send(line);
    const path = { sessionId: rows[0]?.id ?? '' };
    const services = [{ serviceId: oak.service.serviceId, priceCents: 9900 }];
    await ask(changeSession, changeSessionRow, { caller: oak.admin, path, body: { services } });
    expect((await send(line)).counts).toBe('done: 0 created, 0 updated, 1 unchanged, 0 failed');
    expect((await send('s1,p1,2026-03-02T09:00,scheduled,,,')).counts).toMatch(/1 unchanged/);
    expect(await pending()).toMatchObject([{ sumCents: 9900 }]);
  });

  it('of a session on a bill only the note changes; another client’s it never becomes', async () => {
    const { rows } = await send('s1,p1,2026-03-02T09:00,completed,90837,,');
    const before = await made(rows[0]?.id);
    await transact([sessionStore.billedWrite(oak.practiceId, before, 'bill_01J00000000000000000000000')]);
    const other = await newClient(oak, { externalId: 'p2' });
    const refused = await send('s1,p1,2026-03-05T09:00,completed,90837,,');
    expect(refusals(refused.rows)).toEqual(['1 externalId: is a session that is billed and does not change any more']);
    expect(refusals((await send('s1,p2,2026-03-02T09:00,,,,')).rows)).toEqual([
      '1 clientId: is not the client of this session',
    ]);
    expect((await send('s1,p1,2026-03-02T09:00,completed,90837,,yes')).counts).toMatch(/1 updated/);
    expect(await made(before.sessionId)).toMatchObject({ dateOfService: '2026-03-02', noteSigned: true, clientId });
    expect(other.clientId).not.toBe(clientId);
  });

  it('a required note keeps an imported session out of Pending until it is signed (C9)', async () => {
    const settings = { ...defaultBillingSettings('Oak'), requireSignedNote: true };
    await settingsStore.putBilling(oak.practiceId, settings);
    await send('s1,p1,2026-03-02T09:00,completed,90837,,no');
    expect(await pending()).toEqual([]);
    await send('s1,p1,2026-03-02T09:00,completed,90837,,yes');
    expect(await pending()).toHaveLength(1);
  });
});
