import { handler as listAttention } from '../../../functions/attention/listAttention';
import { handler as cancelBill } from '../../../functions/bills/cancelBill';
import { handler as listDocuments } from '../../../functions/documents/listDocuments';
import { listAttentionRow } from '../../../shared/operations/attention';
import { cancelBillRow } from '../../../shared/operations/bills';
import { listDocumentsRow } from '../../../shared/operations/documents';
import { beginRun } from '../../../shared/work/automation/beginRun';
import { FrontDesk } from '../../fixtures/frontDesk';
import { Nights } from '../../fixtures/nights';

let desk: FrontDesk;
let nights: Nights;
beforeEach(async () => {
  desk = await FrontDesk.open();
  nights = new Nights(desk);
});
afterEach(() => desk.close());

const off = { enabled: false, delayMinutes: 0 };
const soon = { enabled: true, delayMinutes: 30 };
const documents = async (clientId: string, kind: string) => {
  const { items } = await desk.done(listDocumentsRow, listDocuments, { path: { clientId }, query: {} });
  return items.filter((item: { kind: string }) => item.kind === kind);
};

describe('monthly superbills (2.6, rule 43)', () => {
  it('are made on the chosen day for clients who get them, of all that none covers yet, and go out after their delay', async () => {
    await nights.automate({ superbillDay: 31, autoShare: { bills: off, superbills: soon, statements: off } });
    const [wants, wantsNone] = [await desk.client(), await desk.client()];
    await nights.setBilling(wants, { createSuperbills: true });
    for (const clientId of [wants, wantsNone]) await desk.bill(10_000, { clientId });
    // The last day of April covers March and before; the last of March covered nothing.
    await nights.until('2026-04-30', '01:20');
    expect(await documents(wantsNone, 'superbill')).toEqual([]);
    expect(await documents(wants, 'superbill')).toHaveLength(1);
    expect(nights.mail.taken).toEqual([]);
    expect(await nights.run('superbills', '2026-03-31')).toMatchObject({
      outcomes: { skipped_no_eligible_services: 1 },
    });
    expect(await nights.run('superbills', '2026-04-30')).toMatchObject({ outcomes: { created: 1 } });
    nights.weather = { sweeps: 2, deliveries: 2 };
    await nights.until('2026-06-30', '12:00');
    expect(nights.mail.taken.map(({ message }) => message.subject)).toEqual(['A document from Oak Street Therapy LLC']);
    expect(await documents(wants, 'superbill')).toHaveLength(1);
  });
});

it('superbills wait for the night’s bills, also where AutoPay is off or was switched on that very day', async () => {
  const settings = { createBills: 'daily', superbillDay: 11 } as const;
  await nights.automate(settings);
  const clientId = await desk.client();
  await nights.setBilling(clientId, { createSuperbills: true });
  await desk.session(clientId, 10_000, { startsAt: '2026-02-20T15:00:00Z' });
  // Nothing swept the night; of all that is late the superbills come first.
  jest.setSystemTime(new Date('2026-03-11T10:00:00Z'));
  await beginRun(desk.practiceId, 'superbills', nights.engine);
  await nights.drain();
  expect(await nights.run('superbills', '2026-03-11')).toMatchObject({ status: 'running', walked: false });
  await nights.automate({ ...settings, autopay: true });
  await nights.until('2026-03-11', '12:00');
  expect(await nights.run('superbills', '2026-03-11')).toMatchObject({ outcomes: { created: 1 } });
});

it('what changes in the delay is told by the next version: a payment keeps neither paper from going out by itself, once', async () => {
  const later = { enabled: true, delayMinutes: 600 };
  const autoShare = { bills: off, superbills: later, statements: later };
  await nights.automate({ superbillDay: 5, statementDay: 5, autoShare });
  const clientId = await desk.client();
  await nights.setBilling(clientId, { createSuperbills: true });
  const { billId } = await desk.bill(10_000, { clientId });
  await nights.until('2026-04-05', '06:00');
  const byStatus = (a: { status: string }, b: { status: string }): number => (a.status < b.status ? -1 : 1);
  const papers = async () => [
    ...(await documents(clientId, 'superbill')).sort(byStatus),
    ...(await documents(clientId, 'statement')).sort(byStatus),
  ];
  expect(await papers()).toMatchObject([{ status: 'current' }, { status: 'current' }]);
  await desk.cash(billId, 4000, { paidAt: '2026-03-20T15:00:00Z' });
  nights.weather = { sweeps: 2, deliveries: 2 };
  await nights.until('2026-04-06', '12:00');
  expect(nights.mail.taken.map(({ message }) => message.subject).sort()).toEqual([
    'A document from Oak Street Therapy LLC',
    'Your statement from Oak Street Therapy LLC',
  ]);
  const sent = { status: 'current', sharing: { status: 'shared' } };
  const before = { status: 'superseded', sharing: { status: 'not_shared' } };
  expect(await papers()).toMatchObject([
    sent,
    before,
    { ...sent, amountCents: 6000 },
    { ...before, amountCents: 10_000 },
  ]);
  expect((await desk.done(listAttentionRow, listAttention, { query: {} })).items).toEqual([]);
});

it('a superbill of which nothing is left in its delay is shown to staff, not dropped', async () => {
  const superbills = { enabled: true, delayMinutes: 600 };
  await nights.automate({ superbillDay: 5, autoShare: { bills: off, superbills, statements: off } });
  const clientId = await desk.client();
  await nights.setBilling(clientId, { createSuperbills: true });
  const { billId } = await desk.bill(10_000, { clientId });
  await nights.until('2026-04-05', '06:00');
  await desk.done(cancelBillRow, cancelBill, { path: { billId }, body: {} });
  await nights.until('2026-04-05', '23:00');
  expect(nights.mail.taken).toEqual([]);
  const { items } = await desk.done(listAttentionRow, listAttention, { query: {} });
  expect(items).toMatchObject([{ kind: 'share_blocked', clientId, facts: { reason: 'no_eligible_services' } }]);
});

describe('statements on the chosen day (2.7)', () => {
  it('tell the month before, of clients who have something to be told, once each', async () => {
    await nights.automate({ statementDay: 5, autoShare: { bills: off, superbills: off, statements: soon } });
    nights.weather = { sweeps: 2, deliveries: 2 };
    const [active, idle] = [await desk.client(), await desk.client()];
    const { billId } = await desk.bill(10_000, { clientId: active });
    await desk.cash(billId, 10_000);
    await nights.until('2026-04-06', '12:00');
    expect(await documents(idle, 'statement')).toEqual([]);
    expect(await documents(active, 'statement')).toMatchObject([{ balanceCents: 0 }]);
    expect(await nights.run('statements', '2026-04-05')).toMatchObject({
      outcomes: { created: 1, skipped_nothing_to_state: 1 },
    });
    expect(nights.mail.taken.map(({ message }) => message.subject)).toEqual([
      'Your statement from Oak Street Therapy LLC',
    ]);
    // The same month is not stated again, though its day was moved.
    await nights.automate({ statementDay: 8, autoShare: { bills: off, superbills: off, statements: soon } });
    await nights.until('2026-04-08', '12:00');
    expect((await nights.run('statements', '2026-04-08')).outcomes).toEqual({
      skipped_stated_already: 1,
      skipped_nothing_to_state: 1,
    });
    expect(await documents(active, 'statement')).toHaveLength(1);
    expect(nights.mail.taken).toHaveLength(1);
    // A month without a movement and with nothing open has none.
    await nights.until('2026-05-08', '12:00');
    expect(await documents(active, 'statement')).toHaveLength(1);
  });

  it('that may not be mailed are made, and staff are told why they did not go out (rule 63)', async () => {
    await nights.automate({ statementDay: 5, autoShare: { bills: off, superbills: off, statements: soon } });
    nights.weather = { deliveries: 2 };
    const clientId = await desk.client({ emailAllowed: false });
    await desk.bill(10_000, { clientId });
    await nights.until('2026-04-06', '12:00');
    expect(await documents(clientId, 'statement')).toHaveLength(1);
    const { items } = await desk.done(listAttentionRow, listAttention, { query: {} });
    expect(items).toMatchObject([{ kind: 'share_blocked', clientId, facts: { reason: 'email_not_allowed' } }]);
  });
});
