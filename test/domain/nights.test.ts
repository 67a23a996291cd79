import { firstDateOf, isDayOfMonth, type Job, jobs, nextDateOf, startOfJob } from '../../shared/domain/automation/jobs';
import { addDays, addMinutes, type CalendarDate, calendarDate, instant, localDate } from '../../shared/domain/calendar';
import { type AutomationSettings, defaultAutomationSettings } from '../../shared/domain/practice';

const everything: AutomationSettings = {
  ...defaultAutomationSettings,
  autopay: true,
  superbillDay: 31,
  statementDay: 29,
  digest: { enabled: true, hour: 2 },
  overdueReminders: { enabled: true, daysAfterDue: [3] },
};

/** Where midnight or half past is skipped or repeated, where offsets are odd, and where the date line is near. */
const strange = [
  'America/New_York',
  'Asia/Kolkata',
  'Asia/Kathmandu',
  'America/Santiago',
  'America/Havana',
  'Africa/Cairo',
  'Asia/Beirut',
  'Australia/Lord_Howe',
  'America/Asuncion',
  'Africa/Casablanca',
  'Pacific/Kiritimati',
  'Pacific/Apia',
];
const zones = process.env.FULL ? Intl.supportedValuesOf('timeZone') : strange;
const years = 10;

/** Those that begin near midnight or in the hours that daylight saving skips or repeats. */
const nightly: readonly Job[] = ['bills', 'autopay', 'digest'];

test.each(zones)(
  'in %s every date of ten years has one run of each nightly job, in the order of dates (rules 39, 40)',
  timeZone => {
    let late = instant('2026-01-01T00:00:00Z');
    let on = calendarDate('2026-01-02');
    const wrong: string[] = [];
    for (let day = 0; day < 365 * years; day += 1) {
      for (const job of nightly) {
        const start = startOfJob(job, on, everything, timeZone);
        if (job === 'bills') {
          if (start <= late) wrong.push(`${on} begins before the night before`);
          late = start;
        }
        // A night that daylight saving begins with begins at its first instant.
        if (localDate(start, timeZone) !== on) wrong.push(`${job} of ${on} begins on another date`);
        if (nextDateOf(job, addDays(on, 1), everything) !== addDays(on, 1)) wrong.push(`no ${job} after ${on}`);
      }
      on = addDays(on, 1);
    }
    expect(wrong).toEqual([]);
  },
);

test('days 29 to 31 are the last day of a shorter month, so that no month is left out (rule 43)', () => {
  for (const day of [1, 28, 29, 30, 31]) {
    const months = new Map<string, number>();
    let on = calendarDate('2026-01-01');
    for (let n = 0; n < 365 * 2; n += 1) {
      if (isDayOfMonth(on, day)) months.set(on.slice(0, 7), (months.get(on.slice(0, 7)) ?? 0) + 1);
      on = addDays(on, 1);
    }
    expect([day, months.size, Math.max(...months.values())]).toEqual([day, 24, 1]);
  }
  expect(isDayOfMonth(calendarDate('2028-02-29'), 31)).toBe(true);
  expect(isDayOfMonth(calendarDate('2027-02-28'), 31)).toBe(true);
});

test('a job that is switched on begins at its next instant to come, never at one that is over', () => {
  const zone = 'America/Havana';
  for (const job of jobs) {
    for (let hour = 0; hour < 24 * 40; hour += 1) {
      const now = addMinutes(instant('2026-10-20T00:13:00Z'), hour * 60);
      const on = firstDateOf(job, now, everything, zone) as CalendarDate;
      expect(startOfJob(job, on, everything, zone) > now).toBe(true);
      const before = [1, 2, 3]
        .map(days => addDays(on, -days))
        .filter(date => nextDateOf(job, date, everything) === date);
      for (const date of before) expect(startOfJob(job, date, everything, zone) <= now).toBe(true);
    }
  }
});

test('a job that is switched off has no date', () => {
  const off: AutomationSettings = { ...defaultAutomationSettings, digest: { enabled: false, hour: 6 } };
  const today = calendarDate('2026-03-10');
  expect(jobs.filter(job => nextDateOf(job, today, off) === undefined)).toEqual([
    'autopay',
    'statements',
    'cards',
    'reminders',
    'preview',
    'digest',
  ]);
});
