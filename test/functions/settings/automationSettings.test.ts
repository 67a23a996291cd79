import { handler as changeClient } from '../../../functions/clients/changeClient';
import { handler as getClientBilling } from '../../../functions/clients/getClientBillingSettings';
import { handler as putClientBilling } from '../../../functions/clients/putClientBillingSettings';
import { handler as applyToClients } from '../../../functions/settings/applyAutomationToClients';
import { handler as getAutomation } from '../../../functions/settings/getAutomationSettings';
import { handler as putAutomation } from '../../../functions/settings/putAutomationSettings';
import { type ClientBilling, defaultClientBilling } from '../../../shared/domain/client';
import { newId } from '../../../shared/ids';
import {
  changeClientRow,
  getClientBillingSettingsRow,
  putClientBillingSettingsRow,
} from '../../../shared/operations/clients';
import {
  applyAutomationToClientsRow,
  getAutomationSettingsRow,
  putAutomationSettingsRow,
} from '../../../shared/operations/settings';
import { added } from '../../../shared/store/changes';
import { clientStore } from '../../../shared/store/clientStore';
import { transact } from '../../../shared/store/kernel';
import { clientBillingEntity, clientEntity } from '../../../shared/store/table';
import { ask, asking } from '../../fixtures/apiEvent';
import { newBill, newClient, payInCash } from '../../fixtures/chart';
import { openPractice, type TestPractice } from '../../fixtures/practice';
import { type OpenStore, openStore } from '../../fixtures/store';

const get = asking(getAutomation, getAutomationSettingsRow);
const put = asking(putAutomation, putAutomationSettingsRow);
const apply = asking(applyToClients, applyAutomationToClientsRow);

let store: OpenStore;
let oak: TestPractice;
beforeAll(async () => {
  store = await openStore();
});
afterAll(() => store.close());
beforeEach(async () => {
  oak = await openPractice();
});

const inherits = {
  createBills: 'inherit',
  autoShare: { bills: 'inherit', superbills: 'inherit', statements: 'inherit' },
};
const self = {
  responsibility: 'self_pay',
  ...inherits,
  autopay: false,
  autopayLimitCents: null,
  createSuperbills: false,
  quiet: false,
};
const soon = { enabled: true, delayMinutes: 120 };

/** A client, and how it differs from the practice. */
async function clientWith(own: object): Promise<string> {
  const { clientId } = await newClient(oak);
  const body = { ...self, ...own };
  const asked = { caller: oak.admin, path: { clientId }, body };
  expect((await ask(putClientBilling, putClientBillingSettingsRow, asked)).status).toBe(200);
  return clientId;
}
const billingOf = async (clientId: string) =>
  (await ask(getClientBilling, getClientBillingSettingsRow, { caller: oak.admin, path: { clientId } })).body;

describe('GET /settings/automation 200', () => {
  it('nothing runs by itself until the practice says so', async () => {
    expect((await get({ caller: oak.biller })).body).toMatchObject({
      createBills: 'manual',
      autopay: false,
      autoShare: { bills: { enabled: false }, superbills: { enabled: false }, statements: { enabled: false } },
      overdueReminders: { enabled: false },
      statementDay: null,
      superbillDay: 1,
    });
  });
});

describe('PUT /settings/automation 200', () => {
  it('replaces the settings and counts, value by value, the active clients that inherit it (C4, C5)', async () => {
    await clientWith({});
    await clientWith({ createBills: 'daily' });
    await clientWith({ createBills: 'monthly', autoShare: { ...inherits.autoShare, bills: soon } });
    const archived = await clientWith({});
    const asked = { caller: oak.admin, path: { clientId: archived }, body: { status: 'archived' } };
    await ask(changeClient, changeClientRow, asked);
    const before = (await get({ caller: oak.admin })).body;
    const next = {
      ...before,
      createBills: 'weekly',
      autopay: true,
      autoShare: { bills: soon, superbills: soon, statements: before.autoShare.statements },
    };
    const { status, body } = await put({ caller: oak.admin, body: next });
    const { changed, ...settings } = body;
    expect([status, settings]).toEqual([200, next]);
    expect(changed).toEqual([
      { field: 'createBills', clientsInheriting: 1 },
      { field: 'autopay', clientsInheriting: 3 },
      { field: 'autoShare.bills', clientsInheriting: 2 },
      { field: 'autoShare.superbills', clientsInheriting: 3 },
    ]);
    expect((await get({ caller: oak.biller })).body).toEqual(next);
  });

  it('a client that inherits keeps "inherit", one with its own value keeps that: nothing is copied (C5)', async () => {
    const [follows, differs] = [await clientWith({}), await clientWith({ createBills: 'daily' })];
    const before = (await get({ caller: oak.admin })).body;
    await put({ caller: oak.admin, body: { ...before, createBills: 'weekly' } });
    expect((await billingOf(follows)).createBills).toBe('inherit');
    expect((await billingOf(differs)).createBills).toBe('daily');
  });

  it('the same settings again change nothing', async () => {
    const before = (await get({ caller: oak.admin })).body;
    expect((await put({ caller: oak.admin, body: before })).body.changed).toEqual([]);
  });
});

describe('PUT /settings/automation 409', () => {
  it('autopay_balance_unconfirmed: what clients on AutoPay owe is taken only when its exact sum was confirmed (rule 14)', async () => {
    const owing = [await clientWith({ autopay: true }), await clientWith({ autopay: true }), await clientWith({})];
    for (const clientId of owing) await newBill(oak, clientId);
    const [first = ''] = owing;
    await payInCash(oak, (await newBill(oak, first)).billId, 6_500);
    const before = (await get({ caller: oak.admin })).body;
    const openBalanceCents = 43_000;
    for (const confirmed of [{}, { confirmOpenBalanceCents: 59_500 }, { confirmOpenBalanceCents: 0 }]) {
      const answer = await put({ caller: oak.admin, body: { ...before, autopay: true, ...confirmed } });
      expect(answer).toMatchObject({ status: 409, body: { code: 'autopay_balance_unconfirmed', openBalanceCents } });
    }
    expect((await get({ caller: oak.admin })).body).toEqual(before);
    const body = { ...before, autopay: true, confirmOpenBalanceCents: openBalanceCents };
    const { changed: _, ...settings } = (await put({ caller: oak.admin, body })).body;
    expect(settings).toEqual({ ...before, autopay: true });
    expect((await get({ caller: oak.admin })).body).toEqual(settings);
    // On already: nothing is swept up by what else changes.
    expect((await put({ caller: oak.admin, body: { ...settings, createBills: 'daily' } })).status).toBe(200);
  });
});

describe('POST /settings/automation/apply-to-clients 200', () => {
  it('dryRun counts the clients with a value of their own and changes none', async () => {
    const clientId = await clientWith({ createBills: 'daily' });
    await clientWith({ autoShare: { ...inherits.autoShare, statements: soon } });
    await clientWith({});
    const count = async (body: object) => (await apply({ caller: oak.admin, body: { dryRun: true, ...body } })).body;
    expect(await count({})).toMatchObject({ dryRun: true, clients: 2 });
    expect(await count({ fields: ['createBills'] })).toEqual({ dryRun: true, fields: ['createBills'], clients: 1 });
    expect((await billingOf(clientId)).createBills).toBe('daily');
  });

  it('makes them inherit the named values again, and no other value', async () => {
    const own = {
      createBills: 'daily',
      autoShare: { ...inherits.autoShare, bills: soon, superbills: soon },
      quiet: true,
    };
    const clientId = await clientWith(own);
    const body = { dryRun: false, fields: ['createBills', 'autoShare.bills'] };
    expect((await apply({ caller: oak.biller, body })).body).toMatchObject({ dryRun: false, clients: 1 });
    expect(await billingOf(clientId)).toEqual({
      ...self,
      autoShare: { ...inherits.autoShare, superbills: soon },
      quiet: true,
    });
    expect((await apply({ caller: oak.biller, body })).body.clients).toBe(0);
  });

  it('reaches every client of a practice with more than fit into one transaction', async () => {
    const { clientId, ...like } = await clientStore.load(oak.admin, await clientWith({ createBills: 'daily' }));
    const billing: ClientBilling = { ...defaultClientBilling(clientId), createBills: 'daily' };
    const others = Array.from({ length: 52 }, () => newId('cli'));
    await transact(others.map(other => added(clientEntity, oak.practiceId, { ...like, clientId: other })));
    await transact(others.map(other => added(clientBillingEntity, oak.practiceId, { ...billing, clientId: other })));
    expect((await apply({ caller: oak.admin, body: { dryRun: false } })).body.clients).toBe(53);
    expect((await apply({ caller: oak.admin, body: { dryRun: true } })).body.clients).toBe(0);
  });

  it('a repeat under the same key answers as the first time, though nothing is left to do', async () => {
    await clientWith({ createBills: 'daily' });
    const asked = { caller: oak.admin, body: { dryRun: false }, key: 'apply once' };
    const [first, second] = [await apply(asked), await apply(asked)];
    expect(first.body.clients).toBe(1);
    expect(second).toMatchObject({ status: 200, body: first.body, headers: { 'idempotent-replayed': 'true' } });
  });
});

describe('POST /settings/automation/apply-to-clients 422', () => {
  it('a count is not taken for the deed: the key of a dry run serves no real one', async () => {
    const clientId = await clientWith({ createBills: 'daily' });
    await apply({ caller: oak.admin, body: { dryRun: true }, key: 'look first' });
    const real = await apply({ caller: oak.admin, body: { dryRun: false }, key: 'look first' });
    expect(real).toMatchObject({ status: 422, body: { code: 'idempotency_key_reused' } });
    expect((await billingOf(clientId)).createBills).toBe('daily');
  });
});
