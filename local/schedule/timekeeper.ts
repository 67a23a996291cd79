import type { KeptValue } from '../cloud/keptValue';
import type { MovedClock } from './movedClock';
import type { Schedule } from './schedules';

export interface Fired {
  readonly schedule: string;
  readonly at: string;
  /** How often, where the answer sums up. */
  readonly count?: number;
}

export interface TimekeeperOptions {
  readonly clock: MovedClock;
  readonly schedules: readonly Schedule[];
  /** Up to when every schedule has fired. */
  readonly firedUpTo: KeptValue<number>;
  invoke(functionArn: string, event: unknown): Promise<unknown>;
  /** Resolves when queues, webhooks and running functions are done. */
  settle(): Promise<void>;
  /** The next instant at which something else comes due by the clock: a hidden message, a webhook's next try. */
  nextDue(): number | undefined;
}

const dayMs = 86_400_000;
const quarterHourMs = 15 * 60_000;
const LOOK_EVERY_MS = 200;

interface Due {
  readonly schedule: Schedule;
  readonly at: number;
}

/** Fires schedules as time passes, by itself or in a jump. One jump at a time. */
export class Timekeeper {
  #jumping: Promise<unknown> = Promise.resolve();
  #jumps = 0;
  #firedUpTo: number;
  readonly #looking: NodeJS.Timeout;

  constructor(private readonly options: TimekeeperOptions) {
    this.#firedUpTo = options.firedUpTo.read() ?? options.clock.now();
    options.firedUpTo.write(this.#firedUpTo);
    this.#looking = setInterval(() => this.#look(), LOOK_EVERY_MS).unref();
  }

  close(): void {
    clearInterval(this.#looking);
  }

  /** Forward to an instant; every schedule due on the way fires in order at its own instant, and what follows is done. */
  advance(to: number): Promise<{ now: string; fired: Fired[] }> {
    this.#jumps += 1;
    const jump = this.#jumping
      .then(() => this.#jump(to))
      .finally(() => {
        this.#jumps -= 1;
      });
    this.#jumping = jump.catch(() => undefined);
    return jump;
  }

  async #jump(to: number): Promise<{ now: string; fired: Fired[] }> {
    const { clock, settle, nextDue } = this.options;
    const isLong = to - clock.now() > dayMs;
    const fired: Due[] = [];
    await settle();
    for (;;) {
      const due = this.#earliest(to, isLong);
      const at = due[0]?.at ?? Number.POSITIVE_INFINITY;
      const other = nextDue() ?? Number.POSITIVE_INFINITY;
      const stop = Math.min(at, other > clock.now() ? other : Number.POSITIVE_INFINITY);
      if (stop > to) break;
      clock.moveTo(stop);
      if (stop === at) {
        fired.push(...due);
        await this.#fire(due, at);
      }
      await settle();
    }
    clock.moveTo(to);
    this.#noteFired(to);
    await settle();
    return { now: new Date(clock.now()).toISOString(), fired: isLong ? summedUp(fired) : fired.map(asFired) };
  }

  /** As real time goes by. After a pause of the machine each schedule fires once, for its latest time. */
  #look(): void {
    if (this.#jumps > 0) return;
    const now = this.options.clock.now();
    const due = this.options.schedules.flatMap(schedule => {
      const at = latestBetween(schedule, this.#firedUpTo, now);
      return at === undefined ? [] : [{ schedule, at }];
    });
    if (due.length === 0) return;
    this.#noteFired(now);
    void this.#fire(due, now);
  }

  #earliest(to: number, isLong: boolean): Due[] {
    const coming = this.options.schedules.flatMap(schedule => {
      const at = nextOf(schedule, this.#firedUpTo, isLong);
      return at === undefined || at > to ? [] : [{ schedule, at }];
    });
    const first = Math.min(...coming.map(({ at }) => at));
    return coming.filter(({ at }) => at === first);
  }

  async #fire(due: readonly Due[], upTo: number): Promise<void> {
    this.#noteFired(upTo);
    // What a function threw stands in its log; a schedule goes on.
    await Promise.all(
      due.map(({ schedule, at }) =>
        this.options.invoke(schedule.functionArn, schedule.event(at)).catch(() => undefined),
      ),
    );
  }

  #noteFired(upTo: number): void {
    this.#firedUpTo = Math.max(this.#firedUpTo, upTo);
    this.options.firedUpTo.write(this.#firedUpTo);
  }
}

/** In a long jump a sweep a minute would cost hours: rates fire every quarter of an hour. */
function nextOf({ timing }: Schedule, after: number, isLong: boolean): number | undefined {
  if (!isLong || timing.every === undefined || timing.every >= quarterHourMs) return timing.next(after);
  return Math.floor(after / quarterHourMs) * quarterHourMs + quarterHourMs;
}

function latestBetween({ timing }: Schedule, after: number, now: number): number | undefined {
  let latest: number | undefined;
  if (timing.every !== undefined) {
    latest = Math.floor(now / timing.every) * timing.every;
    return latest > after ? latest : undefined;
  }
  for (let at = timing.next(after); at !== undefined && at <= now; at = timing.next(at)) latest = at;
  return latest;
}

const asFired = ({ schedule, at }: Due): Fired => ({ schedule: schedule.name, at: new Date(at).toISOString() });

function summedUp(fired: readonly Due[]): Fired[] {
  const sums = new Map<string, { at: number; count: number }>();
  for (const { schedule, at } of fired) {
    const count = (sums.get(schedule.name)?.count ?? 0) + 1;
    sums.set(schedule.name, { at, count });
  }
  return [...sums].map(([schedule, { at, count }]) => ({ schedule, at: new Date(at).toISOString(), count }));
}
