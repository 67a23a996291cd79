import { getAutomationRunRow, listAutomationRunsRow, previewAutomationRow } from '../../shared/operations/automation';
import { getClientBillingSettingsRow, putClientBillingSettingsRow } from '../../shared/operations/clients';
import { listDocumentsRow } from '../../shared/operations/documents';
import { getAutomationSettingsRow, putAutomationSettingsRow } from '../../shared/operations/settings';
import { RunningPractice } from '../fixtures/runningPractice';

/** What the tests of the automation tell in process, once over everything that is deployed: schedules, queues, workers, rights. */
let practice: RunningPractice;
beforeAll(async () => {
  practice = await RunningPractice.open('2026-11-30T15:00:00Z');
}, 120_000);
afterAll(() => practice.close());

test('a night bills, charges, then shares what is paid; the first of the month makes superbills and statements', async () => {
  const { admin, cloud } = practice;
  const automation = await admin.do(getAutomationSettingsRow);
  await admin.do(putAutomationSettingsRow, {
    body: {
      ...automation,
      createBills: 'monthly',
      autopay: true,
      autoShare: { ...automation.autoShare, bills: { enabled: true, delayMinutes: 0 } },
      statementDay: 1,
    },
  });
  const clientId = await practice.client();
  await practice.savedCard(clientId);
  const billing = await admin.do(getClientBillingSettingsRow, { path: { clientId } });
  const { responsibility, createBills, autoShare, autopayLimitCents, quiet } = billing;
  await admin.do(putClientBillingSettingsRow, {
    path: { clientId },
    body: { responsibility, createBills, autoShare, autopayLimitCents, quiet, autopay: true, createSuperbills: true },
  });
  await practice.session(clientId, 16_500, 2_000);

  const { jobs } = await admin.do(previewAutomationRow, { query: { on: '2026-12-01' } });
  const foreseen = jobs.filter(({ items }) => items.length > 0).map(({ job, amountCents }) => [job, amountCents]);
  expect(foreseen).toEqual([
    ['bills', 18_500],
    ['autopay', 18_500],
    ['superbills', 18_500],
  ]);

  await cloud.advance({ to: '2026-12-01T16:00:00Z' });

  const { items } = await admin.do(listDocumentsRow, { path: { clientId } });
  const kinds = items.map(({ kind, amountCents, balanceCents }) => [kind, amountCents, balanceCents]).sort();
  expect(kinds).toEqual([
    ['bill', 18_500, 0],
    ['superbill', 18_500, expect.anything()],
  ]);
  const bill = items.find(({ kind }) => kind === 'bill');
  expect(practice.capturedOn(bill?.id ?? '')).toBe(18_500);
  expect(await practice.see(bill?.id ?? '')).toMatchObject({ status: 'paid', sharing: { status: 'shared' } });
  const runs = await admin.do(listAutomationRunsRow, { query: { limit: '100' } });
  const first = runs.items.filter(({ on }) => on === '2026-12-01');
  expect(first.map(({ job, status }) => [job, status])).toEqual(
    expect.arrayContaining([
      ['bills', 'done'],
      ['autopay', 'done'],
      ['superbills', 'done'],
      ['statements', 'done'],
    ]),
  );
  const charging = first.find(({ job }) => job === 'autopay');
  const run = await admin.do(getAutomationRunRow, { path: { runId: charging?.runId ?? '' } });
  expect(run.items).toMatchObject([{ clientId, outcome: 'charged', amountCents: 18_500 }]);
  const mails = await (await fetch(new URL('/_local/mail', cloud.urls.portal))).json();
  const toClient = mails.filter((mail: { to: string[] }) => mail.to.join().includes('wanda@'));
  expect(toClient.map(({ subject }: { subject: string }) => subject)).toContain(
    'Your bill from Oak Street Therapy is paid',
  );
});
