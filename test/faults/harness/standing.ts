import { createHash } from 'node:crypto';
import type { System } from './system';
import { time } from './time';

/** What Stripe keeps and never looks at again, and its running numbers. */
const forgotten = ['event', 'counter'];

interface Standing {
  readonly whoAsks?: unknown;
  /** Items of the table that are left out, by their entity. */
  readonly but?: string;
}

/**
 * Where everything stands between two invocations: all that the table, Stripe, queues and mail hold, and whoever asks, in a
 * form that is the same for states that differ only in the ids they drew, and by seconds in their times. From the same state
 * the same follows, so two schedules that come to it end alike.
 */
export function standing(system: System, { whoAsks, but }: Standing = {}): string {
  const { books } = system.stripe.world;
  const untold = books
    .all('all', 'delivery')
    .map(({ eventAccount, eventId }) => books.find(eventAccount, 'event', eventId)?.type);
  const atStripe = [...books.everything()].filter(([, table]) => !forgotten.includes(table));
  const { queues, mail, events } = system;
  const state = [
    system.rows().filter(({ e }) => but === undefined || e?.S !== but),
    [atStripe, untold, events],
    [queues.waiting, queues.dead, mail.taken],
    whoAsks,
  ];
  return createHash('sha1')
    .update(named(JSON.stringify(state)))
    .digest('base64');
}

const instant = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{3})?Z|\b1[67]\d{8}(?:\d{3})?\b/g;
const id = /\b[a-z]+(?:_[a-z]+)*_(?=[a-z]*[0-9A-Z])[0-9A-Za-z]{10,}(?:_secret_[0-9A-Za-z]+)?/g;
const digest = /\b[0-9a-f]{64}\b/g;
const message = /"message-\d+"/g;

/** Ids by the order in which they are met, instants by the minutes from now. */
function named(text: string): string {
  const now = time.now();
  const names = new Map<string, string>();
  const nameOf = (known: string): string => {
    const name = names.get(known) ?? `${known.slice(0, known.lastIndexOf('_'))}_${names.size}`;
    names.set(known, name);
    return name;
  };
  const minutesFrom = (told: string): string => {
    const at = told.includes('-') ? Date.parse(told) : told.length === 10 ? Number(told) * 1000 : Number(told);
    return `t${Math.round((at - now) / 60_000)}`;
  };
  return text
    .replaceAll(id, nameOf)
    .replaceAll(instant, minutesFrom)
    .replaceAll(digest, '#')
    .replaceAll(message, '"message"');
}
