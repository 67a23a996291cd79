import { exportJWK, SignJWT } from 'jose';
import { authorizeCaller } from '../../../functions/access/authorizeCaller';
import { handler as changeMember } from '../../../functions/members/changeMember';
import { handler as deactivateMember } from '../../../functions/members/deactivateMember';
import { handler as changePractice } from '../../../functions/practice/changePractice';
import { handler as getPractice } from '../../../functions/practice/getPractice';
import { tokenHashOf } from '../../../shared/access/bearerToken';
import { subjectOfToken } from '../../../shared/access/staffToken';
import { clock } from '../../../shared/clock';
import { addMinutes, type Instant } from '../../../shared/domain/calendar';
import type { Member } from '../../../shared/domain/practice';
import { newId } from '../../../shared/ids';
import { changeMemberRow, deactivateMemberRow } from '../../../shared/operations/members';
import { changePracticeRow, getPracticeRow } from '../../../shared/operations/practice';
import { accessStore } from '../../../shared/store/accessStore';
import { addressHash } from '../../../shared/store/address';
import { newClientToken } from '../../../shared/store/clientTokens';
import { guestStore } from '../../../shared/store/guestStore';
import { transact } from '../../../shared/store/kernel';
import { memberStore } from '../../../shared/store/memberStore';
import { accountsOf } from '../../../shared/store/portalStore';
import { ask } from '../../fixtures/apiEvent';
import { newBill, newClient } from '../../fixtures/chart';
import { openPractice, type TestPractice } from '../../fixtures/practice';
import { type OpenStore, openStore } from '../../fixtures/store';
import { nowSeconds, TokenPool } from '../../fixtures/tokenPool';

let pool: TokenPool;
let store: OpenStore;
let oak: TestPractice;

beforeAll(async () => {
  store = await openStore();
  pool = await TokenPool.open();
});
afterAll(async () => {
  await store.close();
  pool.close();
});
beforeEach(async () => {
  oak = await openPractice();
});

const real = authorizeCaller({ access: accessStore, subjectOfToken, clock });
const contextOf = async (authorization: string | undefined, door = real) =>
  (await door({ headers: authorization === undefined ? {} : { authorization } })).context;
const withToken = (token: string, door = real) => contextOf(`Bearer ${token}`, door);
/** The caller that a context names; what it says instead, when it refuses. */
const callerIn = (context: Awaited<ReturnType<typeof contextOf>>) =>
  'caller' in context ? JSON.parse(context.caller) : context.refusal;

/** A member of the practice with a sign-in. */
async function joined(more: Partial<Member> = {}): Promise<Member & { subject: string }> {
  const memberId = newId('mem');
  const member = {
    memberId,
    name: 'Noor Haddad',
    email: `${memberId}@example.com`,
    roles: ['practitioner'],
    billingVisible: true,
    active: true,
    subject: `subject of ${memberId}`,
    ...more,
  } satisfies Member;
  await memberStore.add(oak.practiceId, member);
  return member;
}
const signIn = async ({ subject }: { subject: string }) => withToken(await pool.signed(pool.claimsOf(subject)));

describe('a staff token', () => {
  it('names the member with practice, zone, roles and whom it sees, by either key of the pool', async () => {
    const member = await joined();
    for (const key of ['first', 'second']) {
      expect(callerIn(await withToken(await pool.signed(pool.claimsOf(member.subject), { key })))).toEqual({
        kind: 'staff',
        practiceId: oak.practiceId,
        timeZone: 'America/New_York',
        currency: 'USD',
        memberId: member.memberId,
        roles: ['practitioner'],
        sees: [member.memberId],
        billing: true,
      });
    }
  });

  it('roles and switches come from the table at each question: a supervisor sees the supervised, office roles all', async () => {
    const supervisor = await joined({ roles: ['supervisor'] });
    const supervised = await joined({ supervisorId: supervisor.memberId });
    expect(callerIn(await signIn(supervisor)).sees.sort()).toEqual([supervised.memberId, supervisor.memberId].sort());
    for (const role of ['admin', 'biller', 'scheduler'] as const) {
      const body = { roles: [role] };
      const path = { memberId: supervised.memberId };
      await ask(changeMember, changeMemberRow, { caller: oak.admin, path, body });
      expect(callerIn(await signIn(supervised))).toMatchObject({
        roles: [role],
        sees: 'all',
        billing: role !== 'scheduler',
      });
    }
  });

  it('billing switched off holds at the next question', async () => {
    const member = await joined({ roles: ['biller'] });
    const path = { memberId: member.memberId };
    await ask(changeMember, changeMemberRow, { caller: oak.admin, path, body: { billingVisible: false } });
    expect(callerIn(await signIn(member)).billing).toBe(false);
  });

  it('a new zone of the practice is the caller’s at the next question', async () => {
    const member = await joined();
    await ask(changePractice, changePracticeRow, { caller: oak.admin, body: { timeZone: 'Asia/Tokyo' } });
    expect(callerIn(await signIn(member)).timeZone).toBe('Asia/Tokyo');
  });
});

describe('a refused staff token', () => {
  it('of a deactivated member: refused at the next question, which comes within the minute that answers are kept', async () => {
    const member = await joined();
    expect(callerIn(await signIn(member)).memberId).toBe(member.memberId);
    const path = { memberId: member.memberId };
    await ask(deactivateMember, deactivateMemberRow, { caller: oak.admin, path });
    expect(callerIn(await signIn(member))).toBe('the member is not active');
  });

  it('of a sign-in that no member has, such as another system’s', async () => {
    expect(callerIn(await signIn({ subject: 'nobody' }))).toBe('no member has this sign-in');
  });

  it('expired, not yet valid, of another issuer, an id token, or by a key that the pool does not publish', async () => {
    const { subject } = await joined();
    const wrong: Record<string, string> = {
      expired: await pool.signed(pool.claimsOf(subject, { exp: nowSeconds() - 60 })),
      'not yet valid': await pool.signed(pool.claimsOf(subject, { nbf: nowSeconds() + 600 })),
      'another issuer': await pool.signed(pool.claimsOf(subject, { iss: 'https://pool.example.com' })),
      'an id token, meant for another audience': await pool.signed(
        pool.claimsOf(subject, { token_use: 'id', aud: 'portal' }),
      ),
      'no kind of token': await pool.signed({ iss: pool.issuer, sub: subject, exp: nowSeconds() + 900 }),
      'an unpublished key': await pool.signed(pool.claimsOf(subject), { key: 'unpublished' }),
      'an unpublished key under a published name': await pool.signed(pool.claimsOf(subject), {
        key: 'unpublished',
        header: { kid: 'first' },
      }),
      'no key named': await pool.signed(pool.claimsOf(subject), { header: {} }),
    };
    for (const [why, token] of Object.entries(wrong)) {
      expect([why, callerIn(await withToken(token))]).toEqual([why, 'the token is not valid, or no longer']);
    }
  });

  it('changed, unsigned, or signed with the public key as a secret', async () => {
    const { subject } = await joined();
    const [head = '', , mark = ''] = (await pool.signed(pool.claimsOf(oak.admin.memberId))).split('.');
    const encoded = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const claims = encoded(pool.claimsOf(subject));
    const secret = Buffer.from(JSON.stringify(await exportJWK(pool.pair('first').publicKey)));
    const shared = new SignJWT(pool.claimsOf(subject)).setProtectedHeader({ alg: 'HS256', kid: 'first' }).sign(secret);
    const wrong = [`${head}.${claims}.${mark}`, `${encoded({ alg: 'none' })}.${claims}.`, await shared, 'not-a-token'];
    for (const token of wrong) {
      expect(callerIn(await withToken(token))).toBe('the token is not valid, or no longer');
    }
  });

  it('absent, or not a bearer’s', async () => {
    const token = await pool.signed(pool.claimsOf((await joined()).subject));
    for (const header of [undefined, '', token, `Basic ${token}`, `Bearer ${token} more`]) {
      expect(callerIn(await contextOf(header))).toBe('not a bearer token');
    }
  });

  it('keys that cannot be fetched are no refusal: the question fails, and nobody is told a lie', async () => {
    const down = authorizeCaller({
      access: accessStore,
      clock,
      subjectOfToken: () => Promise.reject(new Error('down')),
    });
    await expect(withToken('header.claims.mark', down)).rejects.toThrow('down');
  });

  it('comes out of the operation as 401 with the reason', async () => {
    const refusal = callerIn(await withToken('not-a-token'));
    const answer = await ask(getPractice, getPracticeRow, { refusal });
    expect(answer).toMatchObject({ status: 401, body: { code: 'unauthenticated', reason: refusal } });
  });
});

describe('a guest’s or client’s token', () => {
  const at = (now: Instant) => authorizeCaller({ access: accessStore, subjectOfToken, clock: { now: () => now } });

  it('opens one bill of one practice for half an hour', async () => {
    const { billId } = await newBill(oak, (await newClient(oak)).clientId);
    const now = clock.now();
    const { token, expiresAt } = await guestStore.newToken(
      await guestStore.opened(oak.practiceId, billId),
      'byLink',
      now,
    );
    expect(expiresAt).toBe(addMinutes(now, 30));
    expect(callerIn(await withToken(token, at(addMinutes(now, 29))))).toEqual({
      kind: 'guest',
      practiceId: oak.practiceId,
      timeZone: 'America/New_York',
      currency: 'USD',
      billId,
      verified: false,
      byLink: true,
      tokenHash: tokenHashOf(token),
    });
    expect(callerIn(await withToken(token, at(addMinutes(now, 30))))).toBe('the session has ended');
  });

  it('a client’s session sees its account and the clients of it, until it ends', async () => {
    const email = 'maya.of.this.test@example.com';
    const { clientId } = await newClient(oak, { email });
    const now = clock.now();
    const [account] = await accountsOf(addressHash(email));
    if (!account) throw new Error('the client has no account');
    const { token, write } = newClientToken(account, { addressHash: addressHash(email) }, now);
    await transact([write]);
    expect(callerIn(await withToken(token, at(now)))).toEqual({
      kind: 'client',
      practiceId: oak.practiceId,
      timeZone: 'America/New_York',
      currency: 'USD',
      accountId: account.accountId,
      clients: [{ clientId }],
      tokenHash: tokenHashOf(token),
    });
    expect(callerIn(await withToken(token, at(addMinutes(now, 30))))).toBe('the session has ended');
  });

  it('an unknown one opens nothing, and none passes for staff', async () => {
    expect(callerIn(await withToken('gst_guessed'))).toBe('the session has ended');
    const { billId } = await newBill(oak, (await newClient(oak)).clientId);
    const { token } = await guestStore.newToken(await guestStore.opened(oak.practiceId, billId), 'byCode', clock.now());
    const caller = callerIn(await withToken(token));
    expect((await ask(getPractice, getPracticeRow, { caller })).status).toBe(403);
  });
});
