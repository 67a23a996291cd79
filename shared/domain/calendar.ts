import { invariant } from './invariant';

/** A calendar date `YYYY-MM-DD` in the practice's zone. Compares as text. */
export type CalendarDate = string & { readonly __unit: 'date' };
/** An instant, RFC 3339 in UTC with milliseconds. Compares as text. */
export type Instant = string & { readonly __unit: 'instant' };

export const instant = (at: Date | number | string): Instant => new Date(at).toISOString() as Instant;

export function calendarDate(text: string): CalendarDate {
  invariant(isCalendarDate(text), `${text} is not a calendar date`);
  return text as CalendarDate;
}

/** True for an existing day in the form `YYYY-MM-DD` (2026-02-30 is none). */
export function isCalendarDate(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const parsed = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(parsed.getTime()) && parsed.toISOString().startsWith(text);
}

const formats = new Map<string, Intl.DateTimeFormat>();
function formatOf(timeZone: string): Intl.DateTimeFormat {
  let format = formats.get(timeZone);
  if (!format) {
    format = new Intl.DateTimeFormat('en-CA', {
      timeZone,
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
    });
    formats.set(timeZone, format);
  }
  return format;
}

interface LocalTime {
  date: CalendarDate;
  /** `HH:MM:SS` */
  time: string;
}

export function localTime(at: Instant | Date, timeZone: string): LocalTime {
  // `2026-03-10, 15:00:00`: read off the text, which costs a third of asking for its parts.
  const text = formatOf(timeZone).format(typeof at === 'string' ? Date.parse(at) : at);
  return { date: text.slice(0, 10) as CalendarDate, time: text.slice(-8) };
}

/** The practice-local date of an instant: what "today", "posted" and "overdue" mean (`domain.md` rule 42). */
export const localDate = (at: Instant | Date, timeZone: string): CalendarDate => localTime(at, timeZone).date;

const hourMilliseconds = 3_600_000;

/**
 * Whether a date is over in this zone. No zone is more than 14 hours ahead of UTC or 12 behind it, so the zone's own rules
 * are asked only near the date's end: reading them costs a cold process some ten milliseconds, for nothing as a rule.
 */
export function isOver(date: CalendarDate, at: Instant, timeZone: string): boolean {
  const sinceEnd = Date.parse(at) - (Date.parse(`${date}T00:00:00Z`) + 24 * hourMilliseconds);
  if (sinceEnd < -14 * hourMilliseconds) return false;
  return sinceEnd >= 12 * hourMilliseconds || localDate(at, timeZone) > date;
}

export function addDays(date: CalendarDate, days: number): CalendarDate {
  const moved = new Date(`${date}T00:00:00Z`);
  moved.setUTCDate(moved.getUTCDate() + days);
  return moved.toISOString().slice(0, 10) as CalendarDate;
}

export const addMinutes = (at: Instant, minutes: number): Instant => instant(new Date(at).getTime() + minutes * 60_000);
export const addSeconds = (at: Instant, seconds: number): Instant => instant(new Date(at).getTime() + seconds * 1000);

/**
 * The instant of a local wall-clock time. In a gap of daylight saving time it is the first instant after the gap, in a
 * repeated hour the first of the two, so that every local date has exactly one midnight (`domain.md` rule 40).
 */
export function instantOfLocal(date: CalendarDate, time: string, timeZone: string): Instant {
  const wanted = `${date}T${time.length === 5 ? `${time}:00` : time}`;
  const asUtc = Date.parse(`${wanted}Z`);
  const shown = (at: number): string => {
    const local = localTime(new Date(at), timeZone);
    return `${local.date}T${local.time}`;
  };
  const offsetAt = (hours: number): number => {
    const at = asUtc + hours * hourMilliseconds;
    return Date.parse(`${shown(at)}Z`) - at;
  };
  const [before, after] = [offsetAt(-24), offsetAt(24)];
  // Far from a change of the clocks there is nothing to choose.
  if (before === after && shown(asUtc - before) === wanted) return instant(asUtc - before);
  const offsets = new Set([before, offsetAt(-3), offsetAt(0), offsetAt(3), after]);
  const candidates = [...offsets].map(offset => asUtc - offset).sort((a, b) => a - b);
  const exact = candidates.find(at => shown(at) === wanted);
  if (exact !== undefined) return instant(exact);
  let low = candidates[0] ?? asUtc;
  let high = candidates.at(-1) ?? asUtc;
  // Inside a gap: the earliest instant whose local time is not before the wanted one, found by bisection to the second.
  if (shown(low) >= wanted) low -= 3 * 3_600_000;
  while (high - low > 1000) {
    const middle = Math.floor((low + high) / 2000) * 1000;
    if (middle <= low) break;
    if (shown(middle) >= wanted) high = middle;
    else low = middle;
  }
  return instant(Math.ceil(high / 1000) * 1000);
}

/** True when the runtime knows this IANA zone; a bare offset, which newer ones take as well, has no summer time. */
export function isTimeZone(timeZone: string): boolean {
  if (!/^[A-Za-z]/.test(timeZone)) return false;
  try {
    formatOf(timeZone);
    return true;
  } catch {
    return false;
  }
}
