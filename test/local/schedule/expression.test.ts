import { timingOf } from '../../../local/schedule/expression';
import { NotUnderstood } from '../../../local/template/assembly';

function times(expression: string, from: string, { zone = 'UTC', count = 3 } = {}): string[] {
  const timing = timingOf(expression, zone);
  const found: string[] = [];
  for (let at = timing.next(Date.parse(from)); at !== undefined && found.length < count; at = timing.next(at))
    found.push(new Date(at).toISOString().replace(':00.000Z', 'Z'));
  return found;
}

describe('a schedule fires', () => {
  test.each([
    ['rate(15 minutes)', '2026-03-01T10:07:00Z', ['2026-03-01T10:15Z', '2026-03-01T10:30Z', '2026-03-01T10:45Z']],
    ['rate(1 day)', '2026-03-01T10:07:00Z', ['2026-03-02T00:00Z', '2026-03-03T00:00Z', '2026-03-04T00:00Z']],
    [
      'cron(0/20 9-10 * * ? *)',
      '2026-03-01T09:30:00Z',
      ['2026-03-01T09:40Z', '2026-03-01T10:00Z', '2026-03-01T10:20Z'],
    ],
    [
      'cron(30 8 ? * MON-FRI *)',
      '2026-03-06T08:30:00Z',
      ['2026-03-09T08:30Z', '2026-03-10T08:30Z', '2026-03-11T08:30Z'],
    ],
    ['cron(0 0 L * ? *)', '2026-01-31T00:00:00Z', ['2026-02-28T00:00Z', '2026-03-31T00:00Z', '2026-04-30T00:00Z']],
    ['cron(0 6 ? * 2#1 *)', '2026-03-01T00:00:00Z', ['2026-03-02T06:00Z', '2026-04-06T06:00Z', '2026-05-04T06:00Z']],
    ['cron(0 6 ? * 6L *)', '2026-03-01T00:00:00Z', ['2026-03-27T06:00Z', '2026-04-24T06:00Z', '2026-05-29T06:00Z']],
    [
      'cron(0 0 1 JAN,JUL ? *)',
      '2026-03-01T00:00:00Z',
      ['2026-07-01T00:00Z', '2027-01-01T00:00Z', '2027-07-01T00:00Z'],
    ],
    ['cron(0 0 29 2 ? *)', '2026-03-01T00:00:00Z', ['2028-02-29T00:00Z', '2032-02-29T00:00Z', '2036-02-29T00:00Z']],
    ['cron(0 0 1 1 ? 2027)', '2026-03-01T00:00:00Z', ['2027-01-01T00:00Z']],
    ['at(2026-03-01T12:00:00)', '2026-03-01T10:00:00Z', ['2026-03-01T12:00Z']],
    ['at(2026-03-01T12:00:00)', '2026-03-01T12:00:00Z', []],
  ])('%s after %s', (expression, from, expected) => {
    expect(times(expression, from)).toEqual(expected);
  });

  test('at the hour of its zone, in winter and in summer', () => {
    const found = times('cron(0 2 * * ? *)', '2026-03-06T12:00:00Z', { zone: 'America/Chicago' });
    // On the 8th the clocks jump over two o'clock.
    expect(found).toEqual(['2026-03-07T08:00Z', '2026-03-09T07:00Z', '2026-03-10T07:00Z']);
  });

  test('once where the clocks give an hour twice', () => {
    const found = times('cron(30 1 * * ? *)', '2026-10-31T12:00:00Z', { zone: 'America/New_York', count: 2 });
    expect(found).toEqual(['2026-11-01T05:30Z', '2026-11-02T06:30Z']);
  });

  test('at an instant of its zone', () => {
    expect(times('at(2026-07-01T09:00:00)', '2026-01-01T00:00:00Z', { zone: 'Asia/Kolkata' })).toEqual([
      '2026-07-01T03:30Z',
    ]);
  });
});

test.each(['rate(5)', 'rate(0 minutes)', 'cron(0 0 * *)', 'cron(0 0 15W * ? *)', 'every day'])(
  '%s is refused',
  expression => {
    expect(() => timingOf(expression).next(0)).toThrow(NotUnderstood);
  },
);
