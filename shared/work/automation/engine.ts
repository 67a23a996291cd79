import type { QueueName } from '../../config';
import type { Job } from '../../domain/automation/jobs';
import type { Task, TaskResult } from '../../domain/automation/run';
import type { CalendarDate, Instant } from '../../domain/calendar';
import { logger } from '../../logger';
import type { Needs } from '../../needs';
import { type Key, LostRace, transact, type Write } from '../../store/kernel';
import type { WorkQueues } from '../queues';

/** A page of what a job finds to do. */
export interface TaskPage {
  readonly tasks: readonly Task[];
  /** How many were passed over without a look at their own record, by reason. */
  readonly passed: Readonly<Record<string, number>>;
  readonly nextCursor: string | null;
}

/** Where a job finds what it may have to do. */
export interface JobList {
  /** How many tasks one worker gets. */
  readonly tasksOfPart: number;
  page(practiceId: string, on: CalendarDate, cursor: string | undefined): Promise<TaskPage>;
}

/** Does one portion by its `each`: a task that fails holds nobody up. */
export type Perform = (part: PartAtWork) => Promise<void>;

export interface PartAtWork {
  readonly practiceId: string;
  readonly on: CalendarDate;
  /** When the run began. */
  readonly startedAt: Instant;
  readonly madeUntil?: Instant | undefined;
  readonly tasks: readonly Task[];
  /** Does the task unless time is up, and keeps what came of it, or that it failed. */
  readonly each: (task: Task, perform: () => Promise<readonly TaskResult[]>) => Promise<void>;
}

export interface EngineNeeds extends Needs {
  readonly queues: WorkQueues;
  readonly lists: Readonly<Record<Job, JobList>>;
  /** Those that this worker does. */
  readonly performs: { readonly [J in Job]?: Perform };
}

/** A worker has a minute; what it has not begun by then waits for the next message. */
export const patienceMilliseconds = 25_000;

/** False when another worker was quicker: what it wrote holds. */
export async function unlessLost(writes: readonly Write[]): Promise<boolean> {
  try {
    await transact(writes);
    return true;
  } catch (error) {
    if (error instanceof LostRace) return false;
    throw error;
  }
}

/** Tells workers of what is due, at once: the sweep would find it as well, some minutes later. */
export async function tell(
  keys: readonly Key[],
  queue: QueueName,
  { queues }: Pick<EngineNeeds, 'queues'>,
): Promise<void> {
  if (keys.length === 0) return;
  const messages = keys.map(({ pk, sk }) => ({ pk, sk }));
  await queues.send(queue, messages).catch((error: unknown) => {
    logger.warn('a queue takes nothing; the sweep will find the work', { queue, error: error as Error });
  });
}

export const portions = <T>(list: readonly T[], size: number): T[][] =>
  Array.from({ length: Math.ceil(list.length / size) }, (_, n) => list.slice(n * size, (n + 1) * size));
