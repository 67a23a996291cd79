import { appendFileSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import { idOf, type Run, type Schedule, type Stage } from './schedules';

interface Note {
  readonly story: string;
  readonly told?: number;
  readonly joined?: number;
  readonly broken?: readonly string[];
}

/** For `tools/toldSchedules.mjs`, which sums up over all files. */
export function note(line: Note): void {
  const file = process.env.SCHEDULES_TOLD;
  if (file) appendFileSync(file, `${JSON.stringify(line)}\n`);
}

const say = (line: string): void => void process.stdout.write(`${line}\n`);

const progressEvery = 15_000;
const mostShown = 40;

/** The schedules of one story, one after the other: how many, and which broke something. */
export class Telling<Ids, Played> {
  readonly #started = process.cpuUsage();
  readonly #told: number[] = [];
  readonly #broken: string[] = [];
  readonly #shown: string[] = [];
  #joined = 0;
  #saidAt = performance.now();

  constructor(readonly stage: Stage<Ids, Played>) {}

  async tell(schedule: Schedule, how: Parameters<Stage<Ids, Played>['run']>[1] = {}): Promise<Run> {
    const run = await this.stage.run(schedule, how);
    const faults = schedule.plan.size;
    this.#told[faults] = (this.#told[faults] ?? 0) + 1;
    if (run.joined) this.#joined += 1;
    if (run.wrong.length > 0) this.#breaks(schedule, run);
    if (process.env.SCHEDULES) this.#progress();
    return run;
  }

  #breaks(schedule: Schedule, run: Run): void {
    const id = idOf(this.stage.story.name, schedule);
    const line = `FAULT=${id}: ${run.wrong.join('; ')}`;
    if (process.env.SCHEDULES) say(line);
    if (this.#broken.length === 0) this.#shown.push(run.trace());
    if (this.#broken.length < mostShown) this.#shown.push(line);
    this.#broken.push(id);
  }

  get #count(): number {
    return this.#told.reduce((sum, told) => sum + (told ?? 0), 0);
  }

  #progress(): void {
    if (performance.now() - this.#saidAt < progressEvery) return;
    this.#saidAt = performance.now();
    const megabytes = Math.round(process.memoryUsage().rss / 2 ** 20);
    say(`${this.stage.story.name}: ${this.#count} told, ${this.#broken.length} broken, ${megabytes} MB`);
  }

  /** One line, and everything that broke. */
  report(): void {
    const { user, system } = process.cpuUsage(this.#started);
    const counts = this.#told.flatMap((told, faults) =>
      told ? [`${told} with ${faults} fault${faults === 1 ? '' : 's'}`] : [],
    );
    const { name: story } = this.stage.story;
    const joined = this.#joined > 0 ? ` (${this.#joined} until they came to where another one had been)` : '';
    const seconds = ((user + system) / 1e6).toFixed(1);
    say(`schedules of ${story}: ${counts.join(', ')}${joined}: ${this.#broken.length} broken, ${seconds} s`);
    note({ story, told: this.#count, joined: this.#joined, broken: this.#broken });
    if (this.#broken.length === 0) return;
    throw new Error([`${this.#broken.length} schedules broke something`, ...this.#shown].join('\n'));
  }
}
