import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { TransactWriteCommand, type TransactWriteCommandInput } from '@aws-sdk/lib-dynamodb';
import { handler as createPayer } from '../../functions/catalogue/createPayer';
import { handler as createProduct } from '../../functions/catalogue/createProduct';
import { handler as createService } from '../../functions/catalogue/createService';
import { handler as createClient } from '../../functions/clients/createClient';
import { handler as createContact } from '../../functions/contacts/createContact';
import { handler as createImport } from '../../functions/imports/createImport';
import { createMember } from '../../functions/members/createMember';
import { handler as createPolicy } from '../../functions/policies/createPolicy';
import { handler as createSession } from '../../functions/sessions/createSession';
import { serve } from '../../shared/http/serve';
import { newId } from '../../shared/ids';
import { createPayerRow, createProductRow, createServiceRow } from '../../shared/operations/catalogue';
import { createClientRow } from '../../shared/operations/clients';
import { createContactRow } from '../../shared/operations/contacts';
import { createImportRow } from '../../shared/operations/imports';
import { createMemberRow } from '../../shared/operations/members';
import { createPolicyRow } from '../../shared/operations/policies';
import { createSessionRow } from '../../shared/operations/sessions';
import { useDocumentClient } from '../../shared/store/kernel';
import { memberStore } from '../../shared/store/memberStore';
import { ask } from '../fixtures/apiEvent';
import { newClient } from '../fixtures/chart';
import { openPractice, type TestPractice } from '../fixtures/practice';
import { type OpenStore, openStore } from '../fixtures/store';
import { writeTogether } from '../fixtures/writeTogether';

const identity = { subjectOf: async (email: string) => `sign-in of ${email}` };
const memberDoor = (members = memberStore) => serve(createMemberRow, createMember({ members, identity, newId }));

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
afterEach(() => useDocumentClient(store.documents));

let addresses = 0;
const newAddress = (): string => {
  addresses += 1;
  return `noor${addresses}@example.com`;
};

/** The next transaction meets another one on its items, as DynamoDB says it when two are under way at once. */
function meetAnother(): void {
  let met = false;
  const conflict = ({ TransactItems = [] }: TransactWriteCommandInput) =>
    new TransactionCanceledException({
      message: 'Transaction cancelled',
      $metadata: {},
      CancellationReasons: TransactItems.map(() => ({ Code: 'TransactionConflict' })),
    });
  const send = async (command: Parameters<OpenStore['documents']['send']>[0]) => {
    if (met || !(command instanceof TransactWriteCommand)) return store.documents.send(command);
    met = true;
    throw conflict(command.input);
  };
  useDocumentClient({ send } as never);
}

const creates = {
  createService: [createService, createServiceRow, () => ({ body: { code: '90834', name: 'Therapy', priceCents: 1 } })],
  createProduct: [createProduct, createProductRow, () => ({ body: { title: 'Workbook', priceCents: 1 } })],
  createPayer: [createPayer, createPayerRow, () => ({ body: { name: 'Cigna', kind: 'insurer' } })],
  createMember: [
    memberDoor(),
    createMemberRow,
    () => ({ body: { name: 'Noor', email: newAddress(), roles: ['biller'] } }),
  ],
  createClient: [
    createClient,
    createClientRow,
    () => ({ body: { firstName: 'A', lastName: 'B', externalId: 'ehr-1' } }),
  ],
  createContact: [
    createContact,
    createContactRow,
    () => ({ path: { clientId }, body: { name: 'Ada', roles: ['billing'] } }),
  ],
  createPolicy: [
    createPolicy,
    createPolicyRow,
    () => ({
      path: { clientId },
      body: { payerId: oak.insurer.payerId, insuranceType: 'PPO', memberId: 'W1', effectiveOn: '2026-01-01' },
    }),
  ],
  createSession: [
    createSession,
    createSessionRow,
    () => ({
      body: {
        clientId,
        practitionerId: oak.practitioner.memberId,
        startsAt: '2026-03-02T15:00:00Z',
        services: [],
        externalId: 'ehr-2',
      },
    }),
  ],
  createImport: [
    createImport,
    createImportRow,
    () => ({ query: { kind: 'services' }, raw: 'code,name,price\n1,One,1\n', headers: { 'content-type': 'text/csv' } }),
  ],
} as const;
const named = Object.entries(creates).map(([name, [handler, row, asked]]) => ({ name, handler, row, asked }));
const idIn = (body: Record<string, unknown>, name: string) => body[`${name.slice('create'.length).toLowerCase()}Id`];

describe.each(named)('$name', ({ name, handler, row, asked }) => {
  const key = 'one intent, asked often';

  it('when its transaction meets another one it is decided anew, not failed', async () => {
    const request = { caller: oak.admin, ...asked() };
    meetAnother();
    expect((await ask(handler, row, request)).status).toBe(name === 'createImport' ? 202 : 201);
  });

  it('four at once under one key answer with one and the same', async () => {
    const request = { caller: oak.admin, ...asked(), key };
    writeTogether(store, 4);
    const answers = await Promise.all(Array.from({ length: 4 }, () => ask(handler, row, request)));
    const ids = answers.map(({ body }) => idIn(body, name));
    expect(ids[0]).toEqual(expect.any(String));
    expect(new Set(ids).size).toBe(1);
    expect(answers.every(({ status }) => status < 300)).toBe(true);
    expect(answers.filter(({ headers }) => headers['idempotent-replayed'] === 'true')).toHaveLength(3);
  });

  it('the key of one request serves no other', async () => {
    const request = { caller: oak.admin, ...asked(), key };
    expect((await ask(handler, row, request)).status).toBeLessThan(300);
    const raw = 'raw' in request ? `${request.raw}2,Two,2\n` : `${JSON.stringify(request.body)} `;
    const other = await ask(handler, row, { ...request, raw });
    expect(other).toMatchObject({ status: 422, body: { code: 'idempotency_key_reused' } });
  });
});

describe('a request whose twin is done between its two reads', () => {
  it('is answered as its twin was, not by the rule that saw what the twin did', async () => {
    const body = { name: 'Noor Haddad', email: newAddress(), roles: ['biller'] };
    const request = { caller: oak.admin, body, key: 'twins at the door' };
    const twin = () => ask(memberDoor(), createMemberRow, request);
    let answered: Awaited<ReturnType<typeof twin>> | undefined;
    const late = memberDoor({
      ...memberStore,
      all: async practiceId => {
        answered ??= await twin();
        return memberStore.all(practiceId);
      },
    });
    const answer = await ask(late, createMemberRow, request);
    expect(answered?.status).toBe(201);
    expect(answer).toMatchObject({ status: 201, body: answered?.body, headers: { 'idempotent-replayed': 'true' } });
  });

  it('another request is still refused by what it sees', async () => {
    const body = { name: 'Noor Haddad', email: newAddress(), roles: ['biller'] };
    await ask(memberDoor(), createMemberRow, { caller: oak.admin, body, key: 'the first of two' });
    const second = await ask(memberDoor(), createMemberRow, { caller: oak.admin, body, key: 'the second of two' });
    expect(second).toMatchObject({ status: 409, body: { code: 'already_exists' } });
  });
});
