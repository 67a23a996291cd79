import { readFileSync } from 'node:fs';
import type { Cloud } from '../local/cloud/cloud';
import type { CountedRequest } from '../local/cloud/requestCounter';
import { openDemoPractice } from '../local/seed/practices';
import { addDays, calendarDate, instant, instantOfLocal } from '../shared/domain/calendar';
import { type Client, clientName, clientSort, defaultClientBilling } from '../shared/domain/client';
import { cents } from '../shared/domain/money';
import { type AutomationSettings, defaultAutomationSettings } from '../shared/domain/practice';
import type { Session } from '../shared/domain/session';
import { newId } from '../shared/ids';
import { workerRows } from '../shared/operations';
import { automationStore, nightWrites, runIdOf } from '../shared/store/automationStore';
import { added } from '../shared/store/changes';
import { transact, useDocumentClient, type Write } from '../shared/store/kernel';
import { settingsStore } from '../shared/store/settingsStore';
import { clientBillingEntity, clientEntity, sessionEntity } from '../shared/store/table';
import { billsList } from '../shared/work/automation/createBills';

/** Opened on this instant, all nights below are still to come. */
export const nightsBegin = '2026-11-30T18:05:00Z';
const firstOfMonth = calendarDate('2026-12-01');

const monthly: AutomationSettings = {
  ...defaultAutomationSettings,
  createBills: 'monthly',
  superbillDay: 15,
  digest: { enabled: false, hour: 6 },
};

interface Size {
  readonly practices: number;
  readonly clients: number;
  readonly sessions: number;
}

interface Town extends Size {
  readonly timeZone: string;
  readonly practiceIds: readonly string[];
}

const workers = ['sweepDueWork', 'doDueWork'] as const;

/** From the sweep to the last bill. */
export interface Took {
  readonly bills: number;
  readonly seconds: number;
  /** Of the whole machine: functions, table, queues. What else is busy here does not bear on it. */
  readonly cpuSeconds: number;
}

export interface NightFigures {
  /** A practice of 250 clients with four sessions each: the first time with cold functions. */
  readonly onePractice: readonly Took[];
  readonly tenPractices: Took;
  readonly hundredPractices: Took;
  /** How much more of the processor a bill of the hundred takes than one of the ten, and how much longer it takes. */
  readonly growth: { readonly cpu: number; readonly time: number };
  readonly mostMemoryBytes: Readonly<Record<string, number>>;
  readonly projection: Projection;
}

/** Midnights of the first of a month, one zone after the other, over the functions as they are deployed. */
export async function measureNights(cloud: Cloud, tell: (line: string) => void): Promise<NightFigures> {
  Object.assign(process.env, cloud.environment);
  // The store has the client of a cloud that was closed, when another part of the bench came before.
  useDocumentClient(undefined);
  const night = async (timeZone: string, size: Size): Promise<Took> => {
    const took = await midnight(cloud, await found(cloud, timeZone, size));
    const { bills, seconds, cpuSeconds } = took;
    const each = `${size.practices} × ${size.clients} clients with ${size.sessions} sessions`;
    const pace = `${(bills / seconds).toFixed(0)} bills a second, ${((cpuSeconds * 1000) / bills).toFixed(1)} ms of a core a bill`;
    tell(`${each}: ${seconds.toFixed(1)} s, ${pace}`);
    return took;
  };
  const onePractice: Took[] = [];
  for (const timeZone of ['Asia/Kathmandu', 'Asia/Kolkata', 'Asia/Karachi']) {
    onePractice.push(await night(timeZone, { practices: 1, clients: 250, sessions: 4 }));
  }
  const metered = await meteredNight(
    cloud,
    await found(cloud, 'Asia/Kabul', { practices: 1, clients: 300, sessions: 4 }),
  );
  const few = await night('Asia/Dubai', { practices: 10, clients: 100, sessions: 4 });
  const many = await night('Asia/Tehran', { practices: 100, clients: 100, sessions: 4 });
  return {
    onePractice,
    tenPractices: few,
    hundredPractices: many,
    growth: { cpu: many.cpuSeconds / few.cpuSeconds / 10, time: many.seconds / few.seconds / 10 },
    mostMemoryBytes: Object.fromEntries(workers.map(name => [name, cloud.mostMemoryBytes(name)])),
    projection: projectionOf(metered, { practices: 10_000, clients: 300, sessions: 4 }),
  };
}

let founded = 0;

/** Practices of this size, billed monthly, straight into the table. */
async function found(cloud: Cloud, timeZone: string, size: Size): Promise<Town> {
  const practiceIds: string[] = [];
  for (let nth = 0; nth < size.practices; nth += 1) {
    founded += 1;
    const { practice, memberIds } = await openDemoPractice(cloud, {
      shortCode: `N${founded}`,
      name: 'Juniper Lane Therapy, PLLC',
      timeZone,
      currency: 'USD',
      address: ['2140 Alder Street, Suite 3', 'Madison, WI 53703'],
      paperSize: 'letter',
      members: [{ key: 'admin', name: 'Rosa Delgado-Whitfield', role: 'admin' }],
    });
    const { practiceId } = practice;
    const now = instant(cloud.now());
    const nexts = await automationStore.nexts(practiceId);
    const nights = nightWrites(practiceId, nexts, { settings: monthly, timeZone, now });
    await settingsStore.putAutomation(practiceId, monthly, nights);
    await fill(practiceId, memberIds.admin ?? '', size);
    practiceIds.push(practiceId);
  }
  return { ...size, timeZone, practiceIds };
}

/** What a transaction may hold. */
const most = 100;

async function fill(practiceId: string, practitionerId: string, { clients, sessions }: Size): Promise<void> {
  const writes = Array.from({ length: clients }, (_, nth) => {
    const client = clientOf(nth, practitionerId);
    const held = Array.from({ length: sessions }, (__, day) => sessionOf(client, practitionerId, day));
    const billing = added(clientBillingEntity, practiceId, defaultClientBilling(client.clientId));
    return [
      added(clientEntity, practiceId, client),
      billing,
      ...held.map(session => added(sessionEntity, practiceId, session)),
    ];
  }).flat();
  const batches: Write[][] = [];
  while (writes.length > 0) batches.push(writes.splice(0, most));
  for (const batch of batches) await transact(batch);
}

const clientOf = (nth: number, practitionerId: string): Client => ({
  clientId: newId('cli'),
  firstName: 'Katharina',
  lastName: `Kowalski-Lambert ${String(nth).padStart(3, '0')}`,
  email: 'katharina.kowalski@example.com',
  emailAllowed: true,
  address: [],
  practitionerId,
  status: 'active',
  createdAt: instant('2026-11-01T00:00:00Z'),
});

function sessionOf(client: Client, practitionerId: string, day: number): Session {
  const dateOfService = addDays(calendarDate('2026-11-03'), day * 7);
  const service = { code: '90837', description: 'Individual therapy, 60 minutes', units: 1, priceCents: cents(16_500) };
  return {
    sessionId: newId('ses'),
    clientId: client.clientId,
    clientSort: clientSort(client),
    clientName: clientName(client),
    practitionerId,
    startsAt: instant(`${dateOfService}T15:00:00Z`),
    dateOfService,
    status: 'completed',
    noteSigned: true,
    services: [{ ...service, serviceId: newId('svc'), modifiers: [], diagnoses: ['F41.1'] }],
    noShowFeeCents: cents(0),
    claimReview: 'none',
    requireSignedNote: false,
  };
}

async function midnight(cloud: Cloud, town: Town): Promise<Took> {
  const at = Date.parse(instantOfLocal(firstOfMonth, '00:00', town.timeZone));
  await cloud.advance({ to: at - 1000 });
  const [started, cpuBefore] = [performance.now(), process.cpuUsage()];
  await cloud.advance({ to: at });
  const seconds = (performance.now() - started) / 1000;
  const { user, system } = process.cpuUsage(cpuBefore);
  await cloud.advance({ minutes: 3 });
  for (const practiceId of town.practiceIds) await holdRun(practiceId, town.clients);
  return { bills: town.practices * town.clients, seconds, cpuSeconds: (user + system) / 1e6 };
}

/** A figure of a night that left somebody out would be none. */
async function holdRun(practiceId: string, clients: number): Promise<void> {
  const run = await automationStore.load(practiceId, runIdOf(practiceId, 'bills', firstOfMonth));
  const { status, outcomes = {} } = run;
  if (status !== 'done' || outcomes.created !== clients) {
    throw new Error(`the night is ${status} with ${JSON.stringify(outcomes)}, and not ${clients} bills`);
  }
}

interface Metered extends Size {
  readonly counted: readonly CountedRequest[];
}

async function meteredNight(cloud: Cloud, town: Town): Promise<Metered> {
  cloud.startCounting();
  await midnight(cloud, town);
  // The sweeps of a minute are the same however much they find.
  return { ...town, counted: cloud.stopCounting().filter(({ by }) => by === 'doDueWork') };
}

export interface Projection extends Size {
  /** Per bill, of four sessions. */
  readonly writeUnitsABill: number;
  readonly readUnitsABill: number;
  readonly requestsABill: number;
  readonly writeUnits: number;
  readonly minutes: number;
  readonly dollars: Readonly<Record<string, number>>;
  readonly pricesOn: string;
}

interface Prices {
  readonly on: string;
  readonly dynamodb: { readonly perMillionWriteUnits: number; readonly perMillionReadUnits: number };
  readonly sqs: { readonly perMillionRequests: number };
  readonly lambda: { readonly perMillionRequests: number; readonly perGbSecond: number };
  readonly assumed: { readonly millisecondsARequest: number };
}

/** What the table takes in a second, for the whole account, where nobody asked for more. */
export const writeUnitsASecond = 40_000;
/** A message costs as much as three: sent, received, deleted. */
const requestsAMessage = 3;
const workersGb = (workerRows.find(({ name }) => name === 'doDueWork')?.memoryMb ?? Number.NaN) / 1024;

/** On paper: as many times what one practice's night was metered at. Functions wait for one request after the other. */
function projectionOf({ counted, ...measured }: Metered, size: Size): Projection {
  const { on, dynamodb, sqs, lambda, assumed } = JSON.parse(readFileSync('bench/prices.json', 'utf8')) as Prices;
  const bills = size.practices * size.clients;
  const aBill = (total: number) => total / (measured.practices * measured.clients);
  const writeUnitsABill = aBill(counted.reduce((sum, { writeUnits }) => sum + writeUnits, 0));
  const readUnitsABill = aBill(counted.reduce((sum, { readUnits }) => sum + readUnits, 0));
  const requestsABill = aBill(counted.length);
  const million = bills / 1e6;
  const messages = million / billsList.tasksOfPart;
  const gbSeconds = ((bills * requestsABill * assumed.millisecondsARequest) / 1000) * workersGb;
  const dollars = {
    writes: million * writeUnitsABill * dynamodb.perMillionWriteUnits,
    reads: million * readUnitsABill * dynamodb.perMillionReadUnits,
    queue: messages * requestsAMessage * sqs.perMillionRequests,
    functions: messages * lambda.perMillionRequests + gbSeconds * lambda.perGbSecond,
  };
  const writeUnits = bills * writeUnitsABill;
  const minutes = writeUnits / writeUnitsASecond / 60;
  return { ...size, writeUnitsABill, readUnitsABill, requestsABill, writeUnits, minutes, dollars, pricesOn: on };
}
