import { plansDrawn, plansOfOne, plansOfTwo, type Single } from './plans';
import { idOf, noFault, type Run, type Schedule, Stage, scheduleOf } from './schedules';
import type { Story } from './story';

const longestTest = 30 * 60_000;

interface Held {
  /** Of pairs of faults, one in so many, always the same ones; absent: none. `FULL=1` tells all of them. */
  readonly pairsOneIn?: number;
}

/**
 * Tells the story once for every call and everything that may befall it, with somebody who repeats and somebody who leaves;
 * after each, everything must be settled. `FAULT=<id>` tells one schedule alone, with its calls; `SCHEDULES=<n>` so many
 * drawn ones of every story instead.
 */
export function holds<Ids, Played>(guarantee: string, story: Story<Ids, Played>, held: Held = {}): void {
  test(
    guarantee,
    async () => {
      const chosen = process.env.FAULT;
      if (chosen?.startsWith(`${story.name}.`) === false) return;
      const stage = await Stage.set(story);
      if (chosen) return tellOne(stage, chosen);
      const telling = new Telling(stage);
      const clean = await telling.tell({ manner: 'repeats', plan: noFault });
      expect(clean.calls.length).toBeGreaterThan(0);
      const drawn = Number(process.env.SCHEDULES ?? 0);
      if (drawn > 0 && story.faults !== 'none') {
        for (const schedule of plansDrawn(story.name, clean, drawn)) await telling.tell(schedule);
        return telling.report();
      }
      const singles = await tellSingles(telling, clean);
      const oneIn = process.env.FULL ? 1 : held.pairsOneIn;
      const pairs = oneIn === undefined ? [] : plansOfTwo(singles, clean, { struck: story.faults, oneIn });
      for (const schedule of pairs) await telling.tell(schedule);
      telling.report();
    },
    longestTest,
  );
}

/** Who leaves makes a difference only where an answer left who repeats in doubt. */
async function tellSingles<Ids, Played>(telling: Telling<Ids, Played>, clean: Run): Promise<readonly Single[]> {
  const told: Single[] = [];
  for (const plan of plansOfOne(clean, telling.stage.story.faults)) {
    const run = await telling.tell({ manner: 'repeats', plan });
    told.push({ plan, run });
    if (run.wasInDoubt) await telling.tell({ manner: 'leaves', plan });
  }
  return told;
}

class Telling<Ids, Played> {
  readonly #started = process.cpuUsage();
  readonly #broken: { readonly id: string; readonly run: Run }[] = [];
  readonly #told: number[] = [];

  constructor(readonly stage: Stage<Ids, Played>) {}

  async tell(schedule: Schedule): Promise<Run> {
    const run = await this.stage.run(schedule);
    const faults = schedule.plan.size;
    this.#told[faults] = (this.#told[faults] ?? 0) + 1;
    if (run.wrong.length > 0) this.#broken.push({ id: idOf(this.stage.story.name, schedule), run });
    return run;
  }

  /** One line, and everything that broke. */
  report(): void {
    const { user, system } = process.cpuUsage(this.#started);
    const counts = this.#told.flatMap((told, faults) =>
      told ? [`${told} with ${faults} fault${faults === 1 ? '' : 's'}`] : [],
    );
    const seconds = ((user + system) / 1e6).toFixed(1);
    const line = `${counts.join(', ')}: ${this.#broken.length} broken, ${seconds} s`;
    process.stdout.write(`schedules of ${this.stage.story.name}: ${line}\n`);
    const [first] = this.#broken;
    if (!first) return;
    const lines = this.#broken.slice(0, 40).map(({ id, run }) => `FAULT=${id}: ${run.wrong.join('; ')}`);
    throw new Error([`${this.#broken.length} schedules broke something`, ...lines, first.run.trace()].join('\n'));
  }
}

async function tellOne<Ids, Played>(stage: Stage<Ids, Played>, id: string): Promise<void> {
  const run = await stage.run(scheduleOf(id));
  process.stdout.write(`${id}\n${run.trace()}\n`);
  expect(run.wrong).toEqual([]);
}
