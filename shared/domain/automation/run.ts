import { addMinutes, type CalendarDate, type Instant } from '../calendar';
import type { Job } from './jobs';

/** When a job of the practice begins next: due work, moved on in the transaction that begins a run. */
export interface NextRun {
  readonly job: Job;
  readonly on: CalendarDate;
  readonly dueAt: Instant;
}

/** One job of one date: there is at most one, whatever fires how often (`domain.md` rule 39). */
export interface Run {
  readonly runId: string;
  readonly job: Job;
  /** The practice-local date it stands for, also when it runs late. */
  readonly on: CalendarDate;
  readonly status: 'running' | 'done';
  readonly trigger: 'night' | 'staff';
  /** When it began first; a repeat leaves it as it is. */
  readonly begunAt: Instant;
  readonly startedAt: Instant;
  readonly finishedAt?: Instant;
  /** Of AutoPay by hand: a bill that was made later is not this night's. */
  readonly madeUntil?: Instant;
  /** How far its list has been walked; absent before the first page. */
  readonly cursor?: string;
  /** True when the whole list was walked: the parts made so far are all there are. */
  readonly walked: boolean;
  /** Numbers of parts, counted on when a run is repeated. */
  readonly parts: number;
  /** The first part of this time; earlier ones belong to an earlier time of the same run. */
  readonly firstPart: number;
  /** What came of it, once it is done: how often each outcome. */
  readonly outcomes?: Readonly<Record<string, number>>;
  readonly amountCents?: number;
  readonly dueAt?: Instant;
}

/** What one worker does at once: some clients, or some bills. */
export interface RunPart {
  readonly runId: string;
  readonly part: number;
  readonly job: Job;
  readonly on: CalendarDate;
  readonly status: 'waiting' | 'done';
  readonly tasks: readonly Task[];
  readonly results: readonly TaskResult[];
  readonly tries: number;
  readonly dueAt?: Instant;
}

/** A client with the sessions that were found for it, or one bill. */
export interface Task {
  readonly clientId: string;
  readonly sessionIds?: readonly string[];
  readonly billId?: string;
}

/** What came of a task. */
export interface TaskResult {
  readonly clientId: string;
  readonly billId?: string;
  /** `created`, `charged`, `declined`, `sent`, …, or `skipped` with a reason, or `failed`. */
  readonly outcome: string;
  readonly reason?: string;
  readonly amountCents?: number;
  /** What credit paid, beside the card or in its place. */
  readonly creditCents?: number;
  /** Of what was made. */
  readonly documentId?: string;
}

/** How often each outcome, and what it comes to; a skip is counted under its reason. */
export function sumOf(results: readonly TaskResult[]): { outcomes: Record<string, number>; amountCents: number } {
  const outcomes: Record<string, number> = {};
  let amountCents = 0;
  for (const result of results) {
    const name = result.outcome === 'skipped' ? `skipped_${result.reason ?? 'unknown'}` : result.outcome;
    outcomes[name] = (outcomes[name] ?? 0) + 1;
    amountCents += result.amountCents ?? 0;
  }
  return { outcomes, amountCents };
}

/** Adds up how often each outcome. */
export function counted(
  known: Readonly<Record<string, number>> = {},
  more: readonly (readonly [string, number])[],
): Record<string, number> {
  const sum = { ...known };
  for (const [name, count] of more) sum[name] = (sum[name] ?? 0) + count;
  return sum;
}

/** What a result answers for. */
export const taskId = ({ clientId, billId = '' }: Pick<Task, 'clientId' | 'billId'>): string => `${clientId} ${billId}`;

/** The tasks that nothing has come of yet. */
export function left({ tasks, results }: Pick<RunPart, 'tasks' | 'results'>): Task[] {
  const done = new Set(results.map(taskId));
  return tasks.filter(task => !done.has(taskId(task)));
}

/** Until the sweep looks whether what was sent to a worker got there. */
export const leaseMinutes = 5;

export const newRun = (of: Pick<Run, 'runId' | 'job' | 'on' | 'trigger'>, now: Instant): Run => ({
  ...of,
  status: 'running',
  begunAt: now,
  startedAt: now,
  walked: false,
  parts: 0,
  firstPart: 1,
  dueAt: addMinutes(now, leaseMinutes),
});

/** The same run once more, by hand: what was done stays done, what is there to do by now is done as well. */
export function again(run: Run, now: Instant): Run {
  const { cursor: _, finishedAt: __, outcomes: ___, amountCents: ____, ...rest } = run;
  const { parts, begunAt } = run;
  return { ...rest, ...newRun({ ...rest, trigger: 'staff' }, now), begunAt, parts, firstPart: parts + 1 };
}

/** Of these a repeat tells anew: nothing was done. */
const undone: ReadonlySet<string> = new Set(['skipped', 'failed', 'not_charged', 'processing']);

/** What a part tells of its run: one of an earlier time only what was done in it. */
export const standing = ({ firstPart }: Pick<Run, 'firstPart'>, { part, results }: RunPart): readonly TaskResult[] =>
  part >= firstPart ? results : results.filter(({ outcome }) => !undone.has(outcome));
