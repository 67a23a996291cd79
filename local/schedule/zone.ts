const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone);
  if (known !== undefined) return known;
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  formats.set(timeZone, format);
  return format;
}

/** What a clock on the wall there shows, written as if it were UTC. */
export function wallTime(instant: number, timeZone: string): number {
  if (timeZone === 'UTC') return instant;
  const parts = Object.fromEntries(
    formatOf(timeZone)
      .formatToParts(instant)
      .map(({ type, value }) => [type, Number(value)]),
  );
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
  return Date.UTC(year, month - 1, day, hour, minute, second);
}

/** The first instant at which the wall shows this time; nothing where the clocks jump over it. */
export function instantOfWall(wall: number, timeZone: string): number | undefined {
  const offsets = [wall - 86_400_000, wall + 86_400_000].map(near => wallTime(near, timeZone) - near);
  const candidates = [...new Set(offsets)].map(offset => wall - offset);
  return candidates.filter(candidate => wallTime(candidate, timeZone) === wall).sort((a, b) => a - b)[0];
}
