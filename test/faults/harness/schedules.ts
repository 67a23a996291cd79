import { verifyPractice } from '../../../shared/store/verifyPractice';
import { readLedger } from './ledger';
import { wrongs } from './settled';
import { standing } from './standing';
import { hour, Person, type Story, type Told } from './story';
import { type Scene, System } from './system';
import { stopTime, time } from './time';
import { type Call, type FaultKind, isFaultKind, traced } from './wire';

export type Plan = ReadonlyMap<number, FaultKind>;
export const noFault: Plan = new Map();

/** A story told once more with faults at these calls. */
export interface Schedule {
  readonly manner: Person['manner'];
  readonly plan: Plan;
}

/** Names a schedule so that it can be run alone: `charge.repeats.4:crash-after`. */
export const idOf = (story: string, { manner, plan }: Schedule): string =>
  `${story}.${manner}.${[...plan].map(([index, kind]) => `${index}:${kind}`).join('+')}`;

export function scheduleOf(id: string): Schedule {
  const [, manner, faults = ''] = id.split('.');
  const plan = faults
    .split('+')
    .filter(Boolean)
    .map((fault): [number, FaultKind] => {
      const [index, kind = ''] = fault.split(':');
      if (!isFaultKind(kind)) throw new Error(`no fault is called ${kind}`);
      return [Number(index), kind];
    });
  if (manner !== 'repeats' && manner !== 'leaves') throw new Error(`nobody is called ${manner}`);
  return { manner, plan: new Map(plan) };
}

export interface Run {
  readonly calls: readonly Call[];
  /** How many of them were made until the person was done. */
  readonly untilDone: number;
  readonly wasInDoubt: boolean;
  readonly wrong: readonly string[];
  /** It came to where an earlier schedule had been that ended well, and was told no further. */
  readonly joined: boolean;
  readonly trace: () => string;
}

const longest = 26 * hour;

class Joined extends Error {}

/** A story whose scene is set, to be told as often as there are schedules. */
export class Stage<Ids, Played> {
  /** Where schedules stood that ended well, once no fault was left in them. */
  readonly #good = new Set<string>();

  private constructor(
    readonly story: Story<Ids, Played>,
    private readonly scene: Scene,
    private readonly ids: Ids & { readonly practiceId: string },
  ) {}

  static async set<Ids, Played>(story: Story<Ids, Played>): Promise<Stage<Ids, Played>> {
    stopTime('2026-03-10T15:00:00Z');
    const system = await System.open();
    const ids = await story.prepare(system);
    // What is under way is done; what comes later (a page that ends) belongs to the story.
    await system.goOn(time.now() + 60_000);
    const scene = system.scene();
    await system.close();
    return new Stage(story, scene, ids);
  }

  /** Tells it to the end, or until it joins another schedule, unless the whole is wanted. */
  async run({ manner, plan }: Schedule, { whole = false } = {}): Promise<Run> {
    const fate = (call: Call) => plan.get(call.index) ?? this.story.befalls?.(call);
    const system = await System.open(this.scene, fate);
    if (this.story.events === 'late') system.events = 'held';
    const person = new Person(system, manner);
    const passed: string[] = [];
    const lastFault = Math.max(-1, ...plan.keys());
    if (!whole && !this.story.befalls)
      system.rests = until => {
        if (system.calls.length <= lastFault) return;
        const state = standing(system, { whoAsks: [person.standing, new Date(until).toISOString()] });
        if (this.#good.has(state)) throw new Joined();
        passed.push(state);
      };
    const { wrong, untilDone, joined } = await this.#tell(system, person);
    if (wrong.length === 0) for (const state of passed) this.#good.add(state);
    // Held by who keeps the run: not the whole system with its table.
    const { calls } = system;
    const { told, wasInDoubt } = person;
    return { calls, untilDone, wasInDoubt, wrong, joined, trace: () => `${traced(calls)}\n${answersOf(told)}` };
  }

  async #tell(system: System, person: Person): Promise<Pick<Run, 'wrong' | 'untilDone' | 'joined'>> {
    let untilDone = Number.POSITIVE_INFINITY;
    // Stripe's SDK takes a stack trace of every request, which nobody reads here and costs more than the request.
    const { stackTraceLimit } = Error;
    Error.stackTraceLimit = 0;
    try {
      const played = await this.story.play(system, person, this.ids);
      untilDone = system.calls.length;
      return { wrong: await this.#wrongAtTheEnd(system, person, played), untilDone, joined: false };
    } catch (error) {
      if (!(error instanceof Joined)) throw error;
      return { wrong: [], untilDone, joined: true };
    } finally {
      Error.stackTraceLimit = stackTraceLimit;
      await system.close();
    }
  }

  async #wrongAtTheEnd(system: System, person: Person, played: Played): Promise<string[]> {
    if (system.events === 'held') system.events = 'last';
    await system.goOn(time.now() + longest);
    await person.askAgain();
    const quiet = await system.goOn(time.now() + longest);
    const outcome = { system, person, ledger: await readLedger(system), quiet, played };
    return [...(await this.#unsound()), ...wrongs(outcome), ...this.story.wrongs(outcome, this.ids)];
  }

  /** Every stored balance that is not what the ledger says. */
  async #unsound(): Promise<string[]> {
    const wrong: string[] = [];
    for await (const { differences } of verifyPractice(this.ids.practiceId))
      wrong.push(...differences.map(difference => JSON.stringify(difference)));
    return wrong;
  }
}

const answersOf = (told: readonly Told[]): string =>
  told.map(({ operation, status, body }) => `${operation}: ${status} ${JSON.stringify(body).slice(0, 200)}`).join('\n');
