import { addDays, type CalendarDate, type Instant, instantOfLocal, localDate } from '../calendar';
import type { AutomationSettings } from '../practice';

/** What a practice's automation does by itself, in the order of its day. */
export const jobs = [
  'bills',
  'autopay',
  'superbills',
  'statements',
  'cards',
  'reminders',
  'preview',
  'digest',
] as const;
export type Job = (typeof jobs)[number];

interface JobPlan {
  /** Local time at which it begins (`domain.md` rule 39); daylight saving never skips or repeats it (rule 40). */
  readonly at: (settings: AutomationSettings) => string;
  /** Whether this date is one of its days. */
  readonly isDue: (settings: AutomationSettings, on: CalendarDate) => boolean;
  /** The job of the same date that must be finished before: money before mail, bills before money. */
  readonly after?: Job;
}

const at = (time: string) => () => time;

export const jobPlans: Readonly<Record<Job, JobPlan>> = {
  // Every night, since a client may be billed daily where the practice is not.
  bills: { at: at('00:00'), isDue: () => true },
  autopay: { at: at('00:30'), isDue: ({ autopay }) => autopay, after: 'bills' },
  superbills: { at: at('01:00'), isDue: ({ superbillDay }, on) => isDayOfMonth(on, superbillDay), after: 'autopay' },
  statements: { at: at('01:30'), isDue: ({ statementDay }, on) => isDayOfMonth(on, statementDay), after: 'autopay' },
  // Weekly from the first on, for cards that were saved since.
  cards: { at: at('09:00'), isDue: ({ autopay }, on) => autopay && Number(on.slice(8)) % 7 === 1 },
  reminders: { at: at('09:30'), isDue: ({ overdueReminders }) => overdueReminders.enabled, after: 'autopay' },
  preview: { at: at('18:00'), isDue: ({ autopay }) => autopay },
  digest: { at: ({ digest }) => `${String(digest.hour).padStart(2, '0')}:00`, isDue: ({ digest }) => digest.enabled },
};

/** Days 29 to 31 mean the last day of a shorter month (rule 43). */
export const isDayOfMonth = (on: CalendarDate, day: number | null): boolean =>
  day !== null && on === `${on.slice(0, 8)}${String(Math.min(day, lastDayOf(on))).padStart(2, '0')}`;

function lastDayOf(on: CalendarDate): number {
  const [year, month] = on.split('-').map(Number);
  return new Date(Date.UTC(year ?? 0, month ?? 0, 0)).getUTCDate();
}

export const startOfJob = (job: Job, on: CalendarDate, settings: AutomationSettings, timeZone: string): Instant =>
  instantOfLocal(on, jobPlans[job].at(settings), timeZone);

/** The date that a job stands for now: today once its time has come, until then yesterday. */
export function latestDateOf(job: Job, now: Instant, settings: AutomationSettings, timeZone: string): CalendarDate {
  const today = localDate(now, timeZone);
  return startOfJob(job, today, settings, timeZone) <= now ? today : addDays(today, -1);
}

/** No job pauses longer than from one month's day to the next. */
const mostDaysBetween = 62;

/** The first date from this one on that is one of the job's days; none for a job that is switched off. */
export function nextDateOf(job: Job, from: CalendarDate, settings: AutomationSettings): CalendarDate | undefined {
  for (let days = 0; days <= mostDaysBetween; days += 1) {
    const on = addDays(from, days);
    if (jobPlans[job].isDue(settings, on)) return on;
  }
  return undefined;
}

/** The first of the job's days whose instant is still to come: where a job that was switched on begins. */
export function firstDateOf(
  job: Job,
  now: Instant,
  settings: AutomationSettings,
  timeZone: string,
): CalendarDate | undefined {
  const today = localDate(now, timeZone);
  const on = nextDateOf(job, today, settings);
  if (on === undefined || startOfJob(job, on, settings, timeZone) > now) return on;
  return nextDateOf(job, addDays(on, 1), settings);
}
