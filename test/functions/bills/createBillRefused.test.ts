import { handler as hideProduct } from '../../../functions/catalogue/hideProduct';
import { handler as changeClient } from '../../../functions/clients/changeClient';
import { handler as getSession } from '../../../functions/sessions/getSession';
import { handler as waiveSession } from '../../../functions/sessions/waiveSession';
import { hideProductRow } from '../../../shared/operations/catalogue';
import { changeClientRow } from '../../../shared/operations/clients';
import { getSessionRow, waiveSessionRow } from '../../../shared/operations/sessions';
import { amountsOf, FrontDesk, today } from '../../fixtures/frontDesk';

let oak: FrontDesk;
beforeAll(async () => {
  oak = await FrontDesk.open();
});
afterAll(() => oak.close());

const sessionOf = async (sessionId: string) => (await oak.ask(getSessionRow, getSession, { path: { sessionId } })).body;

describe('404', () => {
  it('a practitioner bills own clients only; another’s client, session, contact and product are not there', async () => {
    const clientId = await oak.client();
    const other = await oak.client();
    const sessions = [{ sessionId: await oak.session(clientId) }];
    const foreign = [{ sessionId: await oak.session(other) }];
    const contactId = await oak.contact(other);
    const nowhere = `prod_${'0'.repeat(26)}`;
    const { practitioner, colleague } = oak.practice;
    const answers = [
      await oak.create({ clientId, sessions }, { caller: colleague }),
      await oak.create({ clientId, sessions: foreign }),
      await oak.create({ clientId, sessions, recipient: { contactId } }),
      await oak.create({ clientId, sessions, products: [{ productId: nowhere, quantity: 1 }] }),
    ];
    expect(answers.map(({ status, body }) => [status, body.code])).toEqual(answers.map(() => [404, 'not_found']));
    expect((await oak.create({ clientId, sessions }, { caller: practitioner })).status).toBe(201);
  });

  it('a hidden product goes on no new bill', async () => {
    const productId = await oak.product(2500);
    await oak.done(hideProductRow, hideProduct, { path: { productId } });
    const answer = await oak.create({ clientId: await oak.client(), products: [{ productId, quantity: 1 }] });
    expect(answer).toMatchObject({ status: 404, body: { code: 'not_found' } });
  });
});

describe('409', () => {
  it('session_already_billed names the sessions, and nothing of the rest is billed (R10, rule 48)', async () => {
    const clientId = await oak.client();
    const [taken, free] = [await oak.session(clientId), await oak.session(clientId)];
    await oak.create({ clientId, sessions: [{ sessionId: taken }] });
    const answer = await oak.create({ clientId, sessions: [{ sessionId: free }, { sessionId: taken }] });
    expect(answer).toMatchObject({ status: 409, body: { code: 'session_already_billed', sessions: [taken] } });
    expect((await sessionOf(free)).billing).toBe('unbilled');
  });

  it('of two who bill the same session at once one wins, and the other is told which session (rule 47b)', async () => {
    const clientId = await oak.client();
    const sessionId = await oak.session(clientId);
    const answers = await Promise.all([1, 2].map(() => oak.create({ clientId, sessions: [{ sessionId }] })));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409]);
    expect(answers.find(({ status }) => status === 409)?.body).toMatchObject({ sessions: [sessionId] });
  });

  it('session_not_billable names each session with its reason (R6)', async () => {
    const clientId = await oak.client();
    const scheduled = await oak.session(clientId, 10_000, { status: 'scheduled' });
    const free = await oak.session(clientId, 0);
    const waived = await oak.session(clientId);
    await oak.done(waiveSessionRow, waiveSession, { path: { sessionId: waived } });
    const sessions = [scheduled, free, waived].map(sessionId => ({ sessionId }));
    const { status, body } = await oak.create({ clientId, sessions });
    expect({ status, code: body.code, sessions: body.sessions }).toEqual({
      status: 409,
      code: 'session_not_billable',
      sessions: [
        { sessionId: scheduled, reason: 'not_completed' },
        { sessionId: free, reason: 'no_amount' },
        { sessionId: waived, reason: 'waived' },
      ],
    });
  });

  it('client_archived: a former client gets no new bill', async () => {
    const clientId = await oak.client();
    await oak.done(changeClientRow, changeClient, { path: { clientId }, body: { status: 'archived' } });
    const products = [{ productId: await oak.product(100), quantity: 1 }];
    expect(await oak.create({ clientId, products })).toMatchObject({ status: 409, body: { code: 'client_archived' } });
  });
});

describe('422', () => {
  const refused = async (more: Record<string, unknown>) => {
    const clientId = await oak.client();
    await oak.policy(clientId);
    const sessionId = await oak.session(clientId);
    const { clientPortion, ...rest } = more;
    const { status, body } = await oak.create({ clientId, sessions: [{ sessionId, clientPortion }], ...rest });
    // Nothing was half-written: the session waits as before (R17).
    expect([status, (await sessionOf(sessionId)).billing]).toEqual([422, 'unbilled']);
    return { ...body, sessionId };
  };
  const copay = { kind: 'copay', amountCents: 2000 };

  it('(R14) client_portion_not_allowed: co-pay and co-insurance need the responsibility insurance', async () => {
    expect(await refused({ clientPortion: copay })).toMatchObject({ code: 'client_portion_not_allowed' });
    const { payerId } = oak.practice.platform;
    const external = { responsibility: 'external', payerId, clientPortion: { kind: 'coinsurance', basisPoints: 1 } };
    expect(await refused(external)).toMatchObject({ code: 'client_portion_not_allowed' });
  });

  it('client_portion_exceeds_amount tells what the session’s services come to', async () => {
    const body = await refused({ responsibility: 'insurance', clientPortion: { ...copay, amountCents: 10_001 } });
    expect(body).toMatchObject({ code: 'client_portion_exceeds_amount', amountCents: 10_000 });
  });

  it('due_before_issued tells the day of issue (R16)', async () => {
    expect(await refused({ dueOn: '2026-03-09' })).toMatchObject({ code: 'due_before_issued', issuedOn: today });
  });

  it('a bill needs something on it, a session once, and a payer where one shall pay', async () => {
    const clientId = await oak.client();
    const sessionId = await oak.session(clientId);
    const pointerOf = async (body: Record<string, unknown>) =>
      (await oak.create({ clientId, ...body })).body.errors.map((error: { pointer: string }) => error.pointer);
    expect(await pointerOf({ sessions: [] })).toEqual(['/sessions']);
    expect(await pointerOf({ sessions: [{ sessionId }, { sessionId }] })).toEqual(['/sessions']);
    expect(await pointerOf({ sessions: [{ sessionId }], responsibility: 'insurance' })).toEqual(['/payerId']);
    expect(await pointerOf({ sessions: [{ sessionId }], responsibility: 'external' })).toEqual(['/payerId']);
  });

  it('too_many_sessions: ninety fit on a bill with its credit, ninety-one do not', async () => {
    const clientId = await oak.client();
    for (let lot = 0; lot < 8; lot += 1) await oak.prepay(clientId, 100);
    const sessions: { sessionId: string }[] = [];
    for (let count = 0; count < 91; count += 1) sessions.push({ sessionId: await oak.session(clientId, 1000) });
    const tooMany = await oak.create({ clientId, sessions });
    expect(tooMany).toMatchObject({ status: 422, body: { code: 'too_many_sessions', limit: 90 } });
    const { status, body } = await oak.create({ clientId, sessions: sessions.slice(0, 90) });
    expect([status, body.totalCents, body.lines.length]).toEqual([201, 90_000, 90]);
    // Five lots fit into that transaction; the rest of the credit stays for the next bill.
    expect(amountsOf(body)).toBe('T 90000, C 90000/500/89500, partially_paid');
  });

  it('idempotency_key_reused: the key of one bill makes no other', async () => {
    const clientId = await oak.client();
    const body = { clientId, sessions: [{ sessionId: await oak.session(clientId) }] };
    await oak.create(body, { key: 'key of a bill' });
    const other = await oak.create({ ...body, comments: 'another' }, { key: 'key of a bill' });
    expect(other).toMatchObject({ status: 422, body: { code: 'idempotency_key_reused' } });
  });
});
