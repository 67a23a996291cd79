import { type Clock, clock } from '../clock';
import { config, type QueueName } from '../config';
import { addMinutes, type Instant } from '../domain/calendar';
import { logger } from '../logger';
import { type Item, moveDue, queryPage } from '../store/kernel';
import { type DueItem, dueItemOf, duePartition, dueSort, dueUpTo } from '../store/table';
import { type WorkQueues, workQueues } from './queues';

/** An own queue for each outside limit: mail is limited by the mail service, charges by Stripe, the rest by nobody. */
export const queueOf: Readonly<Record<DueItem['kind'], QueueName>> = {
  SHARE: 'mail',
  NOTICE: 'mail',
  ATTEMPT: 'stripe',
  CHECKOUT: 'stripe',
  IMPORT: 'work',
  RECONCILIATION: 'reconciliation',
  NIGHT: 'work',
  RUN: 'work',
  PART: 'work',
  CHARGES: 'charges',
  SIGN_IN: 'mail',
};

/** What a worker is sent: where the item is. It reads the rest anew, so a message that comes late or twice is harmless. */
export interface DueMessage {
  readonly pk: string;
  readonly sk: string;
}

export interface SweepNeeds {
  readonly clock: Clock;
  readonly queues: WorkQueues;
  readonly shards: () => number;
}
const real: SweepNeeds = { clock, queues: workQueues, shards: config.dueShards };

const pageSize = 100;
/** Longer than a worker takes; work whose message is lost comes back after it. */
const leaseMinutes = 5;
/** The sweep ends before its function does; what is left is for the next minute. */
const patienceMilliseconds = 40_000;

/**
 * Finds what is due, leases it, and hands it to the queue of its outside limit. Only who wins the lease sends, so two
 * sweeps at once send nothing twice; a sweep that dies in between loses nothing, since a lease ends by itself.
 */
export async function sweepDueWork({ clock: time, queues, shards } = real): Promise<{ leased: number; sent: number }> {
  const now = time.now();
  const started = performance.now();
  const count = { leased: 0, sent: 0 };
  for (let shard = 0; shard < shards(); shard += 1) {
    let cursor: string | undefined;
    do {
      const page = await queryPage({
        index: 'pointers',
        partition: duePartition(shard),
        to: dueUpTo(now),
        limit: pageSize,
        cursor,
      });
      const leased = await leaseAll(page.items, now);
      count.leased += leased.length;
      count.sent += await sendAll(leased, queues);
      cursor = page.nextCursor ?? undefined;
    } while (cursor && performance.now() - started < patienceMilliseconds);
  }
  if (count.leased > 0) logger.info('swept', count);
  return count;
}

async function leaseAll(items: readonly Item[], now: Instant): Promise<DueItem[]> {
  const leased = await Promise.all(items.map(item => lease(item, now)));
  return leased.flatMap(item => item ?? []);
}

async function lease({ pk, sk, dsk }: Item, now: Instant): Promise<DueItem | undefined> {
  const from = String(dsk);
  const id = from.slice(from.indexOf('#') + 1);
  const won = await moveDue({ pk, sk }, from, dueSort(addMinutes(now, leaseMinutes), id));
  if (!won) return undefined;
  const item = dueItemOf({ pk, sk });
  // Nobody does such work: it stays due, and the log's alarm says so.
  if (!item) logger.error('due work of an unknown kind', { family: sk.split('#')[0] });
  return item;
}

async function sendAll(items: readonly DueItem[], queues: WorkQueues): Promise<number> {
  let sent = 0;
  for (const queue of new Set(items.map(({ kind }) => queueOf[kind]))) {
    const messages: DueMessage[] = items
      .filter(({ kind }) => queueOf[kind] === queue)
      .map(({ pk, sk }) => ({ pk, sk }));
    sent += (await queues.send(queue, messages)).sent;
  }
  return sent;
}
