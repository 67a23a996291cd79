import { handler as listSessions } from '../../../functions/sessions/listSessions';
import { handler as waiveSession } from '../../../functions/sessions/waiveSession';
import type { StaffCaller } from '../../../shared/operations/caller';
import { listSessionsRow, waiveSessionRow } from '../../../shared/operations/sessions';
import { ask, asking } from '../../fixtures/apiEvent';
import { newBill, newClient, newSession, supervisorOf } from '../../fixtures/chart';
import { amountsIn, pagesOf } from '../../fixtures/pages';
import { openPractice, type TestPractice } from '../../fixtures/practice';
import { type OpenStore, openStore } from '../../fixtures/store';

const list = asking(listSessions, listSessionsRow);

let store: OpenStore;
let oak: TestPractice;
let clientId: string;
beforeAll(async () => {
  store = await openStore();
});
afterAll(() => store.close());
beforeEach(async () => {
  oak = await openPractice();
  ({ clientId } = await newClient(oak));
});

const on = (date: string, more: object = {}) => newSession(oak, clientId, { startsAt: `${date}T15:00:00Z`, ...more });
const dates = async (query: Record<string, string> = {}, caller: StaffCaller = oak.admin): Promise<string[]> =>
  (await list({ caller, query })).body.items.map(({ dateOfService }: { dateOfService: string }) => dateOfService);

describe('GET /sessions 200', () => {
  it('of a client by billing state: waiting, on a bill, waived, not billable', async () => {
    await on('2026-03-01');
    await on('2026-03-03', { status: 'completed' });
    const { sessionId } = await on('2026-03-04', { status: 'completed' });
    await ask(waiveSession, waiveSessionRow, { caller: oak.admin, path: { sessionId } });
    await newBill(oak, clientId);
    const expected = { not_billable: '2026-03-01', billed: '2026-03-02', unbilled: '2026-03-03', waived: '2026-03-04' };
    for (const [billing, date] of Object.entries(expected)) {
      expect([billing, await dates({ clientId, billing })]).toEqual([billing, [date]]);
      expect([billing, await dates({ billing })]).toEqual([billing, [date]]);
    }
  });

  it.each(['of the practice', 'of one client'])(
    '%s, from and to count both days, by the practice’s calendar',
    async whose => {
      for (const date of ['2026-02-27', '2026-02-28', '2026-03-01', '2026-03-02'])
        await on(date, { status: 'completed' });
      // Half past nine in the evening of March 1 in New York.
      await newSession(oak, clientId, { startsAt: '2026-03-02T02:30:00Z' });
      const query = whose === 'of one client' ? { clientId } : {};
      expect(await dates({ ...query, from: '2026-02-28', to: '2026-03-01' })).toEqual([
        '2026-03-01',
        '2026-03-01',
        '2026-02-28',
      ]);
      expect(await dates({ ...query, from: '2026-03-02' })).toEqual(['2026-03-02']);
      expect(await dates({ ...query, to: '2026-02-27' })).toEqual(['2026-02-27']);
    },
  );

  it.each(['of the practice', 'of one client'])(
    '%s, the newest first over pages of any size, none lost or doubled',
    async whose => {
      const all: string[] = [];
      for (let day = 1; day <= 7; day += 1) {
        const date = `2026-03-0${day}`;
        await on(date, { status: day % 3 ? 'scheduled' : 'completed' });
        all.unshift(date);
      }
      const query = whose === 'of one client' ? { clientId } : {};
      for (const limit of [1, 3, 7]) {
        const pages = await pagesOf<{ dateOfService: string }>(list, { caller: oak.scheduler, query }, limit);
        expect(pages.every(({ length }) => length <= limit)).toBe(true);
        expect(pages.flat().map(({ dateOfService }) => dateOfService)).toEqual(all);
      }
    },
  );

  it('a practitioner sees own sessions, a supervisor also the supervised one’s, a scheduler all without amounts', async () => {
    const supervisor = await supervisorOf(oak, oak.practitioner);
    await on('2026-03-01', { status: 'completed' });
    await on('2026-03-02', { practitionerId: oak.colleague.memberId });
    expect(await dates({}, oak.practitioner)).toEqual(['2026-03-01']);
    expect(await dates({}, supervisor)).toEqual(['2026-03-01']);
    expect(await dates({}, oak.colleague)).toEqual(['2026-03-02']);
    const { practitioner, colleague } = oak;
    expect(await dates({ practitionerId: colleague.memberId })).toEqual(['2026-03-02']);
    expect(await dates({ practitionerId: colleague.memberId }, practitioner)).toEqual([]);
    const { body } = await list({ caller: oak.scheduler });
    expect([body.items.length, amountsIn(body)]).toEqual([2, []]);
  });
});

describe('GET /sessions 404', () => {
  it('of a client whom the caller does not see', async () => {
    for (const caller of [oak.colleague, (await openPractice()).admin]) {
      expect(await list({ caller, query: { clientId } })).toMatchObject({ status: 404, body: { what: 'client' } });
    }
  });
});

describe('GET /sessions 422', () => {
  it('a cursor that this list did not give', async () => {
    for (const query of [{ cursor: 'nonsense' }, { clientId, cursor: 'nonsense' }]) {
      const answer = await list({ caller: oak.admin, query });
      expect(answer).toMatchObject({ status: 422, body: { errors: [{ pointer: '/cursor' }] } });
    }
  });
});
