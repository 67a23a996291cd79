import { NotUnderstood } from '../template/assembly';
import { instantOfWall, wallTime } from './zone';

/** When a schedule is due: the first instant after another one, or never again. */
export interface Timing {
  readonly kind: 'rate' | 'cron' | 'at';
  /** Milliseconds between two times of a rate. */
  readonly every?: number;
  next(after: number): number | undefined;
}

const units: Readonly<Record<string, number>> = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };
const dayMs = 86_400_000;

/** `rate(…)`, `cron(…)` and `at(…)` of EventBridge Scheduler, in a time zone. */
export function timingOf(expression: string, timeZone = 'UTC'): Timing {
  const [, kind, inside = ''] = /^(rate|cron|at)\((.+)\)$/.exec(expression.trim()) ?? [];
  if (kind === 'rate') return rate(inside);
  if (kind === 'cron') return { kind, next: after => nextCron(parseCron(inside), after, timeZone) };
  if (kind === 'at') {
    const at = instantOfWall(Date.parse(`${inside}Z`), timeZone);
    return { kind, next: after => (at !== undefined && at > after ? at : undefined) };
  }
  throw new NotUnderstood(`the schedule expression ${expression}`);
}

/** Counted from the epoch, not from the deployment: the same on every machine and after every restart. */
function rate(inside: string): Timing {
  const [, count = '', unit = ''] = /^(\d+) (minute|hour|day)s?$/.exec(inside) ?? [];
  const every = Number(count) * (units[unit] ?? 0);
  if (!(every > 0)) throw new NotUnderstood(`the schedule expression rate(${inside})`);
  return { kind: 'rate', every, next: after => Math.floor(after / every) * every + every };
}

interface Cron {
  readonly minutes: readonly number[];
  readonly hours: readonly number[];
  readonly months: ReadonlySet<number>;
  readonly years: ReadonlySet<number> | undefined;
  dayFits(date: Date): boolean;
}

const monthNames = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
const dayNames = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];

const named = (text: string, names: readonly string[]) =>
  text.toUpperCase().replace(/[A-Z]{3}/g, name => (names.includes(name) ? String(names.indexOf(name) + 1) : name));

function values(field: string, low: number, high: number): number[] {
  const found = new Set<number>();
  for (const part of field.split(',')) {
    const [, range = '', step = '1'] = /^([^/]+)(?:\/(\d+))?$/.exec(part) ?? [];
    const [, from, to] = /^(\d+)(?:-(\d+))?$/.exec(range) ?? [];
    if (from === undefined && range !== '*' && range !== '?') throw new NotUnderstood(`the cron field ${field}`);
    const first = from === undefined ? low : Number(from);
    const last = to !== undefined ? Number(to) : from === undefined || part.includes('/') ? high : first;
    for (let value = first; value <= last; value += Number(step)) found.add(value);
  }
  return [...found].sort((a, b) => a - b);
}

const lastDayOf = (date: Date) => new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate();

function dayOfMonthFits(field: string): (date: Date) => boolean {
  if (field === '*' || field === '?') return () => true;
  if (field === 'L') return date => date.getUTCDate() === lastDayOf(date);
  const days = new Set(values(field, 1, 31));
  return date => days.has(date.getUTCDate());
}

function dayOfWeekFits(field: string): (date: Date) => boolean {
  if (field === '*' || field === '?') return () => true;
  const text = named(field, dayNames);
  const [, nthDay, nth] = /^([1-7])#([1-5])$/.exec(text) ?? [];
  if (nthDay !== undefined)
    return date => date.getUTCDay() + 1 === Number(nthDay) && Math.ceil(date.getUTCDate() / 7) === Number(nth);
  const [, last] = /^([1-7])L$/.exec(text) ?? [];
  if (last !== undefined)
    return date => date.getUTCDay() + 1 === Number(last) && date.getUTCDate() > lastDayOf(date) - 7;
  const days = new Set(values(text, 1, 7));
  return date => days.has(date.getUTCDay() + 1);
}

function parseCron(inside: string): Cron {
  const [minutes, hours, dayOfMonth, months, dayOfWeek, years, ...more] = inside.trim().split(/\s+/);
  if (minutes === undefined || hours === undefined || dayOfMonth === undefined || months === undefined)
    throw new NotUnderstood(`the schedule expression cron(${inside})`);
  if (dayOfWeek === undefined || years === undefined || more.length > 0)
    throw new NotUnderstood(`the schedule expression cron(${inside})`);
  const monthFits = dayOfMonthFits(dayOfMonth);
  const weekFits = dayOfWeekFits(dayOfWeek);
  return {
    minutes: values(minutes, 0, 59),
    hours: values(hours, 0, 23),
    months: new Set(values(named(months, monthNames), 1, 12)),
    years: years === '*' ? undefined : new Set(values(years, 1970, 2199)),
    dayFits: date => monthFits(date) && weekFits(date),
  };
}

/** Looks day by day on the wall there; a time that the clocks jump over is left out, one that comes twice is taken once. */
function nextCron(cron: Cron, after: number, timeZone: string): number | undefined {
  const firstDay = Math.floor(wallTime(after, timeZone) / dayMs) * dayMs;
  for (let day = firstDay; day < firstDay + 5 * 366 * dayMs; day += dayMs) {
    const date = new Date(day);
    if (cron.years !== undefined && !cron.years.has(date.getUTCFullYear())) continue;
    if (!cron.months.has(date.getUTCMonth() + 1) || !cron.dayFits(date)) continue;
    for (const hour of cron.hours)
      for (const minute of cron.minutes) {
        const wall = day + hour * 3_600_000 + minute * 60_000;
        // A day's shift of the wall's clock is at most a few hours: what is clearly past needs no zone arithmetic.
        if (wall < wallTime(after, timeZone) - 3 * 3_600_000) continue;
        const instant = instantOfWall(wall, timeZone);
        if (instant !== undefined && instant > after) return instant;
      }
  }
  return undefined;
}
