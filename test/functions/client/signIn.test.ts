import { handler as signOut } from '../../../functions/client/signOut';
import { handler as switchAccount } from '../../../functions/client/switchAccount';
import { handler as changeClient } from '../../../functions/clients/changeClient';
import { handler as changeContact } from '../../../functions/contacts/changeContact';
import { clock } from '../../../shared/clock';
import { logger } from '../../../shared/logger';
import { signOutRow, switchAccountRow } from '../../../shared/operations/client';
import { changeClientRow } from '../../../shared/operations/clients';
import { changeContactRow } from '../../../shared/operations/contacts';
import { addressHash } from '../../../shared/store/address';
import { transact } from '../../../shared/store/kernel';
import { codeLimits, rateStore, signInGuesses, signInsFrom } from '../../../shared/store/rateStore';
import { shareStore } from '../../../shared/store/shareStore';
import { sweepDueWork } from '../../../shared/work/dueWork';
import { FrontDesk, openedAt, standAt, wait } from '../../fixtures/frontDesk';
import { codeIn, Portal } from '../../fixtures/portal';

let oak: FrontDesk;
let portal: Portal;
beforeAll(async () => {
  oak = await FrontDesk.open();
});
afterAll(() => oak.close());
let people = 0;
let maya: { clientId: string; email: string };
beforeEach(async () => {
  standAt(openedAt);
  portal = new Portal();
  maya = await newClient();
});

async function newClient(more: object = {}, desk = oak): Promise<{ clientId: string; email: string }> {
  people += 1;
  const email = `maya${people}@example.com`;
  return { email, clientId: await desk.client({ email, ...more }) };
}
const refused = { status: 401, body: { code: 'sign_in_refused' } };
const wrong = (code: string): string => String((Number(code) + 1) % 1_000_000).padStart(6, '0');

describe('202', () => {
  it('is told to everybody alike, with the same reads and writes: nobody is looked up before the mail', async () => {
    const cost = async (email: string) => {
      const made: string[] = [];
      const stop = oak.store.engine.onRequest(operation => made.push(operation));
      const { status, body } = await portal.request(email);
      stop();
      return { status, body, made };
    };
    const known = await cost(maya.email);
    expect(known).toMatchObject({ status: 202, body: { accepted: true } });
    expect(await cost('nobody@example.com')).toEqual(known);
    await portal.deliver();
    expect(portal.mail.taken.map(({ to }) => to.email)).toEqual([maya.email]);
  });

  it('the mail comes at once, from the practice, with the code in its text and HTML and nowhere else', async () => {
    await portal.request(` ${maya.email.toUpperCase()} `.trim());
    await portal.deliver();
    const [mail] = portal.mail.taken;
    const code = codeIn(mail?.message.text ?? '');
    expect(code).toMatch(/^\d{6}$/);
    expect(mail?.message.html).toContain(code);
    expect(mail?.message.subject).toBe('Your sign-in code');
    expect(mail?.message.text).toContain('valid for 10 minutes');
    // As it stands in the chart, not as somebody typed it.
    expect([mail?.to.email, mail?.practice.name]).toEqual([maya.email, 'Oak Street Therapy LLC']);
    // No delivery event has anything to settle.
    expect(mail?.practice.practiceId).toBeUndefined();
  });

  it('an address known in two practices is mailed once, in the name of neither', async () => {
    const elm = await oak.neighbour({ billingName: 'Elm Clinic' });
    await newClient({ email: maya.email }, elm);
    await portal.request(maya.email);
    await portal.deliver();
    expect(portal.mail.taken.map(({ practice }) => practice)).toEqual([{ name: 'Client portal' }]);
    expect(portal.mail.lastText).not.toMatch(/Oak|Elm/);
  });

  it('nothing is mailed where there is no portal, to a client who was archived, to a contact who gets no bills, to a bad address, to whoever allows no mail', async () => {
    const ash = await oak.neighbour({ portalEnabled: false });
    const closed = await newClient({}, ash);
    const gone = await newClient();
    await oak.done(changeClientRow, changeClient, { path: { clientId: gone.clientId }, body: { status: 'archived' } });
    await oak.contact(maya.clientId, { email: 'sister@example.com', roles: ['emergency'] });
    const bad = await newClient();
    const suppression = { addressHash: addressHash(bad.email), reason: 'complained', at: clock.now() } as const;
    await transact([shareStore.suppress(oak.practiceId, suppression)]);
    const quiet = await newClient({ emailAllowed: false });
    await oak.contact(maya.clientId, { email: 'aunt@example.com', emailAllowed: false });
    const silent = [closed.email, gone.email, 'sister@example.com', bad.email, quiet.email, 'aunt@example.com'];
    for (const email of silent) await portal.request(email);
    expect(await portal.deliver()).toBe(0);
    expect(portal.mail.taken).toEqual([]);
    // Another client of hers has it in the chart that she does.
    await oak.contact(quiet.clientId, { email: 'aunt@example.com' });
    await portal.codeFor('aunt@example.com');
    expect(portal.mail.taken.map(({ to }) => to.email)).toEqual(['aunt@example.com']);
  });

  it('five codes an hour and twenty a day go to a mailbox, from one place three and twelve: it keeps the owner out of none', async () => {
    const from = async (place: string, times: number): Promise<number> => {
      const before = portal.queued.length;
      for (let time = 0; time < times; time += 1) {
        expect(await portal.request(maya.email, place)).toMatchObject({ status: 202, body: { accepted: true } });
      }
      return portal.queued.length - before;
    };
    const [machine, owner] = ['198.51.100.1', '198.51.100.2'];
    expect([await from(machine, 5), await from(owner, 3)]).toEqual([3, 2]);
    for (let hour = 0; hour < 4; hour += 1) {
      wait(60);
      await from(machine, 4);
    }
    wait(60);
    expect([await from(machine, 1), await from(owner, 3), await from('198.51.100.3', 2)]).toEqual([0, 3, 2]);
    wait(60);
    // Twelve by the machine, five by its owner, two by another: one is left today.
    expect(await from('198.51.100.3', 2)).toBe(1);
  });

  it('a message that comes twice mails once; one that was lost is brought by the sweep; a throttled mail goes later', async () => {
    await portal.request(maya.email);
    const [message] = portal.queued;
    await portal.deliver([message ?? {}, message ?? {}]);
    expect(portal.mail.taken).toHaveLength(1);
    await portal.request(maya.email);
    portal.queued.length = 0;
    portal.mail.willAnswer({ outcome: 'throttled', code: 'TooManyRequestsException' });
    const swept = async () => {
      wait(2);
      const taken: object[] = [];
      const send = async (_: string, messages: readonly object[]) => ({ sent: taken.push(...messages) });
      await sweepDueWork({ clock, queues: { send }, shards: () => 4 });
      return portal.deliver(taken);
    };
    await swept();
    expect(portal.mail.taken).toHaveLength(1);
    await swept();
    expect(portal.mail.taken).toHaveLength(2);
    // Four minutes after it was asked for.
    expect(portal.mail.lastText).toContain('valid for 6 minutes, once');
    // Nothing is due any more.
    await swept();
    expect(portal.mail.taken).toHaveLength(2);
  });

  it('a mail that comes late says how long its code still holds; one that comes in the last minute is not sent', async () => {
    const late = async (seconds: number): Promise<string | undefined> => {
      portal.mail.taken.length = 0;
      await portal.request(maya.email);
      wait(seconds / 60);
      await portal.deliver();
      return /valid for (.+), once/.exec(portal.mail.lastText)?.[1];
    };
    expect([await late(61), await late(8 * 60), await late(541)]).toEqual(['8 minutes', '2 minutes', undefined]);
  });
});

describe('200', () => {
  it('the code opens a session of the client’s own account, once', async () => {
    const code = await portal.codeFor(maya.email);
    const answer = await portal.confirm(maya.email, code);
    const { accountId } = answer.body;
    expect(answer).toMatchObject({
      status: 200,
      body: {
        token: expect.stringMatching(/^clt_[\w-]{43}$/),
        expiresAt: '2026-03-10T15:30:00.000Z',
        endsAt: '2026-03-11T03:00:00.000Z',
        accounts: [
          {
            accountId,
            practiceName: 'Oak Street Therapy LLC',
            kind: 'client',
            clients: [{ clientId: maya.clientId, name: 'Maya Okafor' }],
          },
        ],
      },
    });
    const caller = await portal.callerOf(answer.body.token);
    expect(caller).toMatchObject({ kind: 'client', accountId, clients: [{ clientId: maya.clientId }] });
    expect(await portal.confirm(maya.email, code)).toMatchObject(refused);
  });

  it('a billing contact sees all clients of one practice in one account, each practice’s by a switch, never both', async () => {
    const parent = `parent${people}@example.com`;
    const elm = await oak.neighbour({ billingName: 'Elm Clinic' });
    const [one, other] = [await newClient(), await newClient()];
    const contactId = await oak.contact(one.clientId, { email: parent });
    await oak.contact(other.clientId, { email: parent.toUpperCase() });
    const there = await newClient({ email: parent }, elm);
    const session = await portal.signIn(parent);
    const [elms, oaks] = session.accounts;
    expect([elms.kind, oaks.kind, oaks.clients.length]).toEqual(['client', 'contact', 2]);
    expect(session.caller).toMatchObject({ practiceId: elm.practiceId, clients: [{ clientId: there.clientId }] });
    const body = { accountId: oaks.accountId };
    wait(20);
    const switched = await oak.done(switchAccountRow, switchAccount, { caller: session.caller, body });
    // It ends when the first one would have.
    expect(switched).toMatchObject({ accountId: oaks.accountId, endsAt: session.endsAt });
    const caller = await portal.callerOf(switched.token);
    expect(caller).toMatchObject({ practiceId: oak.practiceId });
    expect(typeof caller === 'object' && caller.clients).toEqual(
      expect.arrayContaining([
        { clientId: one.clientId, contactId },
        { clientId: other.clientId, contactId: expect.any(String) },
      ]),
    );
    expect(await portal.callerOf(session.token)).toBe('the session has ended');
    const again = await oak.ask(switchAccountRow, switchAccount, { caller: session.caller, body });
    expect(again).toMatchObject({ status: 401, body: { code: 'unauthenticated' } });
  });
});

describe('401', () => {
  it('wrong, old, replaced and never asked for: one and the same', async () => {
    const code = await portal.codeFor(maya.email);
    const first = await portal.confirm(maya.email, wrong(code));
    expect(first).toMatchObject(refused);
    const alike = async (email: string, given: string) => {
      const { status, body } = await portal.confirm(email, given);
      expect({ status, body }).toEqual({ status: 401, body: first.body });
    };
    await alike('nobody@example.com', code);
    await alike((await newClient()).email, code);
    await portal.codeFor(maya.email);
    await alike(maya.email, code);
    const last = await portal.codeFor(maya.email);
    wait(10);
    await alike(maya.email, last);
  });

  it('five wrong ones end a code, however many come at once; a new one is good', async () => {
    const code = await portal.codeFor(maya.email);
    const guesses = Array.from({ length: 8 }, (_, index) =>
      portal.confirm(maya.email, wrong(code), `198.51.100.${index}`),
    );
    for (const guess of await Promise.all(guesses)) expect(guess).toMatchObject(refused);
    expect(await portal.confirm(maya.email, code)).toMatchObject(refused);
    expect((await portal.confirm(maya.email, await portal.codeFor(maya.email))).status).toBe(200);
  });

  it('a right one that comes twice at once opens one session', async () => {
    const code = await portal.codeFor(maya.email);
    const answers = await Promise.all([portal.confirm(maya.email, code), portal.confirm(maya.email, code)]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 401]);
  });
});

describe('404', () => {
  it('not_found: nobody switches to an account of another address', async () => {
    const { caller } = await portal.signIn(maya.email);
    const { accountId } = await portal.signIn((await newClient()).email);
    const answer = await oak.ask(switchAccountRow, switchAccount, { caller, body: { accountId } });
    expect(answer).toMatchObject({ status: 404, body: { code: 'not_found' } });
  });
});

describe('429', () => {
  it('too_many_requests: from one place sixty requests and twenty wrong codes an hour; whoever signs in uses up none', async () => {
    const place = '198.51.100.200';
    const tries = Array.from({ length: 60 }, () => rateStore.take([signInsFrom(place)], clock.now()));
    await Promise.all(tries);
    expect(await portal.request(maya.email, place)).toMatchObject({ status: 429 });
    const code = await portal.codeFor(maya.email);
    for (let times = 0; times < 19; times += 1) await portal.confirm(`nobody${times}@example.com`, code, place);
    expect((await portal.confirm(maya.email, code, place)).status).toBe(200);
    expect(await portal.confirm(maya.email, code, place)).toMatchObject(refused);
    expect(await portal.confirm(maya.email, code, place)).toMatchObject({ status: 429 });
  });
});

describe('429 of wrong codes', () => {
  const tooMany = { status: 429, body: { code: 'too_many_requests' } };

  it('ten a day at a mailbox, known or not, of which one machine uses up half: its owner still signs in', async () => {
    const nobody = `nobody${people}@example.com`;
    for (const email of [maya.email, nobody]) {
      for (let times = 0; times < 5; times += 1) {
        expect(await portal.confirm(email, '000000', '198.51.100.1')).toMatchObject(refused);
      }
      expect(await portal.confirm(email, '000000', '198.51.100.1')).toMatchObject(tooMany);
    }
    expect((await portal.confirm(maya.email, await portal.codeFor(maya.email))).status).toBe(200);
    for (const email of [maya.email, nobody]) {
      for (let times = 0; times < 5; times += 1) {
        expect(await portal.confirm(email, '000000', `198.51.100.${times + 2}`)).toMatchObject(refused);
      }
      wait(60);
      expect(await portal.confirm(email, '000000', '198.51.100.9')).toMatchObject(tooMany);
    }
    wait(24 * 60);
    expect(await portal.confirm(nobody, '000000')).toMatchObject(refused);
  });

  it('all addresses of one network of IPv6 are one place; those of another are not', async () => {
    const nobody = `nobody${people}@example.com`;
    for (const place of ['2001:db8::1', '2001:DB8:0:0:ffff::2', '2001:db8::', '2001:db8:0:0:1:2:3:4', '2001:db8::9']) {
      expect(await portal.confirm(nobody, '000000', place)).toMatchObject(refused);
    }
    expect(await portal.confirm(nobody, '000000', '2001:db8::a:b')).toMatchObject(tooMany);
    expect(await portal.confirm(nobody, '000000', '2001:db8:0:1::1')).toMatchObject(refused);
    const guest = (place: string) => codeLimits('OAK-1', place)[1]?.subject;
    expect(guest('2001:db8::1')).toBe(guest('2001:db8:0:0:5::'));
    expect(guest('::ffff:198.51.100.1')).not.toBe(guest('::ffff:198.51.100.2'));
  });

  it('two hundred an hour over the whole system close the door, and the last of them sets off the alarm of errors', async () => {
    wait(9 * 60);
    const [all] = signInGuesses('', '');
    await Promise.all(Array.from({ length: 199 }, () => rateStore.take([all], clock.now())));
    const told = jest.spyOn(logger, 'error').mockReturnValue();
    expect(await portal.confirm('nobody@example.com', '000000', '198.51.100.77')).toMatchObject(refused);
    expect(told.mock.calls).toEqual([[expect.stringContaining('wrong codes'), { tries: 200 }]]);
    told.mockRestore();
    expect(await portal.confirm('other@example.com', '000000', '198.51.100.78')).toMatchObject(tooMany);
    wait(60);
    expect(await portal.confirm('other@example.com', '000000', '198.51.100.78')).toMatchObject(refused);
  });
});

describe('a session', () => {
  const ended = 'the session has ended';

  it('lives for half an hour after it was used last, and for twelve hours at most', async () => {
    const { token } = await portal.signIn(maya.email);
    wait(29);
    for (let used = 0; used < 24; used += 1) {
      expect(typeof (await portal.callerOf(token))).toBe('object');
      wait(29);
    }
    expect(await portal.callerOf(token)).toBe(ended);
  });

  it('ends when it is not used, and when its owner signs out', async () => {
    const idle = await portal.signIn(maya.email);
    wait(30);
    expect(await portal.callerOf(idle.token)).toBe(ended);
    const { token, caller } = await portal.signIn(maya.email);
    const answer = await oak.ask(signOutRow, signOut, { caller });
    expect([answer.status, await portal.callerOf(token)]).toEqual([204, ended]);
    expect((await oak.ask(signOutRow, signOut, { caller })).status).toBe(204);
  });

  it('sees what the chart says now: a contact who gets no bills any more, a new address, a portal that was closed', async () => {
    const email = `parent${people}@example.com`;
    const contactId = await oak.contact(maya.clientId, { email });
    const parent = await portal.signIn(email);
    const own = await portal.signIn(maya.email);
    const path = { clientId: maya.clientId, contactId };
    await oak.done(changeContactRow, changeContact, { path, body: { roles: ['emergency'] } });
    expect(await portal.callerOf(parent.token)).toBe(ended);
    expect(typeof (await portal.callerOf(own.token))).toBe('object');
    const body = { email: `new.${email}` };
    await oak.done(changeClientRow, changeClient, { path: { clientId: maya.clientId }, body });
    expect(await portal.callerOf(own.token)).toBe(ended);
  });
});
