import { handler as getAutomationRun } from '../../../functions/automation/getAutomationRun';
import { handler as listAutomationRuns } from '../../../functions/automation/listAutomationRuns';
import { startAutomationRun } from '../../../functions/automation/startAutomationRun';
import { handler as listSuperbills } from '../../../functions/superbills/listSuperbills';
import { serve } from '../../../shared/http/serve';
import { real } from '../../../shared/needs';
import {
  getAutomationRunRow,
  listAutomationRunsRow,
  startAutomationRunRow,
} from '../../../shared/operations/automation';
import { listSuperbillsRow } from '../../../shared/operations/superbills';
import { FrontDesk } from '../../fixtures/frontDesk';
import { Nights } from '../../fixtures/nights';

let desk: FrontDesk;
let nights: Nights;
beforeEach(async () => {
  desk = await FrontDesk.open();
  nights = new Nights(desk);
  await nights.automate({ createBills: 'daily' });
});
afterEach(() => desk.close());

const start = (body: object, more: object = {}) =>
  desk.ask(
    startAutomationRunRow,
    serve(startAutomationRunRow, startAutomationRun({ ...real, queues: nights.engine.queues })),
    {
      body,
      ...more,
    },
  );
const runs = async () => (await desk.done(listAutomationRunsRow, listAutomationRuns, { query: {} })).items;

it('lists runs, the latest date first, with what came of each client', async () => {
  const clientId = await desk.client();
  await desk.session(clientId, 10_000);
  await nights.until('2026-03-12', '12:00');
  const [latest, first] = await runs();
  expect(latest).toMatchObject({ job: 'bills', on: '2026-03-12', status: 'done', outcomes: {} });
  expect(first).toMatchObject({ on: '2026-03-11', outcomes: { created: 1 }, amountCents: 10_000 });
  const { items } = await desk.done(getAutomationRunRow, getAutomationRun, { path: { runId: first.runId }, query: {} });
  const [bill] = await nights.openBills();
  expect(items).toEqual([{ clientId, outcome: 'created', documentId: bill?.billId, amountCents: 10_000 }]);
});

it('repeating a run by hand is harmless: what was done stays done and told, what came since is done as well', async () => {
  const clientId = await desk.client();
  await desk.session(clientId, 10_000);
  await nights.until('2026-03-11', '12:00');
  const again = await start({ job: 'bills', on: '2026-03-11' });
  expect(again).toMatchObject({ status: 202, body: { status: 'running', trigger: 'staff' } });
  await nights.until('2026-03-11', '12:30');
  const told = { status: 'done', outcomes: { created: 1 }, amountCents: 10_000 };
  expect(await nights.run('bills', '2026-03-11')).toMatchObject(told);
  await desk.session(clientId, 2_000);
  await start({ job: 'bills', on: '2026-03-11' });
  await nights.until('2026-03-11', '13:00');
  const run = await nights.run('bills', '2026-03-11');
  expect(run).toMatchObject({ outcomes: { created: 2 }, amountCents: 12_000 });
  const { items } = await desk.done(getAutomationRunRow, getAutomationRun, {
    path: { runId: run.runId },
    query: {},
  });
  expect(items.map(({ amountCents }: { amountCents: number }) => amountCents)).toEqual([10_000, 2_000]);
  expect((await nights.openBills()).map(({ totalCents }) => totalCents).sort()).toEqual([10_000, 2_000]);
  expect(await runs()).toHaveLength(1);
});

it('a night that was run by hand before does not run again by itself', async () => {
  jest.setSystemTime(new Date('2026-03-11T04:00:00Z'));
  await start({ job: 'bills', on: '2026-03-11' });
  await nights.until('2026-03-12', '12:00');
  expect((await runs()).map(({ on, trigger }: { on: string; trigger: string }) => [on, trigger])).toEqual([
    ['2026-03-12', 'night'],
    ['2026-03-11', 'staff'],
  ]);
});

it('a repeat of superbills covers what was billed since, in one of its own, and no session twice', async () => {
  await nights.automate({ superbillDay: 11 });
  const clientId = await desk.client();
  await nights.setBilling(clientId, { createSuperbills: true });
  const bill = async () => {
    const sessionId = await desk.session(clientId, 10_000, { startsAt: '2026-02-20T15:00:00Z' });
    await desk.create({ clientId, sessions: [{ sessionId }] });
  };
  await bill();
  await nights.until('2026-03-11', '12:00');
  await bill();
  for (const until of ['12:30', '13:00']) {
    await start({ job: 'superbills', on: '2026-03-11' });
    await nights.until('2026-03-11', until);
    expect(await nights.run('superbills', '2026-03-11')).toMatchObject({ outcomes: { created: 2 } });
  }
  const { items } = await desk.done(listSuperbillsRow, listSuperbills, { path: { clientId }, query: {} });
  expect(items.map(({ chargedCents }: { chargedCents: number }) => chargedCents)).toEqual([10_000, 10_000]);
});

it('bills of a night that are made by hand afterwards are not mailed before AutoPay had its turn (rule 45)', async () => {
  const now = { enabled: true, delayMinutes: 0 };
  const autoShare = { bills: now, superbills: { ...now, enabled: false }, statements: { ...now, enabled: false } };
  await nights.automate({ createBills: 'daily', autopay: true, autoShare });
  const clientId = await desk.client();
  await nights.setBilling(clientId, { autopay: true });
  await nights.until('2026-03-11', '12:00');
  await desk.session(clientId, 10_000);
  await start({ job: 'bills', on: '2026-03-11' });
  await nights.until('2026-03-11', '13:00');
  const [bill] = await nights.openBills();
  expect(bill?.sharing).toMatchObject({ status: 'scheduled', scheduledAt: '2026-03-12T04:30:00.000Z' });
});

it('AutoPay by hand is of the latest night only, and of the bills that stood then', async () => {
  await nights.automate({ autopay: true });
  const clientId = await desk.client();
  await nights.setBilling(clientId, { autopay: true });
  const { billId } = await desk.bill(10_000, { clientId });
  await nights.until('2026-03-12', '12:00');
  await desk.bill(2_000, { clientId });
  await desk.prepay(clientId, 12_000);
  const older = await start({ job: 'autopay', on: '2026-03-11' });
  const message = 'must be 2026-03-12, the latest night of AutoPay';
  expect(older).toMatchObject({ status: 422, body: { errors: [{ pointer: '/on', message }] } });
  // Twice: the repeat of a repeat takes no more.
  for (const until of ['12:30', '13:00']) {
    await start({ job: 'autopay', on: '2026-03-12' });
    await nights.until('2026-03-12', until);
  }
  expect((await nights.run('autopay', '2026-03-12')).outcomes).toEqual({ credit: 1, skipped_made_since: 1 });
  expect((await desk.see(billId)).status).toBe('paid');
  expect((await nights.openBills()).map(({ totalCents }) => totalCents)).toEqual([2_000]);
  jest.setSystemTime(new Date('2026-03-13T04:29:00Z'));
  expect((await start({ job: 'autopay', on: '2026-03-13' })).status).toBe(422);
});

it('the evening’s mail cannot be begun by hand before its hour, nor of another day: it would be silent that evening', async () => {
  await nights.automate({ autopay: true });
  for (const on of ['2026-03-09', '2026-03-10']) {
    expect(await start({ job: 'preview', on })).toMatchObject({ status: 422, body: { errors: [{ pointer: '/on' }] } });
  }
  await nights.until('2026-03-10', '18:05');
  expect(await start({ job: 'preview', on: '2026-03-10' })).toMatchObject({ status: 202, body: { trigger: 'staff' } });
});

it('a part whose worker dies each time is given up and told to staff, and holds nobody up', async () => {
  const clientId = await desk.client();
  await desk.session(clientId);
  let workers = 0;
  nights.performs.bills = () => {
    workers += 1;
    throw new Error('killed');
  };
  while ((await nights.openAttention()).length === 0 && workers < 20)
    await nights.until('2026-03-11', '12:00').catch(() => undefined);
  expect(workers).toBe(5);
  await nights.until('2026-03-11', '12:00');
  expect(await nights.run('bills', '2026-03-11')).toMatchObject({ status: 'done', outcomes: { failed: 1 } });
  expect(await nights.openAttention()).toMatchObject([{ kind: 'automation_failed', clientId }]);
});

it('the same key begins one run and is answered the same; a run under way is answered as it is', async () => {
  const key = 'start the night';
  const first = await start({ job: 'bills', on: '2026-03-10' }, { key });
  const second = await start({ job: 'bills', on: '2026-03-10' }, { key });
  expect([second.status, second.body.runId]).toEqual([202, first.body.runId]);
  const other = await start({ job: 'bills', on: '2026-03-10' });
  expect(other.body).toMatchObject({ runId: first.body.runId, status: 'running' });
  await nights.sweep();
});

it('a date to come is refused with where to look, and one of years ago', async () => {
  const ahead = await start({ job: 'bills', on: '2026-03-11' });
  expect([ahead.status, ahead.body.errors[0].pointer]).toEqual([422, '/on']);
  expect((await start({ job: 'bills', on: '2024-03-11' })).status).toBe(422);
  expect(await runs()).toEqual([]);
});
