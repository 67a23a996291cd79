import fc from 'fast-check';
import { handler as getAutomationRun } from '../../../functions/automation/getAutomationRun';
import { handler as previewAutomation } from '../../../functions/automation/previewAutomation';
import { handler as shareBill } from '../../../functions/shares/shareBill';
import type { Job } from '../../../shared/domain/automation/jobs';
import type { TaskResult } from '../../../shared/domain/automation/run';
import { getAutomationRunRow, previewAutomationRow } from '../../../shared/operations/automation';
import { shareBillRow } from '../../../shared/operations/shares';
import type { JobPreview } from '../../../shared/work/automation/preview';
import { FrontDesk } from '../../fixtures/frontDesk';
import { Nights } from '../../fixtures/nights';
import { type OpenStripe, openStripe } from '../../fixtures/openStripe';
import { saveCard } from '../../fixtures/savedCard';

let stripe: OpenStripe;
beforeAll(async () => {
  stripe = await openStripe();
});
afterAll(() => stripe.close());

const preview = async (desk: FrontDesk, on: string): Promise<JobPreview[]> =>
  (await desk.done(previewAutomationRow, previewAutomation, { query: { on } })).jobs;
const jobOf = (jobs: readonly JobPreview[], job: Job) => jobs.find(each => each.job === job) ?? fail(job);
const fail = (job: Job): never => {
  throw new Error(`no ${job} in the preview`);
};

async function results(desk: FrontDesk, nights: Nights, job: Job, on: string): Promise<TaskResult[]> {
  const { runId } = await nights.run(job, on);
  return (await desk.done(getAutomationRunRow, getAutomationRun, { path: { runId }, query: {} })).items;
}

const aClient = fc.record({
  createBills: fc.constantFrom('inherit', 'daily', 'weekly', 'monthly', 'manual'),
  responsibility: fc.constantFrom('self_pay', 'self_pay', 'insurance'),
  covered: fc.boolean(),
  autopay: fc.boolean(),
  createSuperbills: fc.boolean(),
  quiet: fc.boolean(),
  autopayLimitCents: fc.constantFrom(null, null, 5_000),
  card: fc.constantFrom('pm_card_visa', undefined, 'expired'),
  prepaidCents: fc.constantFrom(0, 0, 2_000, 30_000),
  sessions: fc.array(
    fc.record({ day: fc.integer({ min: 1, max: 10 }), priceCents: fc.constantFrom(30, 4_000, 9_900) }),
    {
      maxLength: 4,
    },
  ),
  oldBillCents: fc.constantFrom(0, 0, 7_000),
});
const aPractice = fc.record({
  createBills: fc.constantFrom<'daily' | 'weekly' | 'monthly' | 'manual'>('daily', 'weekly', 'monthly', 'manual'),
  joinSameDay: fc.boolean(),
  autopay: fc.boolean(),
  clients: fc.array(aClient, { minLength: 1, maxLength: 4 }),
  /** A Tuesday, a Monday, the first of a month. */
  on: fc.constantFrom('2026-03-11', '2026-03-16', '2026-04-01'),
});

type Client = typeof aClient extends fc.Arbitrary<infer C> ? C : never;

async function settle(desk: FrontDesk, nights: Nights, wanted: Client): Promise<void> {
  const { card, covered, prepaidCents, sessions, oldBillCents, ...billing } = wanted;
  const clientId = await desk.client();
  if (covered) await desk.policy(clientId, { copayCents: 1_500 });
  if (oldBillCents > 0) {
    const { billId } = await desk.bill(oldBillCents, { clientId, dueOn: '2026-03-10' });
    await desk.done(shareBillRow, shareBill, { path: { billId }, body: { channel: 'portal' } });
  }
  if (prepaidCents > 0) await desk.prepay(clientId, prepaidCents);
  await nights.setBilling(clientId, {
    ...billing,
    ...(billing.autopay ? { confirmOpenBalanceCents: oldBillCents } : {}),
  });
  if (card) {
    const expired = card === 'expired' ? { expMonth: 2, expYear: 2026 } : {};
    await saveCard({ practiceId: desk.practiceId, clientId, sdk: stripe.sdk(), ...expired });
  }
  for (const { day, priceCents } of sessions) {
    await desk.session(clientId, priceCents, { startsAt: `2026-03-${String(day).padStart(2, '0')}T15:00:00Z` });
  }
}

const sorted = (lines: readonly string[]): string[] => [...lines].sort();
const passed = (results: readonly TaskResult[]): string[] =>
  results.filter(({ outcome }) => outcome === 'skipped').map(({ clientId, reason }) => `${clientId} ${reason}`);

test('the preview of a night is what the night then does, for practices of every kind', async () => {
  await fc.assert(
    fc.asyncProperty(aPractice, async ({ clients, on, ...automation }) => {
      const desk = await FrontDesk.open();
      const nights = new Nights(desk);
      try {
        const eve = new Date(`${on}T00:00:00Z`);
        for (const client of clients) await settle(desk, nights, client);
        // Nothing happens by itself between now and that night.
        jest.setSystemTime(eve);
        const day = Number(on.slice(8));
        await nights.automate({
          ...automation,
          superbillDay: day,
          statementDay: day,
          overdueReminders: { enabled: true, daysAfterDue: [1, 6, 22] },
        });
        const jobs = await preview(desk, on);
        await nights.until(on, '12:00');
        const made = await results(desk, nights, 'bills', on);
        const bills = jobOf(jobs, 'bills');
        expect(
          sorted(made.filter(({ outcome }) => outcome === 'created').map(r => `${r.clientId} ${r.amountCents}`)),
        ).toEqual(sorted(bills.items.map(({ clientId, amountCents }) => `${clientId} ${amountCents}`)));
        const notWalked = ['manual', 'weekly', 'monthly'];
        expect(sorted(passed(made))).toEqual(
          sorted(
            bills.skipped.filter(({ reason }) => !notWalked.includes(reason)).map(s => `${s.clientId} ${s.reason}`),
          ),
        );
        const charging = jobOf(jobs, 'autopay');
        for (const job of ['superbills', 'statements', 'reminders'] as const) {
          const done = (await results(desk, nights, job, on)).filter(({ outcome }) => outcome !== 'skipped');
          const foreseen = jobOf(jobs, job).items;
          const ofJob = ({ clientId, billId = '' }: { clientId: string; billId?: string }) =>
            `${job} ${clientId} ${billId}`;
          expect(sorted(done.map(ofJob))).toEqual(sorted(foreseen.map(ofJob)));
        }
        if (!automation.autopay) {
          expect(charging).toMatchObject({ startsAt: null, items: [] });
          return;
        }
        const taken = await results(desk, nights, 'autopay', on);
        expect(
          sorted(
            taken
              .filter(({ outcome }) => outcome === 'charged' || outcome === 'credit')
              .map(r => `${r.clientId} ${r.amountCents ?? 0} ${r.creditCents ?? 0}`),
          ),
        ).toEqual(sorted(charging.items.map(i => `${i.clientId} ${i.amountCents} ${i.creditCents ?? 0}`)));
        const why = charging.skipped.filter(({ reason }) => reason !== 'autopay_off');
        const reasons = taken.filter(({ reason }) => reason !== undefined).map(r => `${r.clientId} ${r.reason}`);
        expect(sorted(reasons)).toEqual(sorted(why.map(({ clientId, reason }) => `${clientId} ${reason}`)));
      } finally {
        await desk.close();
      }
    }),
    { numRuns: process.env.FULL ? 100 : 8, seed: 20_260_311 },
  );
}, 600_000);

test('a date that is over has runs, and no preview; without a date it is tonight', async () => {
  const desk = await FrontDesk.open();
  const { status, body } = await desk.ask(previewAutomationRow, previewAutomation, { query: { on: '2026-03-09' } });
  expect([status, body.errors[0].pointer]).toEqual([422, '/on']);
  const tonight = await desk.done(previewAutomationRow, previewAutomation, { query: {} });
  expect(tonight.on).toBe('2026-03-11');
  await desk.close();
});
