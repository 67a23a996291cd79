import { handler as cancelBill } from '../../../functions/bills/cancelBill';
import { handler as editBill } from '../../../functions/bills/editBill';
import { handler as holdAutopay } from '../../../functions/bills/holdAutopay';
import { handler as createService } from '../../../functions/catalogue/createService';
import { handler as listDocuments } from '../../../functions/documents/listDocuments';
import { handler as changeSession } from '../../../functions/sessions/changeSession';
import { handler as createSession } from '../../../functions/sessions/createSession';
import { cancelBillRow, editBillRow, holdAutopayRow } from '../../../shared/operations/bills';
import { createServiceRow } from '../../../shared/operations/catalogue';
import { listDocumentsRow } from '../../../shared/operations/documents';
import { changeSessionRow, createSessionRow } from '../../../shared/operations/sessions';
import { memberStore } from '../../../shared/store/memberStore';
import type { Answered } from '../../fixtures/apiEvent';
import { FrontDesk, today } from '../../fixtures/frontDesk';
import { pagesOf } from '../../fixtures/pages';
import { SuperbillDesk, spring } from '../../fixtures/superbills';

let oak: FrontDesk;
let desk: SuperbillDesk;
beforeAll(async () => {
  oak = await FrontDesk.open({ shortCode: 'OAK', taxId: '93-1204857', npi: '1841274635' });
  desk = new SuperbillDesk(oak);
});
afterAll(() => oak.close());

const changeMember = async (memberId: string, more: object): Promise<void> => {
  const member = await memberStore.load(oak.practiceId, memberId);
  await memberStore.replace(oak.practiceId, { ...member, ...more }, undefined);
};
/** A completed session of this practitioner, and a bill of it. */
const billOf = async (clientId: string, session: object): Promise<Answered['body']> => {
  const services = [{ serviceId: oak.practice.service.serviceId, priceCents: 10_000 }];
  const usual = { clientId, practitionerId: oak.practice.practitioner.memberId, status: 'completed', services };
  const body = { ...usual, startsAt: '2026-03-02T15:00:00Z', ...session };
  const { sessionId } = await oak.done(createSessionRow, createSession, { body });
  return (await oak.create({ clientId, sessions: [{ sessionId }] })).body;
};
const cancel = (billId: string) => oak.done(cancelBillRow, cancelBill, { path: { billId }, body: {} });

describe('POST /clients/{clientId}/superbills 201', () => {
  it('(R3) lists services with a CPT code only, as an insurer asks for them, and what the client’s money paid of each', async () => {
    await changeMember(oak.practice.practitioner.memberId, { name: 'Ana Alder', npi: '1730155942' });
    const custom = { code: '10000', kind: 'custom', name: 'Letter', description: 'Letter', priceCents: 3000 };
    const { serviceId: letter } = await oak.done(createServiceRow, createService, { body: custom });
    const { serviceId } = oak.practice.service;
    const clientId = await oak.client({ dateOfBirth: '1988-04-17', address: ['14 Larch Lane'] });
    const therapy = { serviceId, units: 2, priceCents: 5000, modifiers: ['95'], diagnoses: ['F41.1', 'Z63.0'] };
    const services = [therapy, { serviceId: letter }];
    const sessionId = await oak.session(clientId, 0, { services });
    const missed = await oak.missed(clientId, 1000);
    const products = [{ productId: await oak.product(1000), quantity: 1 }];
    const sessions = [{ sessionId }, { sessionId: missed }];
    const { billId, number } = (await oak.create({ clientId, sessions, products })).body;
    await oak.cash(billId, 3000);
    await oak.pay(billId, { type: 'credit_discount', source: 'discount', amountCents: 1500 });
    const superbill = await desk.made(clientId);
    expect(superbill).toMatchObject({
      clientId,
      ...spring,
      version: 1,
      status: 'current',
      provider: { name: 'Ana Alder', npi: '1730155942', treatedBy: [] },
      payee: { kind: 'clinic', name: 'Oak Street Therapy LLC', address: ['1 Oak Street'] },
      chargedCents: 10_000,
      paidCents: 2000,
      sharing: { status: 'not_shared' },
    });
    // Of 150.00 the client's money paid 30.00, so 20.00 of this line's 100.00; the discount is no payment.
    expect(superbill.lines).toEqual([
      {
        billId,
        billNumber: number,
        sessionId,
        dateOfService: '2026-03-02',
        code: '90837',
        description: 'Individual therapy, 60 minutes',
        modifiers: ['95'],
        diagnoses: ['F41.1', 'Z63.0'],
        units: 2,
        chargeCents: 10_000,
        paidCents: 2000,
        practitionerId: oak.practice.practitioner.memberId,
      },
    ]);
  });

  it('covers what was served in the range and is on a live bill, in the order of dates; by hand also what is covered', async () => {
    const clientId = await oak.client();
    const second = await billOf(clientId, { startsAt: '2026-02-20T15:00:00Z' });
    const first = await billOf(clientId, { startsAt: '2026-02-01T15:00:00Z' });
    await billOf(clientId, { startsAt: '2026-01-31T15:00:00Z' });
    const gone = await billOf(clientId, { startsAt: '2026-02-10T15:00:00Z' });
    await cancel(gone.billId);
    await oak.session(clientId, 10_000, { startsAt: '2026-02-11T15:00:00Z' });
    const february = { from: '2026-02-01', to: '2026-02-28' };
    for (const made of [await desk.made(clientId, february), await desk.made(clientId, february)]) {
      expect(made.version).toBe(1);
      expect(made.lines.map((line: Answered['body']) => line.billId)).toEqual([first.billId, second.billId]);
    }
  });

  it('the payee is whom the setting names, as the practice said when it was made', async () => {
    const clientId = await oak.client({ address: ['14 Larch Lane'] });
    await billOf(clientId, {});
    const payees: unknown[] = [];
    for (const superbillPayee of ['provider', 'client', 'none', 'clinic'] as const) {
      await oak.changeSettings({ superbillPayee });
      const { superbillId } = await desk.made(clientId);
      payees.push((await desk.see(clientId, superbillId)).body.payee);
    }
    expect(payees).toEqual([
      { kind: 'provider', name: 'Ana Alder', address: ['1 Oak Street'] },
      { kind: 'client', name: 'Maya Okafor', address: ['14 Larch Lane'] },
      undefined,
      { kind: 'clinic', name: 'Oak Street Therapy LLC', address: ['1 Oak Street'] },
    ]);
  });

  it('a repeat under its key makes no second one', async () => {
    const clientId = await oak.client();
    await billOf(clientId, {});
    const asked = { key: 'superbill of the spring' };
    const once = await desk.create(clientId, spring, asked);
    const again = await desk.create(clientId, spring, asked);
    expect(again).toMatchObject({ status: 201, headers: { 'idempotent-replayed': 'true' }, body: once.body });
    expect((await desk.list(clientId)).body.items).toHaveLength(1);
  });
});

describe('rule 49: when the money of its bills changes later', () => {
  it('it is out of date, and its next version tells what is so now; the first stays as it was', async () => {
    const clientId = await oak.client();
    const { billId } = await billOf(clientId, {});
    const payment = await oak.cash(billId, 10_000);
    const first = await desk.made(clientId);
    expect([first.status, first.paidCents]).toEqual(['current', 10_000]);
    await oak.refund(payment.paymentId, { amountCents: 4000, destination: 'offline' });
    const stale = (await desk.see(clientId, first.superbillId)).body;
    expect(stale).toEqual({ ...first, status: 'out_of_date' });
    const { status, body: next } = await desk.reissue(clientId, first.superbillId);
    expect([status, next.version, next.status, next.paidCents]).toEqual([201, 2, 'current', 6000]);
    expect((await desk.list(clientId)).body.items.map((one: Answered['body']) => one.status)).toEqual([
      'current',
      'superseded',
    ]);
    const kept = (await desk.see(clientId, first.superbillId)).body;
    expect(kept).toEqual({ ...first, status: 'superseded', supersededBy: next.superbillId });
    const again = await desk.reissue(clientId, first.superbillId);
    expect(again).toMatchObject({
      status: 409,
      body: { code: 'document_superseded', supersededBy: next.superbillId },
    });
  });

  it('what it does not show of them leaves it current: a comment, a hold of AutoPay, a discount', async () => {
    const clientId = await oak.client();
    const { billId } = await billOf(clientId, {});
    const made = await desk.made(clientId);
    const path = { billId };
    await oak.done(editBillRow, editBill, { path, body: { comments: 'Thank you for your patience.' } });
    await oak.done(holdAutopayRow, holdAutopay, { path, body: {} });
    await oak.pay(billId, { type: 'credit_discount', source: 'discount', amountCents: 1500 });
    expect((await oak.see(billId)).version).toBeGreaterThan(3);
    expect((await desk.see(clientId, made.superbillId)).body).toEqual(made);
    expect((await desk.list(clientId)).body.items).toMatchObject([{ status: 'current' }]);
    await oak.cash(billId, 100);
    expect((await desk.list(clientId)).body.items).toMatchObject([{ status: 'out_of_date' }]);
  });

  it('a diagnosis that was forgotten is told when it is made, and mended after billing without touching the money', async () => {
    const clientId = await oak.client();
    const { lines } = await billOf(clientId, {});
    const [{ sessionId }] = lines;
    const made = await desk.made(clientId);
    expect(made.missing).toEqual([{ what: 'diagnosis', sessionId, dateOfService: '2026-03-02', code: '90837' }]);
    const { serviceId } = oak.practice.service;
    const mend = (more: object, count = 1) => {
      const services = Array.from({ length: count }, () => ({ serviceId, diagnoses: ['F41.1'], ...more }));
      return oak.ask(changeSessionRow, changeSession, { path: { sessionId }, body: { services } });
    };
    for (const [more, count] of [
      [{ priceCents: 9000 }, 1],
      [{ units: 2 }, 1],
      [{}, 2],
      [{}, 0],
    ] as const) {
      expect(await mend(more, count)).toMatchObject({ status: 409, body: { code: 'session_state' } });
    }
    expect((await desk.see(clientId, made.superbillId)).body.status).toBe('current');
    const { memberId } = oak.practice.practitioner;
    await changeMember(memberId, { npi: undefined });
    expect((await mend({ priceCents: 10_000, units: 1 })).body).toMatchObject({
      billing: 'billed',
      billableCents: 10_000,
    });
    expect((await desk.see(clientId, made.superbillId)).body.status).toBe('out_of_date');
    const next = (await desk.reissue(clientId, made.superbillId)).body;
    expect([next.lines[0].diagnoses, next.chargedCents, next.missing]).toEqual([
      ['F41.1'],
      10_000,
      [{ what: 'npi', memberId }],
    ]);
  });

  it('a cancelled bill leaves it out of date with nothing to reissue, until its session is billed again', async () => {
    const clientId = await oak.client();
    const { billId, lines } = await billOf(clientId, {});
    const { superbillId } = await desk.made(clientId);
    await cancel(billId);
    expect((await desk.see(clientId, superbillId)).body.status).toBe('out_of_date');
    expect(await desk.reissue(clientId, superbillId)).toMatchObject({
      status: 409,
      body: { code: 'no_eligible_services' },
    });
    const rebilled = (await oak.create({ clientId, sessions: [{ sessionId: lines[0].sessionId }] })).body;
    const { body } = await desk.reissue(clientId, superbillId);
    expect([body.version, body.lines[0].billId]).toEqual([2, rebilled.billId]);
  });

  it('two reissues at the same moment make one next version', async () => {
    const clientId = await oak.client();
    await billOf(clientId, {});
    const { superbillId } = await desk.made(clientId);
    const answers = await Promise.all([desk.reissue(clientId, superbillId), desk.reissue(clientId, superbillId)]);
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409]);
  });
});

describe('POST /clients/{clientId}/superbills 409 and 422', () => {
  it('(R3) nothing with a CPT code on a bill of the range: nothing is made', async () => {
    const clientId = await oak.client();
    await oak.session(clientId);
    expect(await desk.create(clientId)).toMatchObject({ status: 409, body: { code: 'no_eligible_services' } });
    await billOf(clientId, {});
    const elsewhere = { from: '2026-02-01', to: '2026-02-28' };
    expect((await desk.create(clientId, elsewhere)).body.code).toBe('no_eligible_services');
    const backwards = await desk.create(clientId, { from: spring.to, to: spring.from });
    expect(backwards).toMatchObject({ status: 422, body: { errors: [{ pointer: '/to' }] } });
    expect((await desk.list(clientId)).body.items).toEqual([]);
  });
});

describe('GET /clients/{clientId}/superbills', () => {
  it('lists the newest first, page by page, without anything clinical; the Documents tab has them too', async () => {
    const clientId = await oak.client();
    const { billId } = await billOf(clientId, {});
    const ids: string[] = [];
    for (let count = 0; count < 3; count += 1) ids.unshift((await desk.made(clientId)).superbillId);
    const pages = await pagesOf<Answered['body']>(asked => desk.list(clientId, asked), {}, 2);
    expect(pages.map(page => page.map(({ superbillId }) => superbillId))).toEqual([ids.slice(0, 2), ids.slice(2)]);
    expect(JSON.stringify(pages)).not.toMatch(/90837|diagnoses/);
    await oak.cash(billId, 100);
    const { items } = await oak.done(listDocumentsRow, listDocuments, { path: { clientId } });
    expect(items[0]).toEqual({
      kind: 'superbill',
      id: ids[0],
      on: today,
      title: 'Superbill 2026-03-01 to 2026-03-31',
      amountCents: 10_000,
      balanceCents: 0,
      status: 'out_of_date',
      sharing: { status: 'not_shared', delivery: 'none' },
    });
  });

  it('is for the client’s own practitioner, and for nobody else’s', async () => {
    const clientId = await oak.client();
    await billOf(clientId, {});
    const { superbillId } = await desk.made(clientId);
    const { practitioner: caller, colleague } = oak.practice;
    expect((await desk.see(clientId, superbillId, { caller })).status).toBe(200);
    for (const { status, body } of [
      await desk.see(clientId, superbillId, { caller: colleague }),
      await desk.list(clientId, { caller: colleague }),
      await desk.create(clientId, spring, { caller: colleague }),
      await desk.reissue(clientId, superbillId, {}, { caller: colleague }),
      await desk.see(await oak.client(), superbillId),
    ]) {
      expect([status, body.code]).toEqual([404, 'not_found']);
    }
  });
});
