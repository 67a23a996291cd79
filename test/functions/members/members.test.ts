import { handler as changeMember } from '../../../functions/members/changeMember';
import { createMember } from '../../../functions/members/createMember';
import { handler as deactivateMember } from '../../../functions/members/deactivateMember';
import { handler as listMembers } from '../../../functions/members/listMembers';
import { serve } from '../../../shared/http/serve';
import { newId } from '../../../shared/ids';
import type { StaffCaller } from '../../../shared/operations/caller';
import {
  changeMemberRow,
  createMemberRow,
  deactivateMemberRow,
  listMembersRow,
} from '../../../shared/operations/members';
import { memberStore } from '../../../shared/store/memberStore';
import { asking } from '../../fixtures/apiEvent';
import { newMember } from '../../fixtures/chart';
import { pagesOf } from '../../fixtures/pages';
import { openPractice, type TestPractice } from '../../fixtures/practice';
import { type OpenStore, openStore } from '../../fixtures/store';
import { writeTogether } from '../../fixtures/writeTogether';

/** The sign-in pool: one subject an address, as Cognito keeps them; remembers who was invited. */
const invited: string[] = [];
const identity = {
  subjectOf: async (email: string) => {
    invited.push(email);
    return `sign-in of ${email}`;
  },
};
const create = asking(serve(createMemberRow, createMember({ members: memberStore, identity, newId })), createMemberRow);
const change = asking(changeMember, changeMemberRow);
const deactivate = asking(deactivateMember, deactivateMemberRow);
const list = asking(listMembers, listMembersRow);

let store: OpenStore;
let oak: TestPractice;
beforeAll(async () => {
  store = await openStore();
});
afterAll(() => store.close());
beforeEach(async () => {
  oak = await openPractice();
  invited.length = 0;
});

let people = 0;
const person = (more: object = {}) => {
  people += 1;
  return { name: 'Noor Haddad', email: `noor${people}@example.com`, roles: ['practitioner'], ...more };
};
const patch = ({ memberId }: { memberId: string }, body: object) =>
  change({ caller: oak.admin, path: { memberId }, body });

describe('GET /members 200', () => {
  it('an admin sees all of a member; colleagues see name and roles, as they need them to assign and filter', async () => {
    const made = (await create({ caller: oak.admin, body: person({ npi: '1234567893' }) })).body;
    const seenBy = async (caller: StaffCaller) =>
      (await list({ caller })).body.items.find(({ memberId }: StaffCaller) => memberId === made.memberId);
    expect(await seenBy(oak.admin)).toEqual(made);
    for (const caller of [oak.biller, oak.practitioner, oak.scheduler, oak.unbilling]) {
      const { memberId, name, roles } = made;
      expect(await seenBy(caller)).toEqual({ memberId, name, roles, active: true });
    }
  });

  it('pages hold at most the limit and lose nobody, and nobody of another practice', async () => {
    await openPractice();
    const pages = await pagesOf<StaffCaller>(list, { caller: oak.admin }, 4);
    expect(pages.map(({ length }) => length)).toEqual([4, 2]);
    const { admin, biller, practitioner, colleague, scheduler, unbilling } = oak;
    const all = [admin, biller, practitioner, colleague, scheduler, unbilling].map(({ memberId }) => memberId);
    expect(pages.flat().map(({ memberId }) => memberId)).toEqual(all.sort());
  });
});

describe('POST /members 201', () => {
  it('adds the member and invites the address; billing is visible unless switched off', async () => {
    const { status, body } = await create({ caller: oak.admin, body: person({ email: 'Noor.Haddad@example.com' }) });
    expect([status, body.email, body.active, body.billingVisible]).toEqual([
      201,
      'noor.haddad@example.com',
      true,
      true,
    ]);
    expect(invited).toEqual(['noor.haddad@example.com']);
    expect(body).not.toHaveProperty('subject');
    expect(await memberStore.load(oak.practiceId, body.memberId)).toMatchObject(body);
  });

  it('a repeat under the same key answers with the same member and invites nobody again', async () => {
    const asked = { caller: oak.admin, body: person(), key: 'invited once' };
    const [first, second] = [await create(asked), await create(asked)];
    expect(second).toMatchObject({ status: 201, body: first.body, headers: { 'idempotent-replayed': 'true' } });
    expect(invited).toHaveLength(1);
  });
});

describe('POST /members 409', () => {
  it('already_exists: the address is a member’s, also a deactivated one’s, whatever the case', async () => {
    const body = person();
    const { memberId } = (await create({ caller: oak.admin, body })).body;
    await deactivate({ caller: oak.admin, path: { memberId } });
    const again = await create({ caller: oak.admin, body: { ...body, email: body.email.toUpperCase() } });
    expect(again).toMatchObject({ status: 409, body: { code: 'already_exists', what: 'member', id: memberId } });
  });

  it('already_exists: one sign-in, one practice; where the other is, is not told', async () => {
    const elm = await openPractice();
    const body = person();
    const { memberId } = (await create({ caller: elm.admin, body })).body;
    const taken = await create({ caller: oak.admin, body });
    expect(taken).toMatchObject({ status: 409, body: { code: 'already_exists', what: 'sign-in' } });
    expect(JSON.stringify(taken.body)).not.toContain(memberId);
    expect((await memberStore.all(oak.practiceId)).some(({ email }) => email === body.email)).toBe(false);
  });
});

describe('POST /members 422', () => {
  it('a supervisor is another active member who has that role', async () => {
    const gone = await newMember(oak, ['supervisor']);
    await deactivate({ caller: oak.admin, path: { memberId: gone.memberId } });
    for (const { memberId: supervisorId } of [oak.practitioner, gone, (await openPractice()).admin]) {
      const answer = await create({ caller: oak.admin, body: person({ supervisorId }) });
      expect(answer).toMatchObject({ status: 422, body: { errors: [{ pointer: '/supervisorId' }] } });
    }
    const { memberId: supervisorId } = await newMember(oak, ['supervisor']);
    expect((await create({ caller: oak.admin, body: person({ supervisorId }) })).body).toMatchObject({ supervisorId });
  });
});

describe('POST /members 500', () => {
  it('a sign-in pool that cannot be reached adds nobody', async () => {
    const before = await memberStore.all(oak.practiceId);
    const lost = serve(
      createMemberRow,
      createMember({ members: memberStore, identity: { subjectOf: () => Promise.reject(new Error('down')) }, newId }),
    );
    expect((await asking(lost, createMemberRow)({ caller: oak.admin, body: person() })).status).toBe(500);
    expect(await memberStore.all(oak.practiceId)).toEqual(before);
  });
});

describe('PATCH /members/{memberId} 200', () => {
  it('changes what is named; null empties; the address stays, since it is the sign-in', async () => {
    const { memberId } = oak.practitioner;
    const body = { name: 'Ana Silva', roles: ['practitioner', 'biller'], npi: '1234567893', billingVisible: false };
    const changed = await patch({ memberId }, body);
    expect(changed).toMatchObject({ status: 200, body: { ...body, memberId, active: true } });
    const emptied = (await patch({ memberId }, { npi: null })).body;
    expect(emptied).not.toHaveProperty('npi');
    expect(emptied.name).toBe('Ana Silva');
  });

  it('whose supervisor has left can still be changed, and be given another', async () => {
    const [first, second] = [await newMember(oak, ['supervisor']), await newMember(oak, ['supervisor'])];
    await patch(oak.practitioner, { supervisorId: first.memberId });
    await patch(first, { roles: ['practitioner'] });
    expect((await patch(oak.practitioner, { name: 'Ana Silva' })).status).toBe(200);
    const next = await patch(oak.practitioner, { supervisorId: second.memberId });
    expect(next).toMatchObject({ status: 200, body: { supervisorId: second.memberId } });
  });

  it('a deactivated member comes back as before', async () => {
    const { memberId } = oak.biller;
    await deactivate({ caller: oak.admin, path: { memberId } });
    expect((await patch({ memberId }, { active: true })).body).toMatchObject({ active: true, roles: ['biller'] });
  });
});

describe('PATCH and DELETE /members/{memberId} 409', () => {
  it('last_billing_admin: the last active admin keeps role and access, by whichever door', async () => {
    const idle = await newMember(oak, ['admin']);
    await deactivate({ caller: oak.admin, path: { memberId: idle.memberId } });
    const { memberId } = oak.admin;
    const answers = [
      await patch({ memberId }, { roles: ['biller'] }),
      await patch({ memberId }, { active: false }),
      await deactivate({ caller: oak.admin, path: { memberId } }),
    ];
    for (const answer of answers) expect(answer).toMatchObject({ status: 409, body: { code: 'last_billing_admin' } });
    expect(await memberStore.load(oak.practiceId, memberId)).toMatchObject({ roles: ['admin'], active: true });
  });

  it('two admins who remove each other at once: one stays', async () => {
    const other = await newMember(oak, ['admin']);
    writeTogether(store, 2);
    const answers = await Promise.all([
      deactivate({ caller: oak.admin, path: { memberId: other.memberId } }),
      change({ caller: other, path: { memberId: oak.admin.memberId }, body: { roles: ['biller'] } }),
    ]);
    expect(answers.map(({ status }) => status).filter(status => status < 300)).toHaveLength(1);
    expect(answers.map(({ status }) => status)).toContain(409);
    const left = (await memberStore.all(oak.practiceId)).filter(
      ({ active, roles }) => active && roles.includes('admin'),
    );
    expect(left).toHaveLength(1);
  });
});

describe('PATCH /members/{memberId} 422', () => {
  it('nobody supervises oneself, nor does somebody without the role', async () => {
    const supervisor = await newMember(oak, ['supervisor']);
    for (const supervisorId of [supervisor.memberId, oak.biller.memberId]) {
      const answer = await patch(supervisor, { supervisorId });
      expect(answer).toMatchObject({ status: 422, body: { errors: [{ pointer: '/supervisorId' }] } });
    }
  });
});

describe('DELETE /members/{memberId} 204', () => {
  it('ends the access and keeps the member, also when it is asked twice', async () => {
    const { memberId } = oak.colleague;
    for (const _ of [1, 2]) expect((await deactivate({ caller: oak.admin, path: { memberId } })).status).toBe(204);
    expect(await memberStore.load(oak.practiceId, memberId)).toMatchObject({ active: false, roles: ['practitioner'] });
  });
});

describe('PATCH and DELETE /members/{memberId} 404', () => {
  it('a member of another practice is not there and stays as it is', async () => {
    const { practiceId, biller } = await openPractice();
    expect((await patch(biller, { active: false })).status).toBe(404);
    expect((await deactivate({ caller: oak.admin, path: { memberId: biller.memberId } })).status).toBe(404);
    expect(await memberStore.load(practiceId, biller.memberId)).toMatchObject({ active: true });
  });
});
