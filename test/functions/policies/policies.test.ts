import { handler as createPayer } from '../../../functions/catalogue/createPayer';
import { handler as hidePayer } from '../../../functions/catalogue/hidePayer';
import { handler as changePolicy } from '../../../functions/policies/changePolicy';
import { handler as createPolicy } from '../../../functions/policies/createPolicy';
import { handler as listPolicies } from '../../../functions/policies/listPolicies';
import { handler as removePolicy } from '../../../functions/policies/removePolicy';
import type { StaffCaller } from '../../../shared/operations/caller';
import { createPayerRow, hidePayerRow } from '../../../shared/operations/catalogue';
import {
  changePolicyRow,
  createPolicyRow,
  listPoliciesRow,
  removePolicyRow,
} from '../../../shared/operations/policies';
import { ask, asking } from '../../fixtures/apiEvent';
import { newBill, newClient, supervisorOf } from '../../fixtures/chart';
import { openPractice, type TestPractice } from '../../fixtures/practice';
import { type OpenStore, openStore } from '../../fixtures/store';
import { writeTogether } from '../../fixtures/writeTogether';

const list = asking(listPolicies, listPoliciesRow);
const create = asking(createPolicy, createPolicyRow);
const change = asking(changePolicy, changePolicyRow);
const remove = asking(removePolicy, removePolicyRow);

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

const terms = (more: object = {}) => ({
  payerId: oak.insurer.payerId,
  insuranceType: 'PPO',
  memberId: 'W223199421',
  effectiveOn: '2026-01-01',
  copayCents: 3000,
  ...more,
});
const add = (more: object = {}) => create({ caller: oak.admin, path: { clientId }, body: terms(more) });
const patch = (policyId: string, body: object, caller: StaffCaller = oak.admin) =>
  change({ caller, path: { clientId, policyId }, body });
const drop = (policyId: string, caller: StaffCaller = oak.admin) => remove({ caller, path: { clientId, policyId } });
const items = async (caller: StaffCaller = oak.admin) => (await list({ caller, path: { clientId } })).body.items;
/** What the client owes on an insured bill of 165.00 of the second of March. */
const clientPortion = async () => {
  const { clientPortionCents } = await newBill(oak, clientId, { responsibility: 'insurance' });
  return clientPortionCents;
};
const wrong = (pointer: string) => ({ status: 422, body: { code: 'invalid_input', errors: [{ pointer }] } });

describe('GET /clients/{clientId}/policies 200', () => {
  it('lists the client’s policies for whoever bills the client', async () => {
    const made = (await add()).body;
    const supervisor = await supervisorOf(oak, oak.practitioner);
    for (const caller of [oak.admin, oak.biller, oak.practitioner, supervisor])
      expect(await items(caller)).toEqual([made]);
  });
});

describe('POST /clients/{clientId}/policies 201', () => {
  it('its co-pay is what the client owes of an insured session of its time', async () => {
    const made = await add();
    expect(made).toMatchObject({ status: 201, body: { ...terms(), clientId, rank: 'primary', relationship: 'self' } });
    expect(await clientPortion()).toBe(3000);
  });

  it('co-insurance is a part of each line; a secondary policy does not answer for the primary', async () => {
    await add({ copayCents: undefined, coinsuranceBasisPoints: 2000 });
    await add({ rank: 'secondary', copayCents: 100 });
    expect(await clientPortion()).toBe(3300);
  });

  it('coverage dates decide which one answers (domain 2.5)', async () => {
    await add({ effectiveOn: '2025-01-01', endOn: '2026-03-01', copayCents: 1000 });
    await add({ effectiveOn: '2026-03-02', endOn: '2026-03-02', copayCents: 2000 });
    await add({ effectiveOn: '2026-03-03', copayCents: 4000 });
    expect(await clientPortion()).toBe(2000);
  });

  it('a repeat under the same key answers with the same policy and adds no second', async () => {
    const asked = { caller: oak.admin, path: { clientId }, body: terms(), key: 'one policy' };
    const [first, second] = [await create(asked), await create(asked)];
    expect(second).toMatchObject({ status: 201, body: first.body, headers: { 'idempotent-replayed': 'true' } });
    expect(await items()).toHaveLength(1);
  });
});

describe('POST and PATCH /clients/{clientId}/policies 422', () => {
  it('on each day one policy of a rank is in force, the first and last day included', async () => {
    await add({ endOn: '2026-06-30' });
    for (const more of [{}, { effectiveOn: '2026-06-30' }, { effectiveOn: '2025-01-01', endOn: '2026-01-01' }]) {
      expect(await add(more)).toMatchObject(wrong('/effectiveOn'));
    }
    const { policyId } = (await add({ effectiveOn: '2026-07-01' })).body;
    expect(await patch(policyId, { effectiveOn: '2026-06-30' })).toMatchObject(wrong('/effectiveOn'));
    expect((await add({ rank: 'secondary' })).status).toBe(201);
    expect(await items()).toHaveLength(3);
  });

  it('two overlapping policies added at once: one of them', async () => {
    writeTogether(store, 2);
    const answers = await Promise.all([add(), add({ memberId: 'X1' })]);
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 422]);
    expect(await items()).toHaveLength(1);
  });

  it('an end before the beginning, and a co-pay beside co-insurance', async () => {
    expect(await add({ endOn: '2025-12-31' })).toMatchObject(wrong('/endOn'));
    expect(await add({ coinsuranceBasisPoints: 2000 })).toMatchObject(wrong('/coinsuranceBasisPoints'));
    const { policyId } = (await add()).body;
    expect(await patch(policyId, { coinsuranceBasisPoints: 2000 })).toMatchObject(wrong('/coinsuranceBasisPoints'));
    const either = await patch(policyId, { copayCents: null, coinsuranceBasisPoints: 2000 });
    expect(either).toMatchObject({ status: 200, body: { coinsuranceBasisPoints: 2000 } });
  });

  it('a payer that is a platform, hidden, or of another practice', async () => {
    const elm = await openPractice();
    for (const { payerId } of [oak.platform, elm.insurer])
      expect(await add({ payerId })).toMatchObject(wrong('/payerId'));
    await ask(hidePayer, hidePayerRow, { caller: oak.admin, path: { payerId: oak.insurer.payerId } });
    expect(await add()).toMatchObject(wrong('/payerId'));
  });
});

describe('PATCH /clients/{clientId}/policies/{policyId} 200', () => {
  it('holds for bills to come; a bill made before keeps its terms', async () => {
    const { policyId } = (await add()).body;
    const before = await newBill(oak, clientId, { responsibility: 'insurance' });
    const changed = await patch(policyId, { copayCents: 4500, groupId: 'G-7' });
    expect(changed).toMatchObject({ status: 200, body: { ...terms(), copayCents: 4500, groupId: 'G-7' } });
    expect(before.clientPortionCents).toBe(3000);
    expect(await clientPortion()).toBe(4500);
    expect((await patch(policyId, { groupId: null, endOn: '2026-12-31' })).body).not.toHaveProperty('groupId');
    expect(await items()).toMatchObject([{ endOn: '2026-12-31', copayCents: 4500 }]);
  });
});

describe('PATCH /clients/{clientId}/policies/{policyId} 200, of an insurer hidden since', () => {
  it('the policy can still be ended, and be given to another insurer but not back', async () => {
    const { policyId } = (await add()).body;
    const { payerId } = oak.insurer;
    await ask(hidePayer, hidePayerRow, { caller: oak.admin, path: { payerId } });
    expect((await patch(policyId, { endOn: '2026-06-30' })).body).toMatchObject({ payerId, endOn: '2026-06-30' });
    const body = { name: 'Cigna', kind: 'insurer' };
    const other = (await ask(createPayer, createPayerRow, { caller: oak.admin, body })).body.payerId;
    expect((await patch(policyId, { payerId: other })).body.payerId).toBe(other);
    expect(await patch(policyId, { payerId })).toMatchObject(wrong('/payerId'));
  });
});

describe('DELETE /clients/{clientId}/policies/{policyId} 204', () => {
  it('answers for nothing any more', async () => {
    const { policyId } = (await add()).body;
    expect((await drop(policyId)).status).toBe(204);
    expect(await items()).toEqual([]);
    const body = { responsibility: 'insurance', payerId: oak.insurer.payerId };
    expect((await newBill(oak, clientId, body)).clientPortionCents).toBe(0);
  });
});

describe('policies 404', () => {
  it('of somebody else’s client, of another practice, of another client, or removed before', async () => {
    const { policyId } = (await add()).body;
    for (const caller of [oak.colleague, (await openPractice()).admin]) {
      expect((await list({ caller, path: { clientId } })).status).toBe(404);
      expect((await create({ caller, path: { clientId }, body: terms() })).status).toBe(404);
      expect((await patch(policyId, { copayCents: 0 }, caller)).status).toBe(404);
      expect((await drop(policyId, caller)).status).toBe(404);
    }
    const { clientId: other } = await newClient(oak, { firstName: 'Ann' });
    const elsewhere = await remove({ caller: oak.admin, path: { clientId: other, policyId } });
    expect(elsewhere).toMatchObject({ status: 404, body: { code: 'not_found', what: 'policy' } });
    expect(await items()).toMatchObject([{ copayCents: 3000 }]);
    await drop(policyId);
    expect((await drop(policyId)).status).toBe(404);
    expect((await patch(policyId, { copayCents: 0 })).status).toBe(404);
  });
});
