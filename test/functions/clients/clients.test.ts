import { handler as cancelBill } from '../../../functions/bills/cancelBill';
import { handler as changeClient } from '../../../functions/clients/changeClient';
import { handler as createClient } from '../../../functions/clients/createClient';
import { handler as getClient } from '../../../functions/clients/getClient';
import { handler as listPending } from '../../../functions/pending/listPending';
import { handler as createSession } from '../../../functions/sessions/createSession';
import { cancelBillRow } from '../../../shared/operations/bills';
import type { StaffCaller } from '../../../shared/operations/caller';
import { changeClientRow, createClientRow, getClientRow } from '../../../shared/operations/clients';
import { listPendingRow } from '../../../shared/operations/pending';
import { createSessionRow } from '../../../shared/operations/sessions';
import { ask, asking } from '../../fixtures/apiEvent';
import { newBill, newClient, newMember, newSession, payInCash, prepay, supervisorOf } from '../../fixtures/chart';
import { amountsIn } from '../../fixtures/pages';
import { openPractice, type TestPractice } from '../../fixtures/practice';
import { type OpenStore, openStore } from '../../fixtures/store';

const create = asking(createClient, createClientRow);
const get = asking(getClient, getClientRow);
const change = asking(changeClient, changeClientRow);

let store: OpenStore;
let oak: TestPractice;
beforeAll(async () => {
  store = await openStore();
});
afterAll(() => store.close());
beforeEach(async () => {
  oak = await openPractice();
});

const read = async (clientId: string, caller: StaffCaller = oak.admin) => get({ caller, path: { clientId } });
const patch = (clientId: string, body: object, caller: StaffCaller = oak.admin) =>
  change({ caller, path: { clientId }, body });
describe('POST /clients 201', () => {
  it('adds an active client who owes nothing and may be mailed unless told otherwise', async () => {
    const body = { firstName: 'Maya', lastName: 'Okafor', email: 'maya@example.com', dateOfBirth: '2012-02-29' };
    const made = await create({ caller: oak.biller, body });
    const sums = { balanceCents: 0, creditCents: 0, insurerBalanceCents: 0 };
    expect(made).toMatchObject({ status: 201, body: { ...body, ...sums, emailAllowed: true, status: 'active' } });
    expect((await read(made.body.clientId)).body).toEqual(made.body);
  });

  it('a practitioner’s new client is the practitioner’s own; one of the office belongs to nobody yet', async () => {
    const body = { firstName: 'Maya', lastName: 'Okafor' };
    const own = (await create({ caller: oak.practitioner, body })).body;
    expect(own.practitionerId).toBe(oak.practitioner.memberId);
    expect((await read(own.clientId, oak.colleague)).status).toBe(404);
    const nobodys = (await create({ caller: oak.scheduler, body })).body;
    expect(nobodys).not.toHaveProperty('practitionerId');
    expect((await read(nobodys.clientId, oak.practitioner)).status).toBe(404);
  });

  it('a scheduler adds clients and sees none of their sums', async () => {
    const made = await create({ caller: oak.scheduler, body: { firstName: 'Maya', lastName: 'Okafor' } });
    expect([made.status, amountsIn(made.body)]).toEqual([201, []]);
  });
});

describe('POST /clients 409', () => {
  it('already_exists: another system’s id is one client, also for another body', async () => {
    const body = { firstName: 'Maya', lastName: 'Okafor', externalId: 'ehr-7' };
    const { clientId } = (await create({ caller: oak.admin, body })).body;
    const again = await create({ caller: oak.admin, body: { ...body, firstName: 'Mya' } });
    expect(again).toMatchObject({ status: 409, body: { code: 'already_exists', what: 'client', id: clientId } });
    const elm = await openPractice();
    expect((await create({ caller: elm.admin, body })).status).toBe(201);
  });
});

describe('POST and PATCH /clients 422', () => {
  it('clients go to active practitioners of this practice, and of a practitioner only to whom that one sees', async () => {
    const gone = await newMember(oak, ['practitioner'], { active: true });
    const { clientId } = await newClient(oak);
    const elm = await openPractice();
    const tries: [StaffCaller, string][] = [
      [oak.admin, oak.biller.memberId],
      [oak.admin, elm.practitioner.memberId],
      [oak.practitioner, oak.colleague.memberId],
    ];
    const body = { firstName: 'A', lastName: 'B' };
    for (const [caller, practitionerId] of tries) {
      const pointers = { status: 422, body: { errors: [{ pointer: '/practitionerId' }] } };
      expect(await create({ caller, body: { ...body, practitionerId } })).toMatchObject(pointers);
      expect(await patch(clientId, { practitionerId }, caller)).toMatchObject(pointers);
    }
    expect((await patch(clientId, { practitionerId: gone.memberId })).status).toBe(200);
  });
});

describe('GET /clients/{clientId} 200', () => {
  it('tells what is owed, what is in credit and what insurers owe, of the client’s bills alone', async () => {
    const { clientId } = await newClient(oak);
    const other = await newClient(oak, { firstName: 'Ann' });
    await newBill(oak, other.clientId);
    const { billId } = await newBill(oak, clientId);
    await payInCash(oak, billId, 6500);
    await newBill(oak, clientId, { responsibility: 'insurance', payerId: oak.insurer.payerId });
    const supervisor = await supervisorOf(oak, oak.practitioner);
    for (const caller of [oak.admin, oak.biller, oak.practitioner, supervisor]) {
      const sums = { balanceCents: 10_000, creditCents: 0, insurerBalanceCents: 16_500 };
      expect((await read(clientId, caller)).body).toMatchObject(sums);
    }
    await prepay(oak, other.clientId, 2000);
    expect((await read(other.clientId)).body).toMatchObject({ balanceCents: 16_500, creditCents: 2000 });
  });

  it('a scheduler and a member whose billing is off see the client without any sum', async () => {
    const { clientId } = await newClient(oak);
    await newBill(oak, clientId);
    const unbilling = await newMember(oak, ['practitioner'], { billingVisible: false });
    await patch(clientId, { practitionerId: unbilling.memberId });
    for (const caller of [oak.scheduler, unbilling]) {
      const { status, body } = await read(clientId, caller);
      expect([status, body.firstName, amountsIn(body)]).toEqual([200, 'Maya', []]);
    }
  });
});

describe('GET and PATCH /clients/{clientId} 404', () => {
  it('somebody else’s client, and another practice’s, are not there', async () => {
    const { clientId } = await newClient(oak);
    const elm = await openPractice();
    for (const caller of [oak.colleague, oak.unbilling, elm.admin]) {
      expect(await read(clientId, caller)).toMatchObject({ status: 404, body: { code: 'not_found', what: 'client' } });
      expect((await patch(clientId, { firstName: 'Eve' }, caller)).status).toBe(404);
    }
    expect((await read(clientId)).body.firstName).toBe('Maya');
  });
});

describe('PATCH /clients/{clientId} 200', () => {
  it('changes what is named, empties with null, leaves the rest', async () => {
    const { clientId } = await newClient(oak, { email: 'maya@example.com', phone: '555-0100' });
    const { body } = await patch(clientId, { phone: null, address: ['1 Oak Street'], emailAllowed: false });
    expect(body).toMatchObject({ email: 'maya@example.com', address: ['1 Oak Street'], emailAllowed: false });
    expect(body).not.toHaveProperty('phone');
    expect((await read(clientId)).body).toEqual(body);
  });

  it('a new name moves the client’s pending sessions along, so that they stay together', async () => {
    const { clientId } = await newClient(oak);
    await newClient(oak, { firstName: 'Bo', lastName: 'Miller' });
    for (const startsAt of ['2026-03-01T15:00:00Z', '2026-03-02T15:00:00Z']) {
      await newSession(oak, clientId, { status: 'completed', startsAt });
    }
    await patch(clientId, { firstName: 'Maya', lastName: 'Abara' });
    const { items } = (await ask(listPending, listPendingRow, { caller: oak.admin })).body;
    expect(items).toMatchObject([{ clientName: 'Maya Abara', sessions: [{ clientName: 'Maya Abara' }, {}] }]);
  });

  it('given to another practitioner, it is the other’s alone', async () => {
    const { clientId } = await newClient(oak);
    await patch(clientId, { practitionerId: oak.colleague.memberId });
    expect((await read(clientId, oak.practitioner)).status).toBe(404);
    expect((await read(clientId, oak.colleague)).status).toBe(200);
  });

  it('an archived client takes no session until made active again', async () => {
    const { clientId } = await newClient(oak);
    expect((await patch(clientId, { status: 'archived' })).body.status).toBe('archived');
    const body = {
      clientId,
      practitionerId: oak.practitioner.memberId,
      startsAt: '2026-03-02T15:00:00Z',
      services: [],
    };
    const refused = await ask(createSession, createSessionRow, { caller: oak.admin, body });
    expect(refused).toMatchObject({ status: 409, body: { code: 'client_archived' } });
    await patch(clientId, { status: 'active' });
    expect((await ask(createSession, createSessionRow, { caller: oak.admin, body })).status).toBe(201);
  });
});

describe('PATCH /clients/{clientId} 409', () => {
  it('client_has_balance: archived only when balance, credit and the insurer’s part are all 0 (clarification 3, rule 60)', async () => {
    const { clientId } = await newClient(oak);
    const archive = () => patch(clientId, { status: 'archived' });
    const own = await newBill(oak, clientId);
    const insured = await newBill(oak, clientId, { responsibility: 'insurance', payerId: oak.insurer.payerId });
    const refused = (balanceCents: number, creditCents: number, insurerBalanceCents: number) => ({
      status: 409,
      body: { code: 'client_has_balance', balanceCents, creditCents, insurerBalanceCents },
    });
    expect(await archive()).toMatchObject(refused(16_500, 0, 16_500));
    await payInCash(oak, own.billId, 16_500);
    expect(await archive()).toMatchObject(refused(0, 0, 16_500));
    await ask(cancelBill, cancelBillRow, { caller: oak.admin, path: { billId: insured.billId }, body: {} });
    await prepay(oak, clientId, 500);
    expect(await archive()).toMatchObject(refused(0, 500, 0));
    expect((await read(clientId)).body.status).toBe('active');
  });

  it('whoever may see no amounts is refused without them', async () => {
    const { clientId } = await newClient(oak);
    await newBill(oak, clientId);
    const refused = await patch(clientId, { status: 'archived' }, oak.scheduler);
    expect(refused).toMatchObject({ status: 409, body: { code: 'client_has_balance' } });
    expect(amountsIn(refused.body)).toEqual([]);
  });
});
