import { autoShareOf, type SharedKind } from '../../domain/automation/autoShare';
import type { TaskResult } from '../../domain/automation/run';
import { addMinutes, type CalendarDate, calendarDate, type Instant } from '../../domain/calendar';
import type { ClientDocumentRef } from '../../domain/documentRef';
import { accountOf } from '../../domain/statement';
import { endOfMonthBefore } from '../../domain/superbill';
import { idFrom } from '../../ids';
import { type Needs, systemAct } from '../../needs';
import { attentionStore } from '../../store/attentionStore';
import { readClientLedger } from '../../store/billStore';
import { practiceOf } from '../../store/cardStore';
import type { SnapshotFiles } from '../../store/clientDocumentStore';
import { clientStore } from '../../store/clientStore';
import { transact } from '../../store/kernel';
import { settingsStore } from '../../store/settingsStore';
import { statementStore } from '../../store/statementStore';
import { superbillStore } from '../../store/superbillStore';
import { mailAttention } from '../mailAttention';
import { shareClientDocument } from '../shareClientDocument';
import type { JobList, Perform } from './engine';
import { refusal } from './refusal';

interface Adapters {
  readonly needs: Needs;
  readonly files: SnapshotFiles;
}

interface OfClient {
  readonly practiceId: string;
  readonly clientId: string;
  readonly on: CalendarDate;
  readonly timeZone: string;
  /** When the run began, this time. */
  readonly startedAt: Instant;
}

/** Clients who get a superbill each month. */
export const superbillClients: JobList = {
  tasksOfPart: 10,
  async page(practiceId, _, cursor) {
    const { clients, nextCursor } = await clientStore.activePage(practiceId, { limit: 100, cursor });
    const billings = await clientStore.billingOf(
      practiceId,
      clients.map(({ clientId }) => clientId),
    );
    const tasks = billings.filter(({ createSuperbills }) => createSuperbills).map(({ clientId }) => ({ clientId }));
    return { tasks, passed: {}, nextCursor };
  },
};

/** Every client: whether there is anything to state their ledger tells. */
export const statementClients: JobList = {
  tasksOfPart: 10,
  async page(practiceId, _, cursor) {
    const { clients, nextCursor } = await clientStore.activePage(practiceId, { limit: 100, cursor });
    return { tasks: clients.map(({ clientId }) => ({ clientId })), passed: {}, nextCursor };
  },
};

const eachClient =
  (make: (of: OfClient, adapters: Adapters) => Promise<TaskResult>) =>
  (adapters: Adapters): Perform =>
  async ({ practiceId, on, startedAt, tasks, each }) => {
    const { timeZone } = await practiceOf(practiceId);
    const of = { practiceId, on, startedAt, timeZone };
    for (const task of tasks) {
      await each(task, async () => [await make({ ...of, clientId: task.clientId }, adapters)]);
    }
  };

/** The superbill of everything that no superbill covers yet, up to the end of the month before (`domain.md` 2.6): one a time of the run. */
export const makeSuperbills = eachClient(async (of, { needs, files }) => {
  const { practiceId, clientId, on, startedAt, timeZone } = of;
  const superbillId = idFrom('sup', practiceId, clientId, on, startedAt);
  const act = systemAct(timeZone, needs);
  const made = await superbillStore.createMonthly(practiceId, { superbillId, clientId, on }, { act, files });
  if ('skipped' in made) return { clientId, outcome: 'skipped', reason: made.skipped };
  return created(of, { kind: 'superbill', id: superbillId, clientId }, 'superbills', needs);
});

/**
 * The statement of the month before, of clients with a movement in it or with something open at its end (2.7). Its id
 * derives from the month, so each is stated once, though the day was moved or a run was begun by hand.
 */
export const makeStatements = eachClient(async (of, { needs, files }) => {
  const { practiceId, clientId, on, startedAt, timeZone } = of;
  const toState = await accountToState({ practiceId, clientId, on, before: startedAt });
  if ('skipped' in toState) return { clientId, outcome: 'skipped', reason: toState.skipped };
  const statementId = statementIdOf(practiceId, clientId, on);
  const act = systemAct(timeZone, needs);
  await statementStore.create(practiceId, { statementId, clientId, ...monthBefore(on) }, { act, files });
  return created(of, { kind: 'statement', id: statementId, clientId }, 'statements', needs);
});

const statementIdOf = (practiceId: string, clientId: string, on: CalendarDate): string =>
  idFrom('stm', practiceId, clientId, monthBefore(on).from);

type ToState = Pick<OfClient, 'practiceId' | 'clientId' | 'on'> & { readonly before: Instant };

/** What a statement of this night would tell of a client, in cents, or why there is none: of run and preview alike. */
export async function accountToState({ practiceId, clientId, on, before }: ToState) {
  const [ledger, known] = await Promise.all([
    readClientLedger(practiceId, clientId),
    statementStore.find(practiceId, { clientId, statementId: statementIdOf(practiceId, clientId, on) }),
  ]);
  if (known && known.createdAt < before) return { skipped: 'stated_already' } as const;
  const account = accountOf(ledger, monthBefore(on), new Map());
  const { entries, closingBalanceCents, closingCreditCents } = account;
  const isIdle = entries.length === 0 && closingBalanceCents === 0 && closingCreditCents === 0;
  return isIdle ? ({ skipped: 'nothing_to_state' } as const) : account;
}

function monthBefore(on: CalendarDate): { from: CalendarDate; to: CalendarDate } {
  const to = endOfMonthBefore(on);
  return { from: calendarDate(`${to.slice(0, 7)}-01`), to };
}

/** Made; and shared after its delay where such documents go out by themselves. */
async function created(
  { practiceId, clientId, timeZone }: OfClient,
  document: ClientDocumentRef,
  kind: SharedKind,
  needs: Needs,
): Promise<TaskResult> {
  const done: TaskResult = { clientId, outcome: 'created', documentId: document.id };
  const [automation, [billing]] = await Promise.all([
    settingsStore.loadAutomation(practiceId),
    clientStore.billingOf(practiceId, [clientId]),
  ]);
  const { enabled, delayMinutes } = billing
    ? autoShareOf(kind, billing, automation)
    : { enabled: false, delayMinutes: 0 };
  if (!enabled) return done;
  const shareId = idFrom('share', practiceId, document.id);
  const act = systemAct(timeZone, needs);
  const sendAt = addMinutes(act.at, delayMinutes);
  const wish = { document, shareId, channel: 'email', trigger: 'auto', sendAt } as const;
  try {
    await shareClientDocument(practiceId, wish, { act, newId: needs.newId });
    return done;
  } catch (error) {
    const { code } = refusal(error);
    // Never silently skipped (rule 63).
    const facts = { reason: code };
    const attention = mailAttention(
      { kind: document.kind, id: document.id, clientId },
      { linkId: shareId, kind: 'share_blocked', at: act.at, facts },
    );
    const known = await attentionStore.find(practiceId, attention.attentionId);
    if (!known) await transact([attentionStore.add(practiceId, attention)]);
    return { ...done, reason: code };
  }
}
