import { keptValue } from '../../../local/cloud/keptValue';
import { timingOf } from '../../../local/schedule/expression';
import { MovedClock } from '../../../local/schedule/movedClock';
import type { Schedule } from '../../../local/schedule/schedules';
import { Timekeeper } from '../../../local/schedule/timekeeper';

const start = Date.parse('2026-03-01T10:00:30Z');
const schedule = (name: string, expression: string): Schedule => ({
  name,
  timing: timingOf(expression),
  functionArn: name,
  event: at => ({ at }),
});

function machine(schedules: readonly Schedule[], dueAt: readonly string[] = []) {
  const clock = new MovedClock(keptValue<number>(undefined, 'clock'));
  clock.set(start);
  const seen: string[] = [];
  const note = (what: string) => seen.push(`${what} ${new Date(clock.now()).toISOString().slice(11, 16)}`);
  const due = dueAt.map(at => Date.parse(at));
  const keeper = new Timekeeper({
    clock,
    schedules,
    firedUpTo: keptValue<number>(undefined, 'firedUpTo'),
    invoke: async name => note(name),
    settle: async () => {
      while ((due[0] ?? Number.POSITIVE_INFINITY) <= clock.now()) {
        due.shift();
        note('message');
      }
    },
    nextDue: () => due[0],
  });
  return { clock, keeper, seen };
}

describe('a jump of the clock', () => {
  test('fires each schedule in order, at its own instant', async () => {
    const { keeper, seen, clock } = machine([
      schedule('sweep', 'rate(5 minutes)'),
      schedule('night', 'cron(7 10 * * ? *)'),
    ]);
    const { fired, now } = await keeper.advance(start + 12 * 60_000);
    keeper.close();
    expect(seen).toEqual(['sweep 10:05', 'night 10:07', 'sweep 10:10']);
    expect(fired.map(({ schedule: name, at }) => `${name} ${at}`)).toEqual([
      'sweep 2026-03-01T10:05:00.000Z',
      'night 2026-03-01T10:07:00.000Z',
      'sweep 2026-03-01T10:10:00.000Z',
    ]);
    expect(Date.parse(now)).toBeGreaterThanOrEqual(start + 12 * 60_000);
    expect(clock.now() - Date.parse(now)).toBeLessThan(1000);
  });

  test('stops where a hidden message shows itself', async () => {
    const { keeper, seen } = machine(
      [schedule('sweep', 'rate(5 minutes)')],
      ['2026-03-01T10:03:00Z', '2026-03-01T10:06:00Z'],
    );
    await keeper.advance(start + 8 * 60_000);
    keeper.close();
    expect(seen).toEqual(['message 10:03', 'sweep 10:05', 'message 10:06']);
  });

  test('of more than a day fires rates each quarter of an hour and sums up', async () => {
    const { keeper } = machine([schedule('sweep', 'rate(1 minute)'), schedule('night', 'cron(0 3 * * ? *)')]);
    const { fired } = await keeper.advance(start + 48 * 3_600_000);
    keeper.close();
    expect(fired).toEqual([
      { schedule: 'sweep', at: '2026-03-03T10:00:00.000Z', count: 192 },
      { schedule: 'night', at: '2026-03-03T03:00:00.000Z', count: 2 },
    ]);
  });

  test('waits for the one before', async () => {
    const { keeper, seen } = machine([schedule('sweep', 'rate(5 minutes)')]);
    await Promise.all([keeper.advance(start + 5 * 60_000), keeper.advance(start + 10 * 60_000)]);
    keeper.close();
    expect(seen).toEqual(['sweep 10:05', 'sweep 10:10']);
  });

  test('backwards changes nothing', async () => {
    const { keeper, seen, clock } = machine([schedule('sweep', 'rate(5 minutes)')]);
    await keeper.advance(start - 3_600_000);
    keeper.close();
    expect(seen).toEqual([]);
    expect(clock.now()).toBeGreaterThanOrEqual(start);
  });

  test('goes on though a function fails', async () => {
    const failing = machine([]);
    failing.keeper.close();
    const keeper = new Timekeeper({
      clock: failing.clock,
      schedules: [schedule('sweep', 'rate(5 minutes)')],
      firedUpTo: keptValue<number>(undefined, 'firedUpTo'),
      invoke: () => Promise.reject(new Error('no')),
      settle: async () => undefined,
      nextDue: () => undefined,
    });
    const { fired } = await keeper.advance(start + 10 * 60_000);
    keeper.close();
    expect(fired).toHaveLength(2);
  });
});

test('schedules also fire as real time goes by, once for a pause', async () => {
  const { keeper, clock, seen } = machine([schedule('sweep', 'rate(1 minute)')]);
  clock.moveTo(start + 10 * 60_000);
  await new Promise(resolve => setTimeout(resolve, 700));
  keeper.close();
  expect(seen).toEqual(['sweep 10:10']);
});
