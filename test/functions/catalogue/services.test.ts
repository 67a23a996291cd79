import { handler as changeService } from '../../../functions/catalogue/changeService';
import { handler as createService } from '../../../functions/catalogue/createService';
import { handler as importServices } from '../../../functions/catalogue/importServices';
import { handler as listServices } from '../../../functions/catalogue/listServices';
import { handler as getSession } from '../../../functions/sessions/getSession';
import {
  changeServiceRow,
  createServiceRow,
  importServicesRow,
  listServicesRow,
} from '../../../shared/operations/catalogue';
import { getSessionRow } from '../../../shared/operations/sessions';
import { serviceStore } from '../../../shared/store/catalogueStore';
import { ask, asking } from '../../fixtures/apiEvent';
import { newClient, newSession, supervisorOf } from '../../fixtures/chart';
import { amountsIn, pagesOf } from '../../fixtures/pages';
import { openPractice, type TestPractice } from '../../fixtures/practice';
import { type OpenStore, openStore } from '../../fixtures/store';
import { writeTogether } from '../../fixtures/writeTogether';

const list = asking(listServices, listServicesRow);
const create = asking(createService, createServiceRow);
const change = asking(changeService, changeServiceRow);
const starterSet = asking(importServices, importServicesRow);

let store: OpenStore;
let oak: TestPractice;
beforeAll(async () => {
  store = await openStore();
});
afterAll(() => store.close());
beforeEach(async () => {
  oak = await openPractice();
});

describe('GET /services 200', () => {
  it('whoever bills sees prices; a scheduler and a member whose billing is off see the same list without any amount', async () => {
    for (const caller of [oak.admin, oak.biller, oak.practitioner, await supervisorOf(oak, oak.practitioner)]) {
      expect((await list({ caller })).body.items).toMatchObject([{ code: '90837', priceCents: 16500 }]);
    }
    for (const caller of [oak.scheduler, oak.unbilling]) {
      const { status, body } = await list({ caller });
      expect([status, body.items.length, amountsIn(body)]).toEqual([200, 1, []]);
    }
  });
});

describe('POST /services 201', () => {
  it('a custom service needs a code, a name and a price, which may be 0; its description is its name unless given', async () => {
    const body = { code: 'INTAKE', name: 'Intake call', priceCents: 0 };
    const made = await create({ caller: oak.biller, body });
    expect(made).toMatchObject({
      status: 201,
      body: { ...body, kind: 'custom', description: 'Intake call', unitBilling: false, active: true },
    });
    expect(await serviceStore.load(oak.practiceId, made.body.serviceId)).toMatchObject(made.body);
  });
});

describe('PATCH /services/{serviceId} 200', () => {
  it('a new price and text hold for sessions to come; one made before keeps its own (R13)', async () => {
    const { serviceId } = oak.service;
    const { clientId } = await newClient(oak);
    const early = await newSession(oak, clientId);
    const body = { priceCents: 18000, description: 'Psychotherapy, one hour', durationMinutes: 60 };
    const changed = await change({ caller: oak.admin, path: { serviceId }, body });
    expect(changed).toMatchObject({ status: 200, body: { ...body, code: '90837' } });
    const asked = { caller: oak.admin, path: { sessionId: early.sessionId } };
    expect((await ask(getSession, getSessionRow, asked)).body.services).toEqual(early.services);
    expect((await newSession(oak, clientId)).services).toMatchObject([
      { priceCents: 18000, description: body.description },
    ]);
    const emptied = await change({ caller: oak.admin, path: { serviceId }, body: { durationMinutes: null } });
    expect(emptied.body).not.toHaveProperty('durationMinutes');
  });
});

describe('POST /services/import 200', () => {
  it('adds the starter codes at price 0 and leaves a code that the practice has as it is', async () => {
    const { status, body } = await starterSet({ caller: oak.biller });
    const total = body.created.length + body.unchanged;
    expect([status, body.unchanged]).toEqual([200, 1]);
    expect(body.created.every((service: { priceCents: number; kind: string }) => service.priceCents === 0)).toBe(true);
    const listed = (await pagesOf<{ code: string; priceCents: number }>(list, { caller: oak.admin }, 100)).flat();
    expect(listed).toHaveLength(total);
    expect(new Set(listed.map(({ code }) => code)).size).toBe(total);
    expect(listed.find(({ code }) => code === '90837')?.priceCents).toBe(16500);
  });

  it('a repeat adds nothing, also under another key and with a code renamed since', async () => {
    const [first] = (await starterSet({ caller: oak.admin })).body.created;
    await change({
      caller: oak.admin,
      path: { serviceId: first.serviceId },
      body: { code: 'EVAL', priceCents: 20000 },
    });
    const again = await starterSet({ caller: oak.admin, key: 'another time' });
    expect(again).toMatchObject({ status: 200, body: { created: [] } });
    expect(await serviceStore.load(oak.practiceId, first.serviceId)).toMatchObject({ code: 'EVAL', priceCents: 20000 });
  });

  it('a repeat under the same key answers what the first one added', async () => {
    const asked = { caller: oak.admin, key: 'starter set' };
    const [first, second] = [await starterSet(asked), await starterSet(asked)];
    expect(first.body.created.length).toBeGreaterThan(10);
    expect(second).toMatchObject({ status: 200, body: first.body, headers: { 'idempotent-replayed': 'true' } });
  });

  it('two at once add each code once', async () => {
    writeTogether(store, 2);
    const answers = await Promise.all([starterSet({ caller: oak.admin }), starterSet({ caller: oak.biller })]);
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    const codes = (await serviceStore.all(oak.practiceId)).map(({ code }) => code);
    expect(new Set(codes).size).toBe(codes.length);
  });
});
