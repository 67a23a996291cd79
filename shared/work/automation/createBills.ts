import { issuePlanned } from '../../domain/automation/issuePlanned';
import { notToday, type PlannedBill, planBills } from '../../domain/automation/planBills';
import type { Task, TaskResult } from '../../domain/automation/run';
import type { BillHead } from '../../domain/billRecord';
import type { CalendarDate, Instant } from '../../domain/calendar';
import { defaultClientBilling } from '../../domain/client';
import type { Lot } from '../../domain/ledger';
import type { Issued } from '../../domain/newBill';
import { type Needs, systemAct } from '../../needs';
import { automationStore } from '../../store/automationStore';
import { readLots } from '../../store/billStore';
import { clientStore } from '../../store/clientStore';
import {
  type IngredientIds,
  type Ingredients,
  issueWrites,
  readIngredients,
  readIngredientsOfAll,
} from '../../store/composeStore';
import { decideFrom, getItems, transact } from '../../store/kernel';
import { nextSequence } from '../../store/numberStore';
import { pendingPage } from '../../store/pendingStore';
import { settingsStore } from '../../store/settingsStore';
import { billHeadEntity } from '../../store/table';
import { type JobList, type Perform, portions, type TaskPage } from './engine';
import { refusal } from './refusal';

const clientsOfPage = 50;

/** Clients with something unbilled whose day it is (`domain.md` 2.1). */
export const billsList: JobList = { tasksOfPart: 20, page: findClients };

/** A client’s bills share its credit, so they come one after the other; clients do not wait for each other. */
export const createBills =
  (needs: Needs): Perform =>
  async ({ practiceId, on, startedAt, tasks, each }) => {
    const number = numbers(practiceId, tasks.length);
    // By hand, and after AutoPay was switched on that day, bills come when their night's AutoPay is over.
    const night = (await automationStore.isPast(practiceId, 'autopay', on)) ? undefined : on;
    for (const some of portions(tasks, together)) {
      const ids = some.map(idsOf);
      let read: ReturnType<typeof readIngredientsOfAll> | undefined;
      // By the first one that still has time; most of a night's requests would be these.
      const ingredients = async (of: IngredientIds) => {
        read ??= readIngredientsOfAll(practiceId, ids);
        return (await read)(of);
      };
      const billOne = (task: Task) =>
        each(task, () => billClient({ practiceId, on, night, startedAt, ...idsOf(task), number, ingredients }, needs));
      await Promise.all(some.map(billOne));
    }
  };

const idsOf = ({ clientId, sessionIds = [] }: Task): IngredientIds => ({ clientId, sessionIds, productIds: [] });

/** Few enough that what is read for all of them is not old when the last one is billed. */
const together = 10;

async function findClients(practiceId: string, on: CalendarDate, cursor: string | undefined): Promise<TaskPage> {
  const [{ clients, nextCursor }, automation] = await Promise.all([
    pendingPage(practiceId, { limit: clientsOfPage, cursor, keep: session => session.dateOfService < on }),
    settingsStore.loadAutomation(practiceId),
  ]);
  const known = await clientStore.billingOf(
    practiceId,
    clients.map(({ clientId }) => clientId),
  );
  const billings = new Map(known.map(billing => [billing.clientId, billing]));
  const passed: Record<string, number> = {};
  const tasks: Task[] = [];
  for (const { clientId, sessions } of clients) {
    const reason = notToday(billings.get(clientId) ?? defaultClientBilling(clientId), automation, on);
    if (reason) passed[reason] = (passed[reason] ?? 0) + 1;
    else tasks.push({ clientId, sessionIds: sessions.map(({ sessionId }) => sessionId) });
  }
  return { tasks, passed, nextCursor };
}

interface ClientToBill extends IngredientIds {
  readonly practiceId: string;
  readonly on: CalendarDate;
  readonly night: CalendarDate | undefined;
  readonly startedAt: Instant;
  readonly number: () => Promise<number>;
  /** As they were read together with those of other clients. */
  readonly ingredients: (of: IngredientIds) => Promise<Ingredients>;
}

interface Scene extends Ingredients {
  readonly lots: readonly Lot[];
}

/** Every bill that is planned for the client, one transaction each; whoever else bills a session first has it. */
async function billClient(of: ClientToBill, needs: Needs): Promise<TaskResult[]> {
  const { practiceId, clientId, on } = of;
  const sceneOf = async (reading: Promise<Ingredients>): Promise<Scene> => {
    const [ingredients, lots] = await Promise.all([reading, readLots(practiceId, clientId)]);
    return { ...ingredients, lots };
  };
  const read = () => sceneOf(readIngredients(practiceId, of));
  const results: TaskResult[] = [];
  const refused = new Set<string>();
  let scene = await sceneOf(of.ingredients(of));
  for (;;) {
    const step = await decideFrom(scene, read, async fresh => {
      const plan = planBills({ ...fresh, sessions: [...fresh.sessions.values()] }, fresh.automation, on);
      const planned = plan.bills.find(({ sessionIds }) => !refused.has(sessionIds.join()));
      if (!planned) return { plan, fresh };
      const issued = await issue(planned, fresh, of, needs).catch(refusal);
      return { planned, issued, fresh };
    });
    scene = step.fresh;
    if (!step.planned) return ended(of, scene, [...results, ...rest(step.plan.skipped, clientId)]);
    if ('code' in step.issued) {
      refused.add(step.planned.sessionIds.join());
      results.push({ clientId, outcome: 'skipped', reason: step.issued.code });
      continue;
    }
    results.push(created(step.issued.record.head));
    scene = { ...scene, ...(await without(scene, step.planned, practiceId)) };
  }
}

async function issue(
  planned: PlannedBill,
  scene: Scene,
  { night, practiceId, number }: ClientToBill,
  needs: Needs,
): Promise<Issued> {
  const ids = {
    billId: needs.newId('bill'),
    shareId: needs.newId('share'),
    sequence: await number(),
    accessCode: needs.newCode(),
  };
  const issued = issuePlanned(planned, { ...scene, night }, ids, systemAct(scene.practice.timeZone, needs));
  const sessions = new Map([...scene.sessions].filter(([id]) => planned.sessionIds.includes(id)));
  await transact(issueWrites(practiceId, issued, { lots: scene.lots, sessions }));
  return issued;
}

async function without(
  scene: Scene,
  { sessionIds }: PlannedBill,
  practiceId: string,
): Promise<Pick<Scene, 'sessions' | 'lots'>> {
  const sessions = new Map([...scene.sessions].filter(([id]) => !sessionIds.includes(id)));
  // The bill may have spent credit.
  const lots = scene.lots.length > 0 ? await readLots(practiceId, scene.client.clientId) : scene.lots;
  return { sessions, lots };
}

const rest = (skipped: ReturnType<typeof planBills>['skipped'], clientId: string): TaskResult[] =>
  skipped.map(({ reason }) => ({ clientId, outcome: 'skipped', reason }));

/** What came of the client, with the bills of this run that an earlier worker made and died before it could tell. */
async function ended(
  { practiceId, clientId, startedAt }: ClientToBill,
  { sessions }: Scene,
  results: readonly TaskResult[],
): Promise<TaskResult[]> {
  const billed = [...sessions.values()].flatMap(({ billing }) => (billing?.state === 'billed' ? [billing.billId] : []));
  const keys = [...new Set(billed)].map(billId => billHeadEntity.key(practiceId, { billId }));
  const before = (await getItems(keys))
    .map(billHeadEntity.record)
    .filter(({ origin, createdAt }) => origin !== 'manual' && createdAt >= startedAt)
    .filter(({ billId }) => !results.some(({ documentId }) => documentId === billId))
    .map(created);
  const all = [...before, ...results];
  return all.length > 0 ? all : [{ clientId, outcome: 'skipped', reason: 'billed_meanwhile' }];
}

const created = ({ clientId, billId, totalCents }: BillHead): TaskResult => ({
  clientId,
  outcome: 'created',
  documentId: billId,
  amountCents: totalCents,
});

/** Numbers for a part's bills, drawn together: what is left over is a gap (rule 55). */
function numbers(practiceId: string, expected: number): () => Promise<number> {
  let drawn: Promise<number> | undefined;
  let used = 0;
  return async () => {
    if (used === expected) [drawn, used] = [undefined, 0];
    drawn ??= nextSequence(practiceId, expected);
    const mine = used;
    used += 1;
    return (await drawn) - expected + 1 + mine;
  };
}
