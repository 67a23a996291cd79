import { handler as changeContact } from '../../../functions/contacts/changeContact';
import { handler as createContact } from '../../../functions/contacts/createContact';
import { handler as listContacts } from '../../../functions/contacts/listContacts';
import { handler as removeContact } from '../../../functions/contacts/removeContact';
import type { StaffCaller } from '../../../shared/operations/caller';
import {
  changeContactRow,
  createContactRow,
  listContactsRow,
  removeContactRow,
} from '../../../shared/operations/contacts';
import { asking } from '../../fixtures/apiEvent';
import { newBill, newClient, supervisorOf } from '../../fixtures/chart';
import { openPractice, type TestPractice } from '../../fixtures/practice';
import { type OpenStore, openStore } from '../../fixtures/store';
import { writeTogether } from '../../fixtures/writeTogether';

const list = asking(listContacts, listContactsRow);
const create = asking(createContact, createContactRow);
const change = asking(changeContact, changeContactRow);
const remove = asking(removeContact, removeContactRow);

let store: OpenStore;
let oak: TestPractice;
let clientId: string;
beforeAll(async () => {
  store = await openStore();
});
afterAll(() => store.close());
beforeEach(async () => {
  oak = await openPractice();
  ({ clientId } = await newClient(oak, { email: 'maya@example.com' }));
});

const add = async (more: object = {}) => {
  const body = { name: 'Ada Okafor', email: 'ada@example.com', roles: ['billing'], ...more };
  return create({ caller: oak.admin, path: { clientId }, body });
};
const items = async (caller: StaffCaller = oak.admin) => (await list({ caller, path: { clientId } })).body.items;
const patch = (contactId: string, body: object, caller: StaffCaller = oak.admin) =>
  change({ caller, path: { clientId, contactId }, body });
const drop = (contactId: string, caller: StaffCaller = oak.admin) => remove({ caller, path: { clientId, contactId } });
const recipient = async () => (await newBill(oak, clientId)).recipient;

describe('GET /clients/{clientId}/contacts 200', () => {
  it('lists the client’s contacts, of no other client, for whoever bills the client', async () => {
    const { clientId: other } = await newClient(oak, { firstName: 'Ann' });
    const made = (await add()).body;
    const supervisor = await supervisorOf(oak, oak.practitioner);
    for (const caller of [oak.admin, oak.biller, oak.practitioner, supervisor])
      expect(await items(caller)).toEqual([made]);
    const { body } = await list({ caller: oak.admin, path: { clientId: other } });
    expect(body).toEqual({ items: [], nextCursor: null });
  });
});

describe('POST /clients/{clientId}/contacts 201', () => {
  it('the billing contact gets the bills from then on; one for emergencies does not (domain 2.2)', async () => {
    const made = await add();
    expect(made).toMatchObject({
      status: 201,
      body: { clientId, name: 'Ada Okafor', emailAllowed: true, roles: ['billing'] },
    });
    await add({ name: 'Joy Okafor', roles: ['emergency'] });
    expect(await recipient()).toEqual({
      kind: 'contact',
      id: made.body.contactId,
      name: 'Ada Okafor',
      email: 'ada@example.com',
    });
  });

  it('a repeat under the same key answers with the same contact and adds no second', async () => {
    const asked = {
      caller: oak.admin,
      path: { clientId },
      body: { name: 'Ada', roles: ['billing'] },
      key: 'one contact',
    };
    const [first, second] = [await create(asked), await create(asked)];
    expect(second).toMatchObject({ status: 201, body: first.body, headers: { 'idempotent-replayed': 'true' } });
    expect(await items()).toHaveLength(1);
  });
});

describe('POST and PATCH /clients/{clientId}/contacts 409', () => {
  it('already_exists: there is one billing contact, until that one gives up the role', async () => {
    const { contactId: id } = (await add()).body;
    const refused = { status: 409, body: { code: 'already_exists', what: 'billing contact', id } };
    expect(await add({ name: 'Joy' })).toMatchObject(refused);
    const second = (await add({ name: 'Joy', roles: [] })).body.contactId;
    expect(await patch(second, { roles: ['billing'] })).toMatchObject(refused);
    await patch(id, { roles: ['emergency'] });
    expect((await patch(second, { roles: ['billing', 'emergency'] })).status).toBe(200);
    expect(await recipient()).toMatchObject({ kind: 'contact', id: second });
  });

  it('two billing contacts added at once: one of them', async () => {
    writeTogether(store, 2);
    const answers = await Promise.all([add(), add({ name: 'Joy' })]);
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409]);
    expect(await items()).toHaveLength(1);
  });
});

describe('PATCH /clients/{clientId}/contacts/{contactId} 200', () => {
  it('bills to come go to the contact as it is now, those made before keep their recipient (rule 57)', async () => {
    const { contactId } = (await add()).body;
    const { recipient: before } = await newBill(oak, clientId);
    const changed = await patch(contactId, { name: 'Ada Obi', email: null });
    expect(changed.body).toEqual({ contactId, clientId, name: 'Ada Obi', emailAllowed: true, roles: ['billing'] });
    expect(before).toMatchObject({ name: 'Ada Okafor', email: 'ada@example.com' });
    expect(await recipient()).toEqual({ kind: 'contact', id: contactId, name: 'Ada Obi' });
  });

  it('without the role the bills go to the client again', async () => {
    const { contactId } = (await add()).body;
    await patch(contactId, { roles: [] });
    expect(await recipient()).toMatchObject({ kind: 'client', id: clientId, email: 'maya@example.com' });
  });
});

describe('DELETE /clients/{clientId}/contacts/{contactId} 204', () => {
  it('is gone from the list, and bills to come go to the client', async () => {
    const { contactId } = (await add()).body;
    expect((await drop(contactId)).status).toBe(204);
    expect(await items()).toEqual([]);
    expect(await recipient()).toMatchObject({ kind: 'client', id: clientId });
  });
});

describe('contacts 404', () => {
  it('of somebody else’s client, of another practice, of another client, or removed before', async () => {
    const { contactId } = (await add()).body;
    for (const caller of [oak.colleague, (await openPractice()).admin]) {
      expect((await list({ caller, path: { clientId } })).status).toBe(404);
      expect((await create({ caller, path: { clientId }, body: { name: 'Eve', roles: [] } })).status).toBe(404);
      expect((await patch(contactId, { name: 'Eve' }, caller)).status).toBe(404);
      expect((await drop(contactId, caller)).status).toBe(404);
    }
    const { clientId: other } = await newClient(oak, { firstName: 'Ann' });
    const elsewhere = await remove({ caller: oak.admin, path: { clientId: other, contactId } });
    expect(elsewhere).toMatchObject({ status: 404, body: { code: 'not_found', what: 'contact' } });
    expect((await items()).map(({ name }: { name: string }) => name)).toEqual(['Ada Okafor']);
    await drop(contactId);
    expect((await drop(contactId)).status).toBe(404);
    expect((await patch(contactId, { name: 'Eve' })).status).toBe(404);
  });
});
