import { handler as cancelSession } from '../../../functions/sessions/cancelSession';
import { handler as changeSession } from '../../../functions/sessions/changeSession';
import { handler as completeSession } from '../../../functions/sessions/completeSession';
import { handler as createSession } from '../../../functions/sessions/createSession';
import { handler as getSession } from '../../../functions/sessions/getSession';
import { handler as unwaiveSession } from '../../../functions/sessions/unwaiveSession';
import { handler as waiveSession } from '../../../functions/sessions/waiveSession';
import type { StaffCaller } from '../../../shared/operations/caller';
import {
  cancelSessionRow,
  changeSessionRow,
  completeSessionRow,
  createSessionRow,
  getSessionRow,
  unwaiveSessionRow,
  waiveSessionRow,
} from '../../../shared/operations/sessions';
import { type Asked, ask, asking } from '../../fixtures/apiEvent';
import { newBill, newClient, newMember, newSession } from '../../fixtures/chart';
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

describe('sessions 403', () => {
  it('a scheduler neither prices nor judges: no price, no fee, no claim flag, no waiving; nothing is changed', async () => {
    await complete({});
    const before = (await get()).body;
    const services = [{ serviceId: oak.service.serviceId, priceCents: 0 }];
    const answers = [
      await change({ services }, as(oak.scheduler)),
      await change({ noShowFeeCents: 0 }, as(oak.scheduler)),
      await change({ claimReview: 'clear' }, as(oak.scheduler)),
      await cancel({ status: 'no_show', noShowFeeCents: 0 }, as(oak.scheduler)),
      await waive(undefined, as(oak.scheduler)),
    ];
    for (const answer of answers) expect(answer).toMatchObject({ status: 403, body: { code: 'forbidden' } });
    expect((await get()).body).toEqual(before);
  });

  it('nor does a practitioner whose billing is switched off, on own sessions', async () => {
    const unbilling = await newMember(oak, ['practitioner'], { billingVisible: false });
    await change({ practitionerId: unbilling.memberId });
    expect((await change({ noShowFeeCents: 0 }, as(unbilling))).status).toBe(403);
    expect((await waive(undefined, as(unbilling))).status).toBe(403);
    const done = await complete({}, as(unbilling));
    expect([done.status, amountsIn(done.body)]).toEqual([200, []]);
  });
});

describe('sessions 404', () => {
  it('another practitioner’s session is not there, whatever is asked of it', async () => {
    for (const caller of [oak.colleague, (await openPractice()).admin]) {
      const answers = [
        await get(undefined, as(caller)),
        await change({ noteSigned: true }, as(caller)),
        await complete({}, as(caller)),
        await cancel({ status: 'no_show' }, as(caller)),
        await waive(undefined, as(caller)),
        await unwaive(undefined, as(caller)),
      ];
      for (const answer of answers) expect(answer).toMatchObject({ status: 404, body: { what: 'session' } });
    }
    expect((await get()).body).toMatchObject({ status: 'scheduled', noteSigned: false });
  });
});

describe('sessions 409', () => {
  it('session_state: of a session on a bill, or waived, only the note and the claim flag change (rule 53)', async () => {
    const onBill = (await newBill(oak, clientId)).lines[0].sessionId;
    await complete({});
    await waive();
    for (const [id, billing] of [
      [onBill, 'billed'],
      [sessionId, 'waived'],
    ]) {
      const asked: Asked = { path: { sessionId: id } };
      const answers = [
        await change({ startsAt: '2026-04-01T15:00:00Z' }, asked),
        await change({ practitionerId: oak.colleague.memberId }, asked),
        await change({ noShowFeeCents: 1 }, asked),
        await cancel({ status: 'no_show' }, asked),
      ];
      const refused = {
        status: 409,
        body: { code: 'session_state', status: 409, sessionStatus: 'completed', billing },
      };
      for (const answer of answers) expect(answer).toMatchObject(refused);
      const signed = await change({ noteSigned: true, claimReview: 'needs_review' }, asked);
      expect(signed).toMatchObject({ status: 200, body: { billing, noteSigned: true, claimReview: 'needs_review' } });
    }
  });

  it('session_state: nothing is waived that nobody would bill', async () => {
    const refused = { status: 409, body: { code: 'session_state', billing: 'not_billable' } };
    expect(await waive()).toMatchObject(refused);
    await cancel({ status: 'no_show' });
    expect(await waive()).toMatchObject(refused);
  });
});

describe('POST and PATCH sessions 422', () => {
  it('sessions go to active members who treat people, and to whom the caller sees', async () => {
    const gone = await newMember(oak, ['practitioner'], { active: true });
    const tries: [StaffCaller, string][] = [
      [oak.admin, oak.biller.memberId],
      [oak.admin, oak.scheduler.memberId],
      [oak.admin, (await openPractice()).practitioner.memberId],
      [oak.practitioner, oak.colleague.memberId],
    ];
    for (const [caller, practitionerId] of tries) {
      const refused = { status: 422, body: { errors: [{ pointer: '/practitionerId' }] } };
      const body = { clientId, practitionerId, startsAt: '2026-03-02T15:00:00Z', services: [] };
      expect(await ask(createSession, createSessionRow, { caller, body })).toMatchObject(refused);
      expect(await change({ practitionerId }, as(caller))).toMatchObject(refused);
    }
    expect((await change({ practitionerId: gone.memberId })).status).toBe(200);
  });

  it('a hidden or unknown service is named by its place', async () => {
    const services = [{ serviceId: oak.service.serviceId }, { serviceId: 'svc_01J00000000000000000000000' }];
    const refused = await change({ services });
    expect(refused).toMatchObject({ status: 422, body: { errors: [{ pointer: '/services/1/serviceId' }] } });
  });
});
