import { plansDrawn, plansOfOne, plansOfTwo, type Single } from './plans';
import { momentBefore, noFault, type Run, Stage, scheduleOf } from './schedules';
import type { Story } from './story';
import { note, Telling } from './telling';

const longestTest = 24 * 60 * 60_000;

/**
 * Tells the story once for every call and everything that may befall it, with somebody who repeats and somebody who leaves,
 * then for pairs; after each, everything must be settled. `FAULT=<id>` tells one schedule alone, with its calls;
 * `SCHEDULES=<n>` so many drawn ones instead, `SEED` chooses which; `STORY` tells one story alone.
 */
export function holds<Ids, Played>(guarantee: string, story: Story<Ids, Played>): void {
  const { FAULT, STORY, SCHEDULES } = process.env;
  test(
    guarantee,
    async () => {
      if (FAULT?.startsWith(`${story.name}.`) === false || (STORY ?? story.name) !== story.name) return;
      if (SCHEDULES !== undefined && story.faults === 'none') return;
      // Only counted.
      if (SCHEDULES === '0') return note({ story: story.name });
      const stage = await Stage.set(story);
      if (FAULT) return tellOne(stage, FAULT);
      const telling = new Telling(stage);
      if (SCHEDULES) await tellDrawn(telling, Number(SCHEDULES));
      else await tellAll(telling);
      telling.report();
    },
    longestTest,
  );
}

async function tellClean<Ids, Played>(telling: Telling<Ids, Played>): Promise<Run> {
  const clean = await telling.tell({ manner: 'repeats', plan: noFault }, { keeps: true });
  expect(clean.calls.length).toBeGreaterThan(0);
  return clean;
}

/** Each to its end: what is held of joined schedules is so tried as well. */
async function tellDrawn<Ids, Played>(telling: Telling<Ids, Played>, count: number): Promise<void> {
  const clean = await tellClean(telling);
  const of = { story: telling.stage.story.name, seed: process.env.SEED ?? '1', count };
  for (const schedule of plansDrawn(clean, of)) await telling.tell(schedule, { whole: true });
}

/** Who leaves makes a difference only where an answer left who repeats in doubt. */
async function tellAll<Ids, Played>(telling: Telling<Ids, Played>): Promise<void> {
  const { faults: struck } = telling.stage.story;
  const pairs = telling.stage.story.pairs || process.env.FULL !== undefined;
  const clean = await tellClean(telling);
  const singles: Single[] = [];
  for (const plan of plansOfOne(clean, struck)) {
    const [index = 0] = plan.keys();
    const from = momentBefore(clean.moments, index);
    const run = await telling.tell({ manner: 'repeats', plan }, { from, keeps: pairs });
    singles.push({ plan, run });
    if (run.wasInDoubt) await telling.tell({ manner: 'leaves', plan }, { from });
  }
  if (!pairs) return;
  for (const { schedule, from } of plansOfTwo(singles, clean, struck)) await telling.tell(schedule, { from });
}

async function tellOne<Ids, Played>(stage: Stage<Ids, Played>, id: string): Promise<void> {
  const run = await stage.run(scheduleOf(id), { whole: true });
  process.stdout.write(`${id}\n${run.trace()}\n`);
  expect(run.wrong).toEqual([]);
}
