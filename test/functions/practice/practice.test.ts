import { handler as changePractice } from '../../../functions/practice/changePractice';
import { handler as getPractice } from '../../../functions/practice/getPractice';
import { handler as completeSession } from '../../../functions/sessions/completeSession';
import { changePracticeRow, getPracticeRow } from '../../../shared/operations/practice';
import { completeSessionRow } from '../../../shared/operations/sessions';
import { practiceStore } from '../../../shared/store/practiceStore';
import { ask, asking } from '../../fixtures/apiEvent';
import { newClient, newSession } from '../../fixtures/chart';
import { openPractice, type TestPractice } from '../../fixtures/practice';
import { type OpenStore, openStore } from '../../fixtures/store';
import { writeTogether } from '../../fixtures/writeTogether';

const get = asking(getPractice, getPracticeRow);
const change = asking(changePractice, changePracticeRow);

let store: OpenStore;
let oak: TestPractice;
beforeAll(async () => {
  store = await openStore();
});
afterAll(() => store.close());
beforeEach(async () => {
  oak = await openPractice();
});

describe('GET /practice 200', () => {
  it('tells every member the practice, its zone and whether cards can be taken', async () => {
    const { admin, biller, practitioner, scheduler, unbilling, practiceId } = oak;
    for (const caller of [admin, biller, practitioner, scheduler, unbilling]) {
      const answer = await get({ caller });
      expect(answer).toMatchObject({
        status: 200,
        body: { practiceId, timeZone: 'America/New_York', currency: 'USD' },
      });
      expect(answer.body.stripe).toEqual({ status: 'not_connected', mode: 'test' });
    }
  });

  it('each caller gets the own practice, whatever else is in the table', async () => {
    const elm = await openPractice({ name: 'Elm Road' });
    expect((await get({ caller: elm.admin })).body).toMatchObject({ practiceId: elm.practiceId, name: 'Elm Road' });
    expect((await get({ caller: oak.admin })).body).toMatchObject({ practiceId: oak.practiceId });
  });
});

describe('PATCH /practice 200', () => {
  it('changes what is named and leaves the rest, in the answer and in the table', async () => {
    const before = (await get({ caller: oak.admin })).body;
    const body = { billingName: 'Oak Billing', billingAddress: ['2 Oak Street', 'Utica'], npi: '1234567893' };
    const answer = await change({ caller: oak.admin, body });
    expect(answer).toMatchObject({ status: 200, body: { ...before, ...body } });
    expect((await get({ caller: oak.scheduler })).body).toEqual(answer.body);
  });

  it('empties an optional field with null; an absent one stays', async () => {
    await change({ caller: oak.admin, body: { email: 'office@oak.example.com', taxId: '39-0000000' } });
    const { body } = await change({ caller: oak.admin, body: { email: null } });
    expect(body).not.toHaveProperty('email');
    expect(body.taxId).toBe('39-0000000');
    expect(await practiceStore.load(oak.practiceId)).not.toHaveProperty('email');
  });

  it('a new time zone moves no date of service that is fixed already (clarification 35)', async () => {
    const { clientId } = await newClient(oak);
    const { sessionId } = await newSession(oak, clientId, { startsAt: '2026-03-03T03:30:00Z' });
    await change({ caller: oak.admin, body: { timeZone: 'Asia/Tokyo' } });
    const answer = await ask(completeSession, completeSessionRow, { caller: oak.admin, path: { sessionId }, body: {} });
    expect(answer.body).toMatchObject({ dateOfService: '2026-03-02', billing: 'unbilled' });
    expect((await newSession(oak, clientId, { startsAt: '2026-03-03T03:30:00Z' })).dateOfService).toBe('2026-03-03');
  });

  it('two changes of different fields at once are both kept', async () => {
    const bodies = [{ name: 'Oak' }, { paperSize: 'a4' }, { portalEnabled: false }, { onlinePayments: false }];
    writeTogether(store, bodies.length);
    await Promise.all(bodies.map(body => change({ caller: oak.admin, body })));
    expect((await get({ caller: oak.admin })).body).toMatchObject(Object.assign({}, ...bodies));
  });
});
