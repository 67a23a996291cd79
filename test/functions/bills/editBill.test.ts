import { handler as editBill } from '../../../functions/bills/editBill';
import { handler as writeOffBill } from '../../../functions/bills/writeOffBill';
import { handler as changeSession } from '../../../functions/sessions/changeSession';
import { handler as getSession } from '../../../functions/sessions/getSession';
import { editBillRow, writeOffBillRow } from '../../../shared/operations/bills';
import { changeSessionRow, getSessionRow } from '../../../shared/operations/sessions';
import type { Asked } from '../../fixtures/apiEvent';
import { amountsOf, FrontDesk, openedAt, standAt, today, wait } from '../../fixtures/frontDesk';

let oak: FrontDesk;
beforeAll(async () => {
  oak = await FrontDesk.open();
});
afterAll(() => oak.close());
beforeEach(() => standAt(openedAt));

const edit = (billId: string, body: object, asked: Asked = {}) =>
  oak.ask(editBillRow, editBill, { path: { billId }, body, ...asked });
const billingOf = async (sessionId: string) =>
  (await oak.ask(getSessionRow, getSession, { path: { sessionId } })).body.billing;
const insured = async (more: object = {}) => {
  const clientId = await oak.client();
  const policyId = await oak.policy(clientId, { copayCents: 3000 });
  const sessionId = await oak.session(clientId);
  const sessions = [{ sessionId, clientPortion: { kind: 'copay', amountCents: 2000 }, ...more }];
  const { body } = await oak.create({ clientId, responsibility: 'insurance', sessions });
  return { ...body, clientId, policyId, sessionId };
};

describe('200', () => {
  it('(R15, R16) comments, due date and recipient change freely, also after payment (rule 52)', async () => {
    const bill = await oak.bill();
    const contactId = await oak.contact(bill.clientId);
    await oak.cash(bill.billId, 10_000);
    wait(1);
    const body = { comments: 'Thank you.', dueOn: today, recipient: { contactId } };
    const answer = await edit(bill.billId, body);
    expect(answer).toMatchObject({ status: 200, headers: { etag: '"3"' } });
    expect(answer.body).toMatchObject({
      comments: 'Thank you.',
      dueOn: today,
      recipient: { kind: 'contact', id: contactId },
      status: 'paid',
      version: 3,
    });
    const [event] = await oak.history(bill.billId);
    expect(event).toMatchObject({ action: 'bill_edited', details: { fields: 'comments, dueOn, recipient' } });
    expect(JSON.stringify(event)).not.toContain('Thank you');
    const own = await edit(bill.billId, { recipient: { contactId: null } });
    expect(own.body).toMatchObject({ recipient: { kind: 'client', id: bill.clientId }, comments: 'Thank you.' });
  });

  it('an edit of nothing changes nothing, not even the version', async () => {
    const { billId } = await oak.bill();
    expect(await edit(billId, {})).toMatchObject({ status: 200, body: { version: 1 } });
    expect(await oak.history(billId)).toHaveLength(1);
  });

  it('(R12, R13) a line keeps its id through a new price; sessions come onto the bill and leave it', async () => {
    const clientId = await oak.client();
    const [first, second] = [await oak.session(clientId), await oak.session(clientId, 4000)];
    const { body: bill } = await oak.create({ clientId, sessions: [{ sessionId: first }] });
    const [{ lineId }] = bill.lines;
    const lines = [{ lineId, code: '90837', description: 'Individual therapy', unitPriceCents: 7000 }];
    const priced = await edit(bill.billId, { sessions: [{ sessionId: first, lines }, { sessionId: second }] });
    expect(amountsOf(priced.body)).toBe('T 11000, C 11000/0/11000, open');
    expect(priced.body.lines[0]).toMatchObject({ lineId, unitPriceCents: 7000, clientPortionCents: 7000 });
    expect([await billingOf(first), await billingOf(second)]).toEqual(['billed', 'billed']);
    const { body } = await edit(bill.billId, { sessions: [{ sessionId: second }] });
    expect(amountsOf(body)).toBe('T 4000, C 4000/0/4000, open');
    expect([await billingOf(first), await billingOf(second)]).toEqual(['unbilled', 'billed']);
    expect((await oak.history(bill.billId)).map(({ action }: { action: string }) => action)).toEqual([
      'bill_changed',
      'bill_changed',
      'bill_issued',
    ]);
  });

  it('what an edit does not name stays: prices, a co-pay of its own, products, what was written off', async () => {
    const bill = await insured({
      lines: [{ code: '90837', description: 'Individual therapy', unitPriceCents: 12_000 }],
    });
    const add = await edit(bill.billId, { products: [{ productId: await oak.product(2500), quantity: 2 }] });
    expect(amountsOf(add.body)).toBe('T 17000, C 7000/0/7000, I 10000/0/10000, open');
    await oak.done(writeOffBillRow, writeOffBill, {
      path: { billId: bill.billId },
      body: { amountCents: 700, reason: 'Hardship' },
      key: 'write off 700',
    });
    const second = await oak.session(bill.clientId);
    const more = await edit(bill.billId, {
      responsibility: 'insurance',
      sessions: [{ sessionId: bill.sessionId }, { sessionId: second }],
    });
    expect(amountsOf(more.body)).toBe('T 27000, C 9300/0/9300, I 17000/0/17000, W 700, open');
    expect(more.body.lines.map(({ clientPortionCents }: { clientPortionCents: number }) => clientPortionCents)).toEqual(
      [1800, 3000, 4500],
    );
  });

  it('(R11, R14) the responsibility changes with the split; a self-pay bill names no insurer any more', async () => {
    const bill = await insured();
    const own = await edit(bill.billId, { responsibility: 'self_pay' });
    expect(amountsOf(own.body)).toBe('T 10000, C 10000/0/10000, open');
    expect(own.body).not.toHaveProperty('payerId');
    expect(own.body).not.toHaveProperty('policyId');
    expect(await oak.see(bill.billId)).toEqual(own.body);
    const back = await edit(bill.billId, { responsibility: 'insurance' });
    expect(amountsOf(back.body)).toBe('T 10000, C 3000/0/3000, I 7000/0/7000, open');
    expect(back.body).toMatchObject({ policyId: bill.policyId, payerId: oak.practice.insurer.payerId });
    const { payerId } = oak.practice.platform;
    const external = await edit(bill.billId, { responsibility: 'external', payerId });
    expect(amountsOf(external.body)).toBe('T 10000, C 0/0/0, I 10000/0/10000, awaiting_insurance');
    expect(external.body).toMatchObject({ payerId });
  });

  it('takes the policy that was in force when the client came, not the one of the day of issue', async () => {
    const clientId = await oak.client();
    await oak.policy(clientId, { copayCents: 1000, endOn: '2026-03-05' });
    await oak.policy(clientId, { copayCents: 9000, effectiveOn: '2026-03-06' });
    const { billId } = await oak.bill(10_000, { clientId });
    const { body } = await edit(billId, { responsibility: 'insurance' });
    expect(amountsOf(body)).toBe('T 10000, C 1000/0/1000, I 9000/0/9000, open');
  });

  it('whoever held the sessions that are on it now sees it', async () => {
    const { colleague, practitioner } = oak.practice;
    const clientId = await oak.client();
    const { billId } = await oak.bill(10_000, { clientId });
    const theirs = await oak.session(clientId, 10_000, { practitionerId: colleague.memberId });
    const { body } = await edit(billId, { sessions: [{ sessionId: theirs }] });
    expect(body.practitionerIds).toEqual([practitioner.memberId, colleague.memberId]);
  });

  it('a billed session does not change behind its bill: the change is refused and the bill stays (rule 53)', async () => {
    const clientId = await oak.client();
    const sessionId = await oak.session(clientId);
    const { body: bill } = await oak.create({ clientId, sessions: [{ sessionId }] });
    const asked = { path: { sessionId }, body: { services: [] } };
    expect(await oak.ask(changeSessionRow, changeSession, asked)).toMatchObject({
      status: 409,
      body: { code: 'session_state', billing: 'billed' },
    });
    expect(await oak.see(bill.billId)).toEqual(bill);
  });
});

describe('404', () => {
  it('another practitioner’s bill, another client’s session and contact are not there', async () => {
    const { billId } = await oak.bill();
    const other = await oak.client();
    const [sessionId, contactId] = [await oak.session(other), await oak.contact(other)];
    const answers = [
      await edit(billId, { comments: 'x' }, { caller: oak.practice.colleague }),
      await edit(billId, { sessions: [{ sessionId }] }),
      await edit(billId, { recipient: { contactId } }),
    ];
    expect(answers.map(({ status }) => status)).toEqual([404, 404, 404]);
  });
});

describe('409', () => {
  it('bill_has_payments: lines stand once anything is paid, until it is given back (rule 52)', async () => {
    const { billId } = await oak.bill();
    const { paymentId } = await oak.cash(billId, 100);
    const answer = await edit(billId, { products: [] });
    const payments = [{ paymentId, appliedCents: 100 }];
    expect(answer).toMatchObject({ status: 409, body: { code: 'bill_has_payments', payments } });
    await oak.refund(paymentId);
    expect((await edit(billId, { products: [] })).status).toBe(200);
  });

  it('session_already_billed: a session of another bill does not come over', async () => {
    const clientId = await oak.client();
    const sessionId = await oak.session(clientId);
    await oak.create({ clientId, sessions: [{ sessionId }] });
    const { billId } = await oak.bill(10_000, { clientId });
    const answer = await edit(billId, { sessions: [{ sessionId }] });
    expect(answer).toMatchObject({ status: 409, body: { code: 'session_already_billed', sessions: [sessionId] } });
  });
});

describe('412', () => {
  it('version_conflict tells the version; the current one is taken', async () => {
    const { billId } = await oak.bill();
    await edit(billId, { comments: 'one' });
    const stale = await edit(billId, { comments: 'two' }, { headers: { 'if-match': '"1"' } });
    expect(stale).toMatchObject({ status: 412, body: { code: 'version_conflict', version: 2 } });
    expect((await oak.see(billId)).comments).toBe('one');
    const fresh = await edit(billId, { comments: 'two' }, { headers: { 'if-match': '"2"' } });
    expect(fresh).toMatchObject({ status: 200, headers: { etag: '"3"' } });
  });
});

describe('422', () => {
  it('due_before_issued, no co-pay on self-pay, nothing left on the bill', async () => {
    const bill = await oak.bill();
    const [{ sessionId }] = bill.lines;
    const due = await edit(bill.billId, { dueOn: '2026-03-09' });
    expect(due).toMatchObject({ status: 422, body: { code: 'due_before_issued', issuedOn: today } });
    const clientPortion = { kind: 'copay', amountCents: 1 };
    const copay = await edit(bill.billId, { sessions: [{ sessionId, clientPortion }] });
    expect(copay).toMatchObject({ status: 422, body: { code: 'client_portion_not_allowed' } });
    const empty = await edit(bill.billId, { sessions: [] });
    expect(empty.body).toMatchObject({ status: 422, errors: [{ pointer: '/sessions' }] });
    expect(await oak.see(bill.billId)).toEqual(bill);
  });

  it('too_many_sessions: what comes and goes in one edit fits one transaction', async () => {
    const clientId = await oak.client();
    const ids: string[] = [];
    for (let count = 0; count < 92; count += 1) ids.push(await oak.session(clientId, 100));
    const sessions = ids.map(sessionId => ({ sessionId }));
    const { body: bill } = await oak.create({ clientId, sessions: sessions.slice(0, 46) });
    const all = await edit(bill.billId, { sessions: sessions.slice(46) });
    expect(all).toMatchObject({ status: 422, body: { code: 'too_many_sessions', limit: 90 } });
    const fewer = await edit(bill.billId, { sessions: sessions.slice(46, 90) });
    expect([fewer.status, fewer.body.totalCents]).toEqual([200, 4400]);
  });
});
