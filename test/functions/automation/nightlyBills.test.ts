import { handler as changePractice } from '../../../functions/practice/changePractice';
import { instant } from '../../../shared/domain/calendar';
import { changePracticeRow } from '../../../shared/operations/practice';
import { createBills } from '../../../shared/work/automation/createBills';
import type { EngineNeeds } from '../../../shared/work/automation/engine';
import { FrontDesk } from '../../fixtures/frontDesk';
import { Nights } from '../../fixtures/nights';

let desk: FrontDesk;
let nights: Nights;
beforeEach(async () => {
  desk = await FrontDesk.open();
  nights = new Nights(desk);
});
afterEach(() => desk.close());

const bills = () => nights.openBills();
const billing = (clientId: string, more: object) => nights.setBilling(clientId, more);

describe('R5: bills are made by night', () => {
  const dates = async () =>
    (await bills()).map(({ totalCents, origin, issuedOn }) => `${issuedOn} ${origin} ${totalCents}`).sort();

  it('daily: each session of the days before is a bill of its own', async () => {
    await nights.automate({ createBills: 'daily' });
    const clientId = await desk.client();
    await desk.session(clientId, 10_000);
    await desk.session(clientId, 12_000, { startsAt: '2026-03-10T14:00:00Z' });
    await nights.until('2026-03-10');
    expect(await bills()).toEqual([]);
    await nights.until('2026-03-11', '00:02');
    expect(await dates()).toEqual(['2026-03-11 daily 10000', '2026-03-11 daily 12000']);
    expect(await nights.run('bills', '2026-03-11')).toMatchObject({
      status: 'done',
      trigger: 'night',
      outcomes: { created: 2 },
      amountCents: 22_000,
    });
  });

  it('daily with joined days: a day’s sessions are one bill (C6)', async () => {
    await nights.automate({ createBills: 'daily', joinSameDay: true });
    const clientId = await desk.client();
    await desk.session(clientId, 10_000, { startsAt: '2026-03-09T13:00:00Z' });
    await desk.session(clientId, 2_000, { startsAt: '2026-03-09T22:00:00Z' });
    await desk.session(clientId, 12_000, { startsAt: '2026-03-10T14:00:00Z' });
    await nights.until('2026-03-11', '00:02');
    expect(await dates()).toEqual(['2026-03-11 daily 12000', '2026-03-11 daily 12000']);
  });

  it('weekly on Mondays, monthly on the first, each all that is unbilled up to the day before (rule 43)', async () => {
    await nights.automate({ createBills: 'monthly' });
    const [monthly, weekly, manual] = await Promise.all([desk.client(), desk.client(), desk.client()]);
    await billing(weekly, { createBills: 'weekly' });
    await billing(manual, { createBills: 'manual' });
    for (const clientId of [monthly, weekly, manual]) {
      await desk.session(clientId, 10_000, { startsAt: '2026-02-03T15:00:00Z' });
      await desk.session(clientId, 1_000, { startsAt: '2026-03-10T15:00:00Z' });
    }
    await nights.until('2026-03-17', '12:00');
    expect(await dates()).toEqual(['2026-03-16 weekly 11000']);
    // 23:30 of the last day counts by its start; completed after the first of April it waits for the next run.
    await desk.session(monthly, 500, { startsAt: '2026-04-01T03:30:00Z' });
    await nights.until('2026-04-01', '12:00');
    expect(await dates()).toEqual(['2026-03-16 weekly 11000', '2026-04-01 monthly 11500']);
    expect((await nights.run('bills', '2026-04-01')).outcomes).toEqual({ created: 1, skipped_manual: 1 });
  });

  it('what was completed late goes on the next run (rule 44)', async () => {
    await nights.automate({ createBills: 'daily' });
    const clientId = await desk.client();
    await nights.until('2026-03-20', '12:00');
    await desk.session(clientId, 7_000, { startsAt: '2026-03-05T15:00:00Z' });
    await nights.until('2026-03-21', '12:00');
    expect(await dates()).toEqual(['2026-03-21 daily 7000']);
  });

  it('with the co-pay of the policy in force on each day; different coverage makes different bills', async () => {
    await nights.automate({ createBills: 'monthly' });
    const clientId = await desk.client();
    await desk.policy(clientId, { copayCents: 2_000, effectiveOn: '2026-01-01', endOn: '2026-03-05' });
    await desk.policy(clientId, { copayCents: 3_000, effectiveOn: '2026-03-06' });
    await billing(clientId, { responsibility: 'insurance' });
    await desk.session(clientId, 10_000, { startsAt: '2026-03-02T15:00:00Z' });
    await desk.session(clientId, 10_000, { startsAt: '2026-03-09T15:00:00Z' });
    await nights.until('2026-04-01', '12:00');
    const made = await Promise.all((await bills()).map(({ billId }) => desk.see(billId)));
    expect(made.map(bill => [bill.clientPortionCents, bill.insurerPortionCents]).sort()).toEqual([
      [2_000, 8_000],
      [3_000, 7_000],
    ]);
  });

  it('without a payer for insurance nobody is billed, and the run says so', async () => {
    await nights.automate({ createBills: 'daily' });
    const clientId = await desk.client();
    await billing(clientId, { responsibility: 'insurance' });
    await desk.session(clientId);
    await nights.until('2026-03-11', '12:00');
    expect(await bills()).toEqual([]);
    expect((await nights.run('bills', '2026-03-11')).outcomes).toEqual({ skipped_no_payer: 1 });
  });

  it('credit is spent at once, oldest first, and what it does not cover is owed (C8)', async () => {
    await nights.automate({ createBills: 'daily' });
    const clientId = await desk.client();
    await desk.prepay(clientId, 15_000);
    await desk.session(clientId, 10_000);
    await desk.session(clientId, 10_000, { startsAt: '2026-03-03T15:00:00Z' });
    await nights.until('2026-03-11', '12:00');
    expect((await bills()).map(bill => bill.totalCents)).toEqual([10_000]);
    const [open] = await bills();
    expect(await desk.see(open?.billId ?? '')).toMatchObject({ clientBalanceCents: 5_000, status: 'partially_paid' });
  });
});

describe('nothing twice, nothing missed (rules 39 to 41, 47)', () => {
  it.each([
    ['sweeps and messages come five times, two at once', { sweeps: 5, deliveries: 2 }, 0],
    ['everything comes six hours late', {}, 6 * 60],
    ['three nights are missed', {}, 3 * 24 * 60],
  ])('%s', async (_, weather, late) => {
    nights.weather = weather;
    await nights.automate({ createBills: 'daily' });
    const clients = await Promise.all([desk.client(), desk.client()]);
    for (const clientId of clients) await desk.session(clientId, 10_000);
    if (late > 0) jest.setSystemTime(Date.parse('2026-03-11T04:00:00Z') + late * 60_000);
    await nights.until('2026-03-15', '12:00');
    expect((await bills()).map(({ totalCents }) => totalCents)).toEqual([10_000, 10_000]);
    for (const on of ['2026-03-11', '2026-03-12', '2026-03-13', '2026-03-14', '2026-03-15']) {
      expect(await nights.run('bills', on)).toMatchObject({ status: 'done', on });
    }
  });

  it('a practice that moves to another zone after its night has no second one, and none is lost', async () => {
    await nights.automate({ createBills: 'daily' });
    const clientId = await desk.client();
    await desk.session(clientId, 10_000);
    await nights.until('2026-03-11', '01:00');
    await desk.done(changePracticeRow, changePractice, { body: { timeZone: 'America/Los_Angeles' } });
    await desk.session(clientId, 3_000);
    await nights.untilInstant(instant('2026-03-12T06:59:00Z'));
    expect((await bills()).length).toBe(1);
    await nights.untilInstant(instant('2026-03-12T07:01:00Z'));
    expect((await bills()).length).toBe(2);
  });

  it('staff who save at the moment of the run win or lose whole: no session is on two bills (rule 47b)', async () => {
    await nights.automate({ createBills: 'daily' });
    const clientId = await desk.client();
    const sessionIds = [await desk.session(clientId), await desk.session(clientId), await desk.session(clientId)];
    jest.setSystemTime(new Date('2026-03-11T04:00:00Z'));
    const body = { clientId, sessions: sessionIds.map(sessionId => ({ sessionId })) };
    const [saved] = await Promise.all([desk.create(body), nights.sweep()]);
    await nights.until('2026-03-11', '12:00');
    const made = await bills();
    expect(made.reduce((sum, { totalCents }) => sum + totalCents, 0)).toBe(30_000);
    if (saved.status !== 201) expect(saved.body).toMatchObject({ status: 409, code: 'session_already_billed' });
    else expect(made).toHaveLength(1);
  });

  it('a worker that dies after each bill leaves the rest to the next one, which tells of all', async () => {
    await nights.automate({ createBills: 'daily' });
    const clientId = await desk.client();
    for (let n = 0; n < 3; n += 1) await desk.session(clientId, 1_000 * (n + 1));
    const engine = nights.engine;
    let calls = 0;
    const dying: EngineNeeds = {
      ...engine,
      newId: prefix => {
        calls += prefix === 'bill' ? 1 : 0;
        // The second bill is never made.
        if (prefix === 'bill' && calls === 2) throw new Error('killed');
        return engine.newId(prefix);
      },
    };
    nights.performs.bills = createBills(dying);
    await nights.until('2026-03-11', '12:00');
    expect((await bills()).map(({ totalCents }) => totalCents).sort()).toEqual([1_000, 2_000, 3_000]);
    expect((await nights.run('bills', '2026-03-11')).outcomes).toEqual({ created: 3 });
  });
});
