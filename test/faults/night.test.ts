import { handler as createBill } from '../../functions/bills/createBill';
import { handler as putClientBilling } from '../../functions/clients/putClientBillingSettings';
import { handler as putAutomationSettings } from '../../functions/settings/putAutomationSettings';
import type { Run } from '../../shared/domain/automation/run';
import { defaultAutomationSettings } from '../../shared/domain/practice';
import { createBillRow } from '../../shared/operations/bills';
import { putClientBillingSettingsRow } from '../../shared/operations/clients';
import { putAutomationSettingsRow } from '../../shared/operations/settings';
import { automationStore } from '../../shared/store/automationStore';
import { transact } from '../../shared/store/kernel';
import { billHeadEntity, runEntity } from '../../shared/store/table';
import { newClient, newSession } from '../fixtures/chart';
import { holds } from './harness/hold';
import type { Life } from './harness/life';
import { type Chart, cardOnFile, openChart } from './harness/scenes';
import { momentBefore, noFault, type Run as RunOfStory, Stage } from './harness/schedules';
import type { Outcome, Story } from './harness/story';
import type { Asking, System } from './harness/system';
import { Telling } from './harness/telling';
import { type Call, type FaultKind, faultsOf } from './harness/wire';

/** Bills at midnight, AutoPay at half past, shares after it, reminders at half past nine. */
const automation = {
  ...defaultAutomationSettings,
  createBills: 'daily',
  autopay: true,
  autoShare: { ...defaultAutomationSettings.autoShare, bills: { enabled: true, delayMinutes: 5 } },
  digest: { enabled: false, hour: 6 },
  overdueReminders: { enabled: true, daysAfterDue: [1] },
} as const;
const onAutopay = {
  responsibility: 'self_pay',
  createBills: 'inherit',
  autoShare: { bills: 'inherit', superbills: 'inherit', statements: 'inherit' },
  autopay: true,
  autopayLimitCents: null,
  createSuperbills: false,
  quiet: false,
};

async function done(system: System, asking: Asking): Promise<void> {
  const { status, body } = await system.ask(asking);
  if (status >= 300) throw new Error(`${asking.row.operation}: ${status} ${JSON.stringify(body)}`);
}

/** A client on AutoPay with a session of today, and another one whose bill is due today and shared. */
async function evening(system: System): Promise<Chart> {
  const chart = await openChart();
  const { practice, clientId } = chart;
  const caller = practice.admin;
  await done(system, {
    row: putAutomationSettingsRow,
    handler: putAutomationSettings,
    asked: { caller, body: automation },
  });
  const settings = { caller, path: { clientId }, body: onAutopay };
  await done(system, { row: putClientBillingSettingsRow, handler: putClientBilling, asked: settings });
  await cardOnFile(chart);
  await newSession(practice, clientId, { status: 'completed' });
  const late = await newClient(practice, { email: 'noor@example.com', emailAllowed: true });
  const { sessionId } = await newSession(practice, late.clientId, { status: 'completed' });
  const body = { clientId: late.clientId, sessions: [{ sessionId }], dueOn: '2026-03-10' };
  await done(system, { row: createBillRow, handler: createBill, asked: { caller, body, key: 'key of the bill' } });
  await system.goOn(Date.parse('2026-03-11T03:58:00Z'));
  return chart;
}

/** One night, and a second one where the first could not charge; further ones are no part of the story. */
const night: Story<Chart> = {
  name: 'night',
  // By the rows below: a night makes too many calls for all pairs of everything.
  faults: 'none',
  prepare: evening,
  play: async (script, _, { practiceId }) => {
    await script.waitUntil('2026-03-11T14:00:00Z');
    const isCharged = await script.step(({ stripe }) => stripe.books().some(({ captured }) => captured > 0));
    if (!isCharged) await script.waitUntil('2026-03-12T14:00:00Z');
    await script.step(async () => {
      const nexts = await automationStore.nexts(practiceId);
      await transact(nexts.map(next => automationStore.moveOn(practiceId, next, undefined)));
    });
  },
  wrongs: nightWrongs,
};

function nightWrongs({ system, ledger }: Outcome, { clientId }: Chart): string[] {
  const bills = ledger.items.filter(billHeadEntity.is).map(billHeadEntity.record);
  const mine = bills.find(bill => bill.clientId === clientId);
  const charges = system.stripe.books().filter(({ captured }) => captured > 0).length;
  const runs = ledger.items.filter(runEntity.is).map(runEntity.record);
  const told = new Set(ledger.attention.map(({ kind }) => kind));
  const subjects = system.mail.taken.map(({ message }) => message.subject);
  const missing = ['bill from', 'reminder'].filter(what => !subjects.some(subject => subject.includes(what)));
  const undone = runs.filter(({ status }) => status !== 'done');
  return [
    ...(bills.length === 2 ? [] : [`${bills.length} bills`]),
    ...(charges > 1 ? [`${charges} charges for one bill`] : []),
    ...(mine?.status === 'paid' || told.size > 0 ? [] : ['the bill is not paid, and nobody is told']),
    ...repeatedMails(system),
    ...(missing.length === 0 || told.has('mail_unknown') ? [] : [`no mail: ${missing.join()}`]),
    ...(undone.length === 0 || told.has('automation_failed') ? [] : [`never done: ${names(undone)}`]),
    ...(runs.some(({ job, on }) => job === 'autopay' && on === '2026-03-11') ? [] : ['a night never began']),
  ];
}

const names = (runs: readonly Run[]): string => runs.map(({ job, on, status }) => `${job} ${on} ${status}`).join(', ');

/** Staff are told each evening what AutoPay will do; nobody gets any other mail twice. */
function repeatedMails({ mail }: System): string[] {
  const seen = new Set<string>();
  return mail.taken.flatMap(({ shareId, to, message: { subject } }) => {
    const names = [shareId, ...(subject.startsWith('AutoPay tonight') ? [] : [`${to.email} ${subject}`])];
    const isNew = names.every(name => !seen.has(name));
    for (const name of names) seen.add(name);
    return isNew ? [] : [`once more: ${subject}`];
  });
}

/** Calls that took effect, of invocations that do something that no earlier one did. */
function effects({ calls }: RunOfStory): Call[] {
  const does = new Map<Life, string>();
  for (const { by, operation } of calls) does.set(by, `${does.get(by) ?? by.name} ${operation}`);
  const first = new Map([...does].reverse().map(([life, doing]) => [doing, life]));
  return calls.filter(({ by, reads }) => !reads && first.get(does.get(by) ?? '') === by);
}

/** To die before a call is to die after the one before it; but Stripe's answer may be a refusal. A message twice is a reset. */
const deaths = ({ service }: Call): readonly FaultKind[] => {
  if (service === 'stripe') return ['crash-before', 'crash-after'];
  return service === 'sqs' ? ['crash-after', 'reset'] : ['crash-after'];
};

async function tellAll(): Promise<void> {
  const stage = await Stage.set(night);
  const telling = new Telling(stage);
  const clean = await telling.tell({ manner: 'repeats', plan: noFault }, { keeps: true });
  const struck = effects(clean);
  expect(struck.some(({ service }) => service === 'stripe')).toBe(true);
  const kindsOf = process.env.FULL ? faultsOf : deaths;
  for (const { index, ...call } of process.env.FULL ? clean.calls : struck) {
    for (const kind of kindsOf({ index, ...call })) {
      const isDeath = struck.some(each => each.index === index) && kind === 'crash-after';
      const start = momentBefore(clean.moments, index);
      const keeps = isDeath && process.env.FULL !== undefined;
      const run = await telling.tell({ manner: 'repeats', plan: new Map([[index, kind]]) }, { from: start, keeps });
      for (const later of process.env.FULL && isDeath ? effects(run).filter(each => each.index > index) : []) {
        const plan = new Map<number, FaultKind>([
          [index, kind],
          [later.index, 'crash-after'],
        ]);
        await telling.tell({ manner: 'repeats', plan }, { from: momentBefore(run.moments, later.index) ?? start });
      }
    }
  }
  telling.report();
}

describe('a night in which any worker dies at any step, or any message comes twice (R35)', () => {
  holds('makes each bill, charge and mail once', night);
  test('makes each bill once, charges once, mails once, and is done or staff are told', tellAll, 24 * 60 * 60_000);
});
