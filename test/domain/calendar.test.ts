import {
  addDays,
  addMinutes,
  calendarDate,
  instant,
  instantOfLocal,
  isCalendarDate,
  isOver,
  isTimeZone,
  localDate,
  localTime,
} from '../../shared/domain/calendar';

const at = (date: string, time: string, zone: string): string => instantOfLocal(calendarDate(date), time, zone);

test.each(['2026-02-30', '2026-13-01', '2026-1-1', '26-01-01', '', '2026-01-01T00:00:00Z'])('%s is no date', text => {
  expect(isCalendarDate(text)).toBe(false);
  expect(() => calendarDate(text)).toThrow();
});

test('days are added over the ends of months, years and February', () => {
  expect(addDays(calendarDate('2026-12-31'), 1)).toBe('2027-01-01');
  expect(addDays(calendarDate('2028-02-28'), 1)).toBe('2028-02-29');
  expect(addDays(calendarDate('2026-03-01'), -1)).toBe('2026-02-28');
});

test('the local date is the practice’s, not UTC’s (domain rules 41, 42)', () => {
  expect(localDate(instant('2026-03-02T03:30:00Z'), 'America/New_York')).toBe('2026-03-01');
  expect(localDate(instant('2026-03-02T11:30:00Z'), 'Pacific/Auckland')).toBe('2026-03-03');
});

test('a date is over when the local date is a later one, in the zones farthest from UTC as well', () => {
  const date = calendarDate('2026-03-02');
  const zones = ['Pacific/Kiritimati', 'Pacific/Auckland', 'UTC', 'America/New_York', 'Etc/GMT+12'];
  for (const zone of zones) {
    for (let minutes = -36 * 60; minutes <= 60 * 60; minutes += 15) {
      const now = addMinutes(instant('2026-03-02T00:00:00Z'), minutes);
      expect([zone, now, isOver(date, now, zone)]).toEqual([zone, now, localDate(now, zone) > date]);
    }
  }
});

test.each([
  ['a plain winter time', '2026-01-15', '00:30', 'America/New_York', '2026-01-15T05:30:00.000Z'],
  ['Santiago: midnight does not exist', '2026-09-06', '00:00', 'America/Santiago', '2026-09-06T04:00:00.000Z'],
  ['Santiago: nor does half past', '2026-09-06', '00:30', 'America/Santiago', '2026-09-06T04:00:00.000Z'],
  ['Havana: midnight does not exist', '2026-03-08', '00:00', 'America/Havana', '2026-03-08T05:00:00.000Z'],
  ['Havana: a repeated midnight is the first', '2026-11-01', '00:00', 'America/Havana', '2026-11-01T04:00:00.000Z'],
  ['Havana: a repeated half past is the first', '2026-11-01', '00:30', 'America/Havana', '2026-11-01T04:30:00.000Z'],
  ['Cairo: midnight does not exist', '2026-04-24', '00:00', 'Africa/Cairo', '2026-04-23T22:00:00.000Z'],
  ['Beirut: midnight does not exist', '2026-03-29', '00:00', 'Asia/Beirut', '2026-03-28T22:00:00.000Z'],
  ['Lord Howe: a gap of half an hour', '2026-10-04', '02:15', 'Australia/Lord_Howe', '2026-10-03T15:30:00.000Z'],
  ['Lord Howe: a repeat of half an hour', '2026-04-05', '01:45', 'Australia/Lord_Howe', '2026-04-04T14:45:00.000Z'],
  ['New York: a gap at two', '2026-03-08', '02:30', 'America/New_York', '2026-03-08T07:00:00.000Z'],
  [
    'New York: a repeated half past one is the first',
    '2026-11-01',
    '01:30',
    'America/New_York',
    '2026-11-01T05:30:00.000Z',
  ],
  ['Kathmandu: three quarters', '2026-05-01', '00:00', 'Asia/Kathmandu', '2026-04-30T18:15:00.000Z'],
  ['Kiritimati: fourteen hours ahead', '2026-05-01', '00:00', 'Pacific/Kiritimati', '2026-04-30T10:00:00.000Z'],
])('an instant of a local time: %s', (_, date, time, zone, expected) => {
  expect(at(date, time, zone)).toBe(expected);
});

const switching = ['America/Santiago', 'America/Havana', 'Africa/Cairo', 'Asia/Beirut', 'Australia/Lord_Howe'];
test.each(switching)(
  'in %s every date of three years has one midnight, after the one before (domain rule 40)',
  zone => {
    let date = calendarDate('2026-01-01');
    let before = instant('2000-01-01T00:00:00Z');
    for (let day = 0; day < 1096; day += 1) {
      const midnight = instantOfLocal(date, '00:00', zone);
      expect(midnight > before).toBe(true);
      expect(localDate(midnight, zone)).toBe(date);
      expect(localDate(addMinutes(midnight, -1), zone)).toBe(addDays(date, -1));
      before = midnight;
      date = addDays(date, 1);
    }
  },
);

test('a local time that exists is found again', () => {
  for (const zone of switching) {
    for (let hour = 0; hour < 24 * 400; hour += 7) {
      const now = addMinutes(instant('2026-01-01T00:00:00Z'), hour * 60);
      const { date, time } = localTime(now, zone);
      const found = instantOfLocal(date, time, zone);
      expect(found <= now).toBe(true);
      expect(localTime(found, zone)).toEqual({ date, time });
    }
  }
});

test('a zone the runtime does not know is none', () => {
  expect(['Europe/Berlin', 'Mars/Olympus', ''].map(isTimeZone)).toEqual([true, false, false]);
});
