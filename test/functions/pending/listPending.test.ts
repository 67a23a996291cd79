import { handler as createBill } from '../../../functions/bills/createBill';
import { handler as listDocuments } from '../../../functions/documents/listDocuments';
import { handler as listPending } from '../../../functions/pending/listPending';
import { createBillRow } from '../../../shared/operations/bills';
import type { StaffCaller } from '../../../shared/operations/caller';
import { listDocumentsRow } from '../../../shared/operations/documents';
import { listPendingRow } from '../../../shared/operations/pending';
import { ask, asking } from '../../fixtures/apiEvent';
import { newBill, newClient, newMember, newSession, supervisorOf } from '../../fixtures/chart';
import { pagesOf } from '../../fixtures/pages';
import { openPractice, type TestPractice } from '../../fixtures/practice';
import { type OpenStore, openStore } from '../../fixtures/store';

const pending = asking(listPending, listPendingRow);

let store: OpenStore;
let oak: TestPractice;
beforeAll(async () => {
  store = await openStore();
});
afterAll(() => store.close());
beforeEach(async () => {
  oak = await openPractice();
});

interface PendingClient {
  readonly clientName: string;
  readonly sumCents: number;
  readonly sessions: readonly { readonly dateOfService: string }[];
}
const done = (clientId: string, more: object = {}) => newSession(oak, clientId, { status: 'completed', ...more });
const named = async (firstName: string, lastName: string, more: object = {}): Promise<string> =>
  (await newClient(oak, { firstName, lastName, ...more })).clientId;
const items = async (caller: StaffCaller, query: Record<string, string> = {}): Promise<PendingClient[]> =>
  (await pending({ caller, query })).body.items;
const namesOf = (clients: readonly PendingClient[]) => clients.map(({ clientName }) => clientName);

describe('GET /billing/pending 200', () => {
  it('R7: each client once, by last name, with the sessions by date and their sum', async () => {
    const [maya, abe] = [await named('Maya', 'Okafor'), await named('Abe', 'Lincoln')];
    const services = [{ serviceId: oak.service.serviceId, units: 2, priceCents: 5000 }];
    await done(maya, { startsAt: '2026-03-05T15:00:00Z', services });
    await done(maya, { startsAt: '2026-03-01T15:00:00Z' });
    await done(abe);
    const shown = await items(oak.biller);
    expect(shown.map(({ clientName, sumCents }) => [clientName, sumCents])).toEqual([
      ['Abe Lincoln', 16_500],
      ['Maya Okafor', 26_500],
    ]);
    expect(shown[1]?.sessions.map(({ dateOfService }) => dateOfService)).toEqual(['2026-03-01', '2026-03-05']);
  });

  it('R7: what is billed is there no longer, a client with nothing left neither', async () => {
    const maya = await named('Maya', 'Okafor');
    await newBill(oak, maya);
    expect(await items(oak.admin)).toEqual([]);
    await done(maya);
    expect(await items(oak.admin)).toMatchObject([{ clientName: 'Maya Okafor', sumCents: 16_500 }]);
  });

  it('R8, R10: of three unbilled sessions two go on a bill; the third stays in Pending and in Documents', async () => {
    const maya = await named('Maya', 'Okafor');
    const ids: string[] = [];
    for (const day of [1, 2, 3]) ids.push((await done(maya, { startsAt: `2026-03-0${day}T15:00:00Z` })).sessionId);
    const [first, stays, third] = ids;
    const body = { clientId: maya, sessions: [{ sessionId: first }, { sessionId: third }] };
    const { lines } = (await ask(createBill, createBillRow, { caller: oak.admin, body })).body;
    expect(lines.map(({ sessionId }: { sessionId: string }) => sessionId)).toEqual([first, third]);
    expect(await items(oak.admin)).toMatchObject([{ sumCents: 16_500, sessions: [{ sessionId: stays }] }]);
    const tab = (await ask(listDocuments, listDocumentsRow, { caller: oak.admin, path: { clientId: maya } })).body
      .items;
    expect(tab.filter(({ kind }: { kind: string }) => kind === 'session')).toMatchObject([{ id: stays }]);
  });

  it('a client with two practitioners stands there once, with both (clarification 16)', async () => {
    const maya = await named('Maya', 'Okafor');
    await done(maya);
    await done(maya, { practitionerId: oak.colleague.memberId });
    expect(await items(oak.biller)).toMatchObject([{ sumCents: 33_000, sessions: [{}, {}] }]);
    const { memberId: practitionerId } = oak.colleague;
    expect(await items(oak.biller, { practitionerId })).toMatchObject([{ sumCents: 16_500, sessions: [{}] }]);
  });

  it('a practitioner sees own sessions, a supervisor also the supervised one’s', async () => {
    const supervisor = await supervisorOf(oak, oak.practitioner);
    await done(await named('Own', 'Client'));
    await done(await named('Col', 'League', { practitionerId: oak.colleague.memberId }), {
      practitionerId: oak.colleague.memberId,
    });
    await done(await named('Su', 'Per', { practitionerId: supervisor.memberId }), {
      practitionerId: supervisor.memberId,
    });
    expect(namesOf(await items(oak.practitioner))).toEqual(['Own Client']);
    expect(namesOf(await items(oak.colleague))).toEqual(['Col League']);
    expect(namesOf(await items(supervisor))).toEqual(['Own Client', 'Su Per']);
    expect(namesOf(await items(oak.admin))).toHaveLength(3);
    expect(await items(await newMember(oak, ['practitioner']))).toEqual([]);
  });

  it('pages hold whole clients, at most the limit, and whoever sees few gets them all the same', async () => {
    for (const letter of ['A', 'B', 'C', 'D', 'E']) {
      const clientId = await named('X', letter);
      for (const day of [1, 2, 3]) await done(clientId, { startsAt: `2026-03-0${day}T15:00:00Z` });
    }
    const pages = await pagesOf<PendingClient>(pending, { caller: oak.admin }, 2);
    expect(pages.map(namesOf)).toEqual([['X A', 'X B'], ['X C', 'X D'], ['X E']]);
    expect(pages.flat().every(({ sessions }) => sessions.length === 3)).toBe(true);
    await done(await named('Only', 'Mine', { practitionerId: oak.colleague.memberId }), {
      practitionerId: oak.colleague.memberId,
    });
    const own = await pagesOf<PendingClient>(pending, { caller: oak.colleague }, 1);
    expect(namesOf(own.flat())).toEqual(['Only Mine']);
  });

  it('shows nothing of another practice', async () => {
    await done(await named('Maya', 'Okafor'));
    expect(await items((await openPractice()).admin)).toEqual([]);
  });
});
