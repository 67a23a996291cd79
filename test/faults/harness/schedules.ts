import { verifyPractice } from '../../../shared/store/verifyPractice';
import { readLedger } from './ledger';
import { type Progress, Script } from './script';
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
  /** Where it stood between its invocations, if they were to be kept. */
  readonly moments: readonly Moment[];
  readonly trace: () => string;
}

/** From where another schedule may go on: everything, and how far the story had come. */
export interface Moment {
  readonly scene: Scene;
  readonly progress: Progress;
}

/** The last moment before this call. */
export const momentBefore = (moments: readonly Moment[], index: number): Moment | undefined =>
  moments.findLast(({ scene }) => scene.calls.length <= index);

interface Telling {
  /** To the end even where it joins another schedule. */
  readonly whole?: boolean;
  /** From here on: all that went before is as it was there. */
  readonly from?: Moment | undefined;
  /** Its moments are kept. */
  readonly keeps?: boolean;
}

const longest = 26 * hour;

class Joined extends Error {}

/** A story whose scene is set, to be told as often as there are schedules. */
export class Stage<Ids, Played> {
  /**
   * Where schedules stood that ended well, once no fault was left in them: by how many faults they had. None joins one of
   * more, since a second fault strikes what followed the first one only where it was told with one.
   */
  readonly #good: Set<string>[] = [];

  private constructor(
    readonly story: Story<Ids, Played>,
    private readonly scene: Scene,
    private readonly ids: Ids & { readonly practiceId: string },
  ) {}

  static async set<Ids, Played>(story: Story<Ids, Played>): Promise<Stage<Ids, Played>> {
    stopTime('2026-03-10T15:00:00Z');
    const system = await System.open(undefined, call => story.befell?.(call));
    const ids = await story.prepare(system);
    // What is under way is done; what comes later (a page that ends) belongs to the story.
    await system.goOn(time.now() + 60_000);
    const events = story.events === 'late' ? 'held' : 'at once';
    const scene: Scene = { ...system.scene(), calls: [], mails: [], events };
    await system.close();
    return new Stage(story, scene, ids);
  }

  async run({ manner, plan }: Schedule, { whole = false, from, keeps = false }: Telling = {}): Promise<Run> {
    const fate = (call: Call) => plan.get(call.index) ?? this.story.befalls?.(call);
    const system = await System.open(from?.scene ?? this.scene, fate);
    const script = new Script(system, from?.progress);
    const person = new Person(script, manner, () => system.rests(time.now()));
    const passed: string[] = [];
    const moments: Moment[] = [];
    const lastFault = Math.max(-1, ...plan.keys());
    system.rests = until => {
      if (script.isTold) return;
      if (keeps) moments.push({ scene: system.scene(), progress: script.progress });
      if (whole || this.story.befalls || system.calls.length <= lastFault) return;
      const state = standing(system, { whoAsks: [person.standing, new Date(until).toISOString()] });
      if (this.#isGood(state, plan.size)) throw new Joined();
      passed.push(state);
    };
    const { wrong, untilDone, joined } = await this.#tell(system, { script, person });
    if (wrong.length === 0) this.#good[plan.size] = new Set([...(this.#good[plan.size] ?? []), ...passed]);
    // Held by who keeps the run: not the whole system with its table.
    const { calls } = system;
    const { told, wasInDoubt } = person;
    const trace = () => `${traced(calls)}\n${answersOf(told)}`;
    return { calls, untilDone, wasInDoubt, wrong, joined, moments, trace };
  }

  #isGood(state: string, faults: number): boolean {
    return this.#good.some((states, ofFaults) => ofFaults <= faults && states.has(state));
  }

  async #tell(system: System, who: Playing): Promise<Pick<Run, 'wrong' | 'untilDone' | 'joined'>> {
    let untilDone = Number.POSITIVE_INFINITY;
    // Stripe's SDK takes a stack trace of every request, which nobody reads here and costs more than the request.
    const { stackTraceLimit } = Error;
    Error.stackTraceLimit = 0;
    try {
      const played = await this.story.play(who.script, who.person, this.ids);
      untilDone = system.calls.length;
      return { wrong: await this.#wrongAtTheEnd(system, who, played), untilDone, joined: false };
    } catch (error) {
      if (!(error instanceof Joined)) throw error;
      return { wrong: [], untilDone, joined: true };
    } finally {
      Error.stackTraceLimit = stackTraceLimit;
      await system.close();
    }
  }

  async #wrongAtTheEnd(system: System, { script, person }: Playing, played: Played): Promise<string[]> {
    await script.step(() => {
      if (system.events === 'held') system.events = 'last';
    });
    await script.wait(longest);
    await person.askAgain();
    const quiet = await script.wait(longest);
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

interface Playing {
  readonly script: Script;
  readonly person: Person;
}

const answersOf = (told: readonly Told[]): string =>
  told.map(({ operation, status, body }) => `${operation}: ${status} ${JSON.stringify(body).slice(0, 200)}`).join('\n');
