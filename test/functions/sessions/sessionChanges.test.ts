import { handler as changePractice } from '../../../functions/practice/changePractice';
import { handler as cancelSession } from '../../../functions/sessions/cancelSession';
import { handler as changeSession } from '../../../functions/sessions/changeSession';
import { handler as completeSession } from '../../../functions/sessions/completeSession';
import { handler as getSession } from '../../../functions/sessions/getSession';
import { handler as unwaiveSession } from '../../../functions/sessions/unwaiveSession';
import { handler as waiveSession } from '../../../functions/sessions/waiveSession';
import { handler as getBillingSettings } from '../../../functions/settings/getBillingSettings';
import { handler as putBillingSettings } from '../../../functions/settings/putBillingSettings';
import type { StaffCaller } from '../../../shared/operations/caller';
import { changePracticeRow } from '../../../shared/operations/practice';
import {
  cancelSessionRow,
  changeSessionRow,
  completeSessionRow,
  getSessionRow,
  unwaiveSessionRow,
  waiveSessionRow,
} from '../../../shared/operations/sessions';
import { getBillingSettingsRow, putBillingSettingsRow } from '../../../shared/operations/settings';
import { type Asked, ask, asking } from '../../fixtures/apiEvent';
import { newClient, newSession, supervisorOf } from '../../fixtures/chart';
import { amountsIn } from '../../fixtures/pages';
import { openPractice, type TestPractice } from '../../fixtures/practice';
import { type OpenStore, openStore } from '../../fixtures/store';

let store: OpenStore;
let oak: TestPractice;
let clientId: string;
let sessionId: string;
beforeAll(async () => {
  store = await openStore();
});
afterAll(() => store.close());
beforeEach(async () => {
  oak = await openPractice();
  ({ clientId } = await newClient(oak));
  ({ sessionId } = await newSession(oak, clientId));
});

const onSession = (handler: Parameters<typeof asking>[0], row: Parameters<typeof asking>[1]) => {
  const asks = asking(handler, row);
  return (body?: object, asked: Asked = {}) => asks({ caller: oak.admin, path: { sessionId }, body, ...asked });
};
const get = onSession(getSession, getSessionRow);
const change = onSession(changeSession, changeSessionRow);
const complete = onSession(completeSession, completeSessionRow);
const cancel = onSession(cancelSession, cancelSessionRow);
const waive = onSession(waiveSession, waiveSessionRow);
const unwaive = onSession(unwaiveSession, unwaiveSessionRow);
const as = (caller: StaffCaller): Asked => ({ caller });

async function charge(noShowFee: object): Promise<void> {
  const settings = (await ask(getBillingSettings, getBillingSettingsRow, { caller: oak.admin })).body;
  const body = { ...settings, noShowFee };
  await ask(putBillingSettings, putBillingSettingsRow, { caller: oak.admin, body });
}

describe('PATCH /sessions/{sessionId} 200', () => {
  it('moves the session, and its date of service with it', async () => {
    const moved = await change({ startsAt: '2026-03-09T23:30:00-04:00' });
    expect(moved.body).toMatchObject({ startsAt: '2026-03-10T03:30:00.000Z', dateOfService: '2026-03-09' });
  });

  it('the time that it has, said again after the practice changed its zone, moves no date (clarification 35)', async () => {
    const startsAt = '2026-03-03T03:30:00Z';
    await change({ startsAt });
    await ask(changePractice, changePracticeRow, { caller: oak.admin, body: { timeZone: 'Asia/Tokyo' } });
    expect((await change({ startsAt, noteSigned: true })).body).toMatchObject({ dateOfService: '2026-03-02' });
  });

  it('takes other services with their own price and text, or prices of its own', async () => {
    const { serviceId } = oak.service;
    const services = [
      { serviceId, units: 2, priceCents: 9000, modifiers: ['95'], diagnoses: ['F41.1'] },
      { serviceId },
    ];
    const { body } = await change({ services }, as(oak.practitioner));
    expect(body.services).toMatchObject([
      { code: '90837', units: 2, priceCents: 9000, modifiers: ['95'], diagnoses: ['F41.1'] },
      { units: 1, priceCents: 16_500, modifiers: [], diagnoses: [] },
    ]);
    expect((await complete({})).body.billableCents).toBe(34_500);
  });

  it('the fee of a missed session can be changed on the session, and waits for a bill like any amount', async () => {
    await cancel({ status: 'late_cancel' });
    expect((await change({ noShowFeeCents: 4000 })).body).toMatchObject({ billing: 'unbilled', billableCents: 4000 });
    expect((await change({ noShowFeeCents: 0 })).body).toMatchObject({ billing: 'not_billable', billableCents: 0 });
  });

  it('a scheduler moves and assigns sessions and sees no amount', async () => {
    const body = { startsAt: '2026-03-10T15:00:00Z', practitionerId: oak.colleague.memberId };
    const moved = await change(body, as(oak.scheduler));
    expect(moved).toMatchObject({ status: 200, body: { practitionerId: oak.colleague.memberId } });
    expect(amountsIn(moved.body)).toEqual([]);
  });
});

describe('POST /sessions/{sessionId}/complete 200', () => {
  it('R6, R7: whoever sees the session completes it, and it waits for a bill', async () => {
    for (const caller of [oak.scheduler, oak.practitioner, await supervisorOf(oak, oak.practitioner)]) {
      const { sessionId: another } = await newSession(oak, clientId);
      const answer = await complete({ noteSigned: true }, { caller, path: { sessionId: another } });
      expect(answer).toMatchObject({
        status: 200,
        body: { status: 'completed', billing: 'unbilled', noteSigned: true },
      });
    }
  });

  it('a session marked as missed by mistake is completed after all, without the fee', async () => {
    await cancel({ status: 'no_show', noShowFeeCents: 7500 });
    expect((await complete({})).body).toMatchObject({ status: 'completed', billableCents: 16_500, noShowFeeCents: 0 });
  });

  it('a repeat under the same key answers alike, without one it changes nothing', async () => {
    const [first, second] = [await complete({}, { key: 'done once' }), await complete({}, { key: 'done once' })];
    expect(second).toMatchObject({ status: 200, body: first.body, headers: { 'idempotent-replayed': 'true' } });
    expect((await complete({})).body).toEqual(first.body);
  });
});

describe('POST /sessions/{sessionId}/cancel 200', () => {
  it.each([
    ['no_show', 7500],
    ['late_cancel', 7500],
    ['other_cancel', 0],
  ])('%s: the practice’s fee holds where the status calls for one (domain 2.4)', async (status, noShowFeeCents) => {
    await charge({ enabled: true, amountCents: 7500, statuses: ['no_show', 'late_cancel'] });
    const billing = noShowFeeCents ? 'unbilled' : 'not_billable';
    expect((await cancel({ status })).body).toMatchObject({ status, noShowFeeCents, billing });
  });

  it('a fee that is switched off is not charged; one that is given holds, on whatever status', async () => {
    await charge({ enabled: false, amountCents: 7500, statuses: ['no_show'] });
    expect((await cancel({ status: 'no_show' })).body.billableCents).toBe(0);
    expect((await cancel({ status: 'other_cancel', noShowFeeCents: 2000 })).body.billableCents).toBe(2000);
  });

  it('by a scheduler, who sets no fee: the practice’s is charged and not told', async () => {
    await charge({ enabled: true, amountCents: 7500, statuses: ['no_show'] });
    const answer = await cancel({ status: 'no_show' }, as(oak.scheduler));
    expect([answer.status, answer.body.billing, amountsIn(answer.body)]).toEqual([200, 'unbilled', []]);
    expect((await get()).body.billableCents).toBe(7500);
  });

  it('a completed session that turns out missed owes the fee, not its services', async () => {
    await complete({});
    expect((await cancel({ status: 'no_show', noShowFeeCents: 5000 })).body.billableCents).toBe(5000);
  });

  it('a repeat under the same key answers alike', async () => {
    const again = () => cancel({ status: 'no_show' }, { key: 'missed once' });
    const [first, second] = [await again(), await again()];
    expect(second).toMatchObject({ status: 200, body: first.body, headers: { 'idempotent-replayed': 'true' } });
  });
});

describe('POST /sessions/{sessionId}/waive and /unwaive 200', () => {
  it('a waived session keeps its amount, is not billed, and comes back (clarification 35)', async () => {
    await complete({});
    expect((await waive(undefined, as(oak.practitioner))).body).toMatchObject({
      billing: 'waived',
      billableCents: 16_500,
    });
    expect((await waive()).body.billing).toBe('waived');
    expect((await unwaive(undefined, as(oak.biller))).body.billing).toBe('unbilled');
    expect((await unwaive()).status).toBe(200);
  });

  it('repeats under the same key answer with the session as it stands now (clarification 1)', async () => {
    await complete({});
    await waive(undefined, { key: 'waived once' });
    await unwaive(undefined, { key: 'back again' });
    const replayed = { status: 200, headers: { 'idempotent-replayed': 'true' }, body: { billing: 'unbilled' } };
    expect(await waive(undefined, { key: 'waived once' })).toMatchObject(replayed);
    expect(await unwaive(undefined, { key: 'back again' })).toMatchObject(replayed);
  });
});
