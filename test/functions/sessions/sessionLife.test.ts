import { handler as createClient } from '../../../functions/clients/createClient';
import { handler as listDocuments } from '../../../functions/documents/listDocuments';
import { handler as listPending } from '../../../functions/pending/listPending';
import { handler as cancelSession } from '../../../functions/sessions/cancelSession';
import { handler as changeSession } from '../../../functions/sessions/changeSession';
import { handler as completeSession } from '../../../functions/sessions/completeSession';
import { handler as createSession } from '../../../functions/sessions/createSession';
import { handler as getSession } from '../../../functions/sessions/getSession';
import { handler as listSessions } from '../../../functions/sessions/listSessions';
import { handler as unwaiveSession } from '../../../functions/sessions/unwaiveSession';
import { handler as waiveSession } from '../../../functions/sessions/waiveSession';
import { handler as getBillingSettings } from '../../../functions/settings/getBillingSettings';
import { handler as putBillingSettings } from '../../../functions/settings/putBillingSettings';
import { createClientRow } from '../../../shared/operations/clients';
import { listDocumentsRow } from '../../../shared/operations/documents';
import { listPendingRow } from '../../../shared/operations/pending';
import {
  cancelSessionRow,
  changeSessionRow,
  completeSessionRow,
  createSessionRow,
  getSessionRow,
  listSessionsRow,
  unwaiveSessionRow,
  waiveSessionRow,
} from '../../../shared/operations/sessions';
import { getBillingSettingsRow, putBillingSettingsRow } from '../../../shared/operations/settings';
import { transact } from '../../../shared/store/kernel';
import { sessionStore } from '../../../shared/store/sessionStore';
import { asking } from '../../fixtures/apiEvent';
import { openPractice, type TestPractice } from '../../fixtures/practice';
import { type OpenStore, openStore } from '../../fixtures/store';

const create = asking(createSession, createSessionRow);
const complete = asking(completeSession, completeSessionRow);
const cancel = asking(cancelSession, cancelSessionRow);
const change = asking(changeSession, changeSessionRow);
const waive = asking(waiveSession, waiveSessionRow);
const unwaive = asking(unwaiveSession, unwaiveSessionRow);
const get = asking(getSession, getSessionRow);
const list = asking(listSessions, listSessionsRow);
const pending = asking(listPending, listPendingRow);
const documents = asking(listDocuments, listDocumentsRow);

let store: OpenStore;
let oak: TestPractice;
let clientId: string;
beforeAll(async () => {
  store = await openStore();
});
beforeEach(async () => {
  oak = await openPractice();
  clientId = await newClient('Maya', 'Okafor');
});
afterAll(() => store.close());

async function newClient(firstName: string, lastName: string): Promise<string> {
  const body = { firstName, lastName, practitionerId: oak.practitioner.memberId };
  const answer = await asking(createClient, createClientRow)({ caller: oak.admin, body });
  return answer.body.clientId;
}

const sessionBody = (more: Record<string, unknown> = {}) => ({
  clientId,
  practitionerId: oak.practitioner.memberId,
  startsAt: '2026-03-02T15:00:00Z',
  services: [{ serviceId: oak.service.serviceId }],
  ...more,
});
const newSession = async (more: Record<string, unknown> = {}): Promise<string> =>
  (await create({ caller: oak.admin, body: sessionBody(more) })).body.sessionId;
const idsPending = async () =>
  (await pending({ caller: oak.biller })).body.items.flatMap((item: { sessions: { sessionId: string }[] }) =>
    item.sessions.map(({ sessionId }) => sessionId),
  );
const idsOfDocuments = async () =>
  (await documents({ caller: oak.biller, path: { clientId } })).body.items.map(({ id }: { id: string }) => id);

async function putOnBill(sessionId: string): Promise<void> {
  const session = await sessionStore.find(oak.practiceId, sessionId);
  if (!session) throw new Error('no session');
  await transact([sessionStore.billedWrite(oak.practiceId, session, 'bill_01J00000000000000000000000')]);
}

describe('201', () => {
  it('takes price and text from the service and fixes the date of service in the practice’s zone', async () => {
    const late = await create({ caller: oak.admin, body: sessionBody({ startsAt: '2026-03-03T03:30:00Z' }) });
    expect(late.status).toBe(201);
    expect(late.body).toMatchObject({ dateOfService: '2026-03-02', status: 'scheduled', billing: 'not_billable' });
    expect(late.body.services[0]).toMatchObject({ code: '90837', priceCents: 16500, units: 1 });
  });

  it('R13: a price of its own stays on the session, the service keeps its price', async () => {
    const services = [{ serviceId: oak.service.serviceId, priceCents: 9000, units: 2 }];
    const answer = await create({ caller: oak.admin, body: sessionBody({ services, status: 'completed' }) });
    expect(answer.body).toMatchObject({ billing: 'unbilled', billableCents: 18000 });
  });

  it('answers a repeat under the same key with the same session, and makes no second one', async () => {
    const asked = { caller: oak.admin, body: sessionBody(), key: 'the same intent' };
    const [first, second] = [await create(asked), await create(asked)];
    expect(second).toMatchObject({ status: 201, body: { sessionId: first.body.sessionId } });
    expect(second.headers['idempotent-replayed']).toBe('true');
    expect((await list({ caller: oak.admin })).body.items).toHaveLength(1);
  });

  it('makes one session of twenty requests with one key that come at once', async () => {
    const asked = { caller: oak.admin, body: sessionBody(), key: 'twenty at once' };
    const answers = await Promise.all(Array.from({ length: 20 }, () => create(asked)));
    expect(new Set(answers.map(answer => answer.body.sessionId)).size).toBe(1);
    expect(answers.every(answer => answer.status === 201)).toBe(true);
  });
});

describe('200', () => {
  it('R6: a session is pending only once completed, with a service, with an amount above 0', async () => {
    const scheduled = await newSession();
    const free = await newSession({ services: [{ serviceId: oak.service.serviceId, priceCents: 0 }] });
    const bare = await newSession({ services: [] });
    const cent = await newSession({ services: [{ serviceId: oak.service.serviceId, priceCents: 1 }] });
    for (const sessionId of [free, bare, cent]) {
      expect((await complete({ caller: oak.practitioner, path: { sessionId }, body: {} })).status).toBe(200);
    }
    expect(await idsPending()).toEqual([cent]);
    expect(await idsPending()).not.toContain(scheduled);
  });

  it('R7, R8: the same session stands in Pending and in the Documents tab, and in neither once billed', async () => {
    const sessionId = await newSession({ status: 'completed' });
    expect(await idsPending()).toEqual([sessionId]);
    expect(await idsOfDocuments()).toEqual([sessionId]);
    await putOnBill(sessionId);
    expect(await idsPending()).toEqual([]);
    expect(await idsOfDocuments()).toEqual([]);
  });

  it('a required note keeps a completed session out of Pending until it is signed (C9)', async () => {
    const settings = (await asking(getBillingSettings, getBillingSettingsRow)({ caller: oak.admin })).body;
    const body = { ...settings, requireSignedNote: true };
    await asking(putBillingSettings, putBillingSettingsRow)({ caller: oak.admin, body });
    const sessionId = await newSession({ status: 'completed' });
    expect(await idsPending()).toEqual([]);
    await change({ caller: oak.practitioner, path: { sessionId }, body: { noteSigned: true } });
    expect(await idsPending()).toEqual([sessionId]);
  });

  it('a missed session carries the practice’s fee where the status calls for one, or the fee given', async () => {
    const settings = (await asking(getBillingSettings, getBillingSettingsRow)({ caller: oak.admin })).body;
    const noShowFee = { enabled: true, amountCents: 7500, statuses: ['no_show'] };
    await asking(putBillingSettings, putBillingSettingsRow)({ caller: oak.admin, body: { ...settings, noShowFee } });
    const [missed, late, waivedFee] = [await newSession(), await newSession(), await newSession()];
    const fee = async (sessionId: string, body: object) =>
      (await cancel({ caller: oak.practitioner, path: { sessionId }, body })).body.billableCents;
    expect(await fee(missed, { status: 'no_show' })).toBe(7500);
    expect(await fee(late, { status: 'late_cancel' })).toBe(0);
    expect(await fee(waivedFee, { status: 'no_show', noShowFeeCents: 0 })).toBe(0);
    expect(await idsPending()).toEqual([missed]);
  });

  it('a waived session leaves Pending and comes back when unwaived', async () => {
    const sessionId = await newSession({ status: 'completed' });
    expect((await waive({ caller: oak.biller, path: { sessionId } })).body.billing).toBe('waived');
    expect(await idsPending()).toEqual([]);
    expect((await unwaive({ caller: oak.biller, path: { sessionId } })).body.billing).toBe('unbilled');
    expect(await idsPending()).toEqual([sessionId]);
  });

  it('a session sent again under its externalId is the same session', async () => {
    const body = sessionBody({ externalId: 'ehr-17' });
    const first = await create({ caller: oak.admin, body });
    const second = await create({ caller: oak.admin, body });
    expect([first.status, second.status]).toEqual([201, 200]);
    expect(second.body.sessionId).toBe(first.body.sessionId);
  });

  it('lists a client’s sessions newest first over pages, unbilled and others merged, none lost or doubled', async () => {
    const ids: string[] = [];
    for (let day = 1; day <= 9; day += 1) {
      const status = day % 2 ? 'completed' : 'scheduled';
      ids.unshift(await newSession({ startsAt: `2026-02-0${day}T15:00:00Z`, status }));
    }
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const query = { clientId, limit: '2', ...(cursor ? { cursor } : {}) };
      const { body } = await list({ caller: oak.practitioner, query });
      seen.push(...body.items.map((item: { sessionId: string }) => item.sessionId));
      cursor = body.nextCursor ?? undefined;
    } while (cursor);
    expect(seen).toEqual(ids);
  });

  it('lists sessions of days of the practice, not of UTC', async () => {
    const evening = await newSession({ startsAt: '2026-03-03T03:30:00Z' });
    const { body } = await list({ caller: oak.admin, query: { from: '2026-03-02', to: '2026-03-02' } });
    expect(body.items.map((item: { sessionId: string }) => item.sessionId)).toEqual([evening]);
  });

  it('a client never spans pages of Pending, and pages lose nobody', async () => {
    const others = [await newClient('Ann', 'Abel'), await newClient('Zoe', 'Zink')];
    for (const other of others) await newSession({ clientId: other, status: 'completed' });
    for (let day = 1; day <= 12; day += 1) {
      await newSession({ status: 'completed', startsAt: `2026-02-${String(day).padStart(2, '0')}T15:00:00Z` });
    }
    const first = await pending({ caller: oak.biller, query: { limit: '2' } });
    expect(first.body.items.map((item: { clientName: string }) => item.clientName)).toEqual([
      'Ann Abel',
      'Maya Okafor',
    ]);
    expect(first.body.items[1].sessions).toHaveLength(12);
    expect(first.body.items[1].sumCents).toBe(12 * 16500);
    const second = await pending({ caller: oak.biller, query: { limit: '2', cursor: first.body.nextCursor } });
    expect(second.body.items.map((item: { clientName: string }) => item.clientName)).toEqual(['Zoe Zink']);
    expect(second.body.nextCursor).toBeNull();
  });

  it('a scheduler sees sessions without any amount', async () => {
    const sessionId = await newSession({ status: 'completed' });
    const { body } = await get({ caller: oak.scheduler, path: { sessionId } });
    expect(JSON.stringify(body)).not.toMatch(/Cents/);
    expect((await list({ caller: oak.scheduler })).body.items[0].services[0].priceCents).toBeUndefined();
  });

  it('of a billed session the note and the claim flag still change', async () => {
    const sessionId = await newSession({ status: 'completed' });
    await putOnBill(sessionId);
    const body = { noteSigned: true, claimReview: 'needs_review' };
    expect(await change({ caller: oak.biller, path: { sessionId }, body })).toMatchObject({ status: 200, body });
  });
});

describe('403', () => {
  it('a scheduler sets no price and opens no billing list', async () => {
    const services = [{ serviceId: oak.service.serviceId, priceCents: 1 }];
    expect((await create({ caller: oak.scheduler, body: sessionBody({ services }) })).status).toBe(403);
    expect((await pending({ caller: oak.scheduler })).status).toBe(403);
    expect((await documents({ caller: oak.scheduler, path: { clientId } })).status).toBe(403);
  });

  it('a practitioner whose billing is switched off sees no pending list', async () => {
    expect((await pending({ caller: oak.unbilling })).status).toBe(403);
  });
});

describe('404', () => {
  it('another practitioner’s session and client are not there', async () => {
    const sessionId = await newSession({ status: 'completed' });
    expect((await get({ caller: oak.colleague, path: { sessionId } })).status).toBe(404);
    expect((await documents({ caller: oak.colleague, path: { clientId } })).status).toBe(404);
    expect((await create({ caller: oak.colleague, body: sessionBody() })).status).toBe(404);
    expect((await pending({ caller: oak.colleague })).body.items).toEqual([]);
    expect((await list({ caller: oak.colleague })).body.items).toEqual([]);
  });

  it('another practice’s session is not there', async () => {
    const sessionId = await newSession();
    const other = await openPractice();
    expect((await get({ caller: other.admin, path: { sessionId } })).status).toBe(404);
    expect((await complete({ caller: other.admin, path: { sessionId }, body: {} })).status).toBe(404);
  });
});

describe('409', () => {
  it('a billed session is neither completed, cancelled, waived nor given other services', async () => {
    const sessionId = await newSession({ status: 'completed' });
    await putOnBill(sessionId);
    const path = { sessionId };
    const answers = [
      await cancel({ caller: oak.admin, path, body: { status: 'no_show' } }),
      await waive({ caller: oak.admin, path }),
      await unwaive({ caller: oak.admin, path }),
      await change({ caller: oak.admin, path, body: { services: [] } }),
    ];
    for (const { status, body } of answers) {
      expect({ status, code: body.code, billing: body.billing }).toEqual({
        status: 409,
        code: 'session_state',
        billing: 'billed',
      });
    }
  });

  it('another session under the same externalId is refused with the first one’s id', async () => {
    const first = await create({ caller: oak.admin, body: sessionBody({ externalId: 'ehr-18' }) });
    const body = sessionBody({ externalId: 'ehr-18', startsAt: '2026-04-02T15:00:00Z' });
    const second = await create({ caller: oak.admin, body });
    expect(second.body).toMatchObject({ status: 409, code: 'already_exists', id: first.body.sessionId });
  });
});

describe('422', () => {
  it('names the service that is not there', async () => {
    const services = [{ serviceId: oak.service.serviceId }, { serviceId: 'svc_01J00000000000000000000000' }];
    const { body } = await create({ caller: oak.admin, body: sessionBody({ services }) });
    expect(body).toMatchObject({ status: 422, errors: [{ pointer: '/services/1/serviceId' }] });
  });

  it('a key used for another body is refused', async () => {
    await create({ caller: oak.admin, body: sessionBody(), key: 'one key, two intents' });
    const again = await create({ caller: oak.admin, body: sessionBody({ services: [] }), key: 'one key, two intents' });
    expect(again.body).toMatchObject({ status: 422, code: 'idempotency_key_reused' });
  });
});
