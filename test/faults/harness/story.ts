import type { Row } from '../../../shared/operations/row';
import type { Answered } from '../../fixtures/apiEvent';
import type { Ledger } from './ledger';
import type { Script } from './script';
import type { Asking, System } from './system';
import type { Call, FaultKind } from './wire';

const second = 1_000;
const minute = 60 * second;
export const hour = 60 * minute;
/** When somebody who has no definite answer asks again. */
const patience = [2 * second, 30 * second, 2 * minute, 10 * minute, hour, 3 * hour, 8 * hour];

/** Nothing more will be said of this request: it is done, or refused for a reason that stands. */
const isDefinite = ({ status, body }: Answered, { answers }: Row): boolean => {
  if (status === 202) return !('201' in answers);
  return status < 300 || (status >= 400 && status < 500 && !mayBeAsked(status, body));
};
const mayBeAsked = (status: number, body: Answered['body']): boolean =>
  status === 429 || (status === 409 && body.code === 'request_in_progress');

export interface Told extends Answered {
  readonly operation: string;
  readonly key: string | undefined;
  readonly isDefinite: boolean;
}

/** Whoever asks: repeats a request under its key until the answer is definite, or leaves after the first one. */
export class Person {
  readonly told: Told[] = [];
  /** True once an answer was not definite, so that it mattered who repeats. */
  wasInDoubt = false;
  readonly #asked: Asking[] = [];

  constructor(
    private readonly script: Script,
    readonly manner: 'repeats' | 'leaves',
    /** Told whenever an answer came. */
    private readonly rests: () => void = () => undefined,
  ) {}

  async ask(asking: Asking): Promise<Answered> {
    this.#asked.push(asking);
    let answer = await this.#once(asking);
    if (!isDefinite(answer, asking.row)) this.wasInDoubt = true;
    for (const wait of this.manner === 'repeats' ? patience : []) {
      if (isDefinite(answer, asking.row)) break;
      await this.script.wait(wait);
      answer = await this.#once(asking);
    }
    return answer;
  }

  /** Long afterwards, every request once more under its key, but for those refused for reasons that may have gone since. */
  async askAgain(): Promise<void> {
    if (this.manner === 'leaves') return;
    for (const asking of this.#asked) {
      const { key } = asking.asked;
      const last = this.told.findLast(answer => answer.key === key);
      if (key && last && last.status < 403) await this.#once(asking);
    }
  }

  /** What bears on how it goes on, and on whether the end is right. */
  get standing(): unknown {
    const told = this.told.map(({ operation, status, body, isDefinite }) => [operation, isDefinite && [status, body]]);
    return [this.manner, this.wasInDoubt, told];
  }

  /** Whether any answer said for good that it is done, or that it is not. */
  wasTold(what: 'done' | 'refused'): boolean {
    return this.told.some(answer => answer.isDefinite && answer.status < 300 === (what === 'done'));
  }

  /** What was said, in order, to requests of this operation. */
  answersTo(operation: string): readonly Told[] {
    return this.told.filter(answer => answer.operation === operation);
  }

  async #once(asking: Asking): Promise<Answered> {
    const answer = await this.script.step(system => system.ask(asking));
    const { row, asked } = asking;
    this.told.push({ ...answer, operation: row.operation, key: asked.key, isDefinite: isDefinite(answer, row) });
    this.rests();
    return answer;
  }
}

/** What everything came to, once nothing is left to do. */
export interface Outcome<Played = unknown> {
  readonly system: System;
  readonly person: Person;
  readonly ledger: Ledger;
  /** False when something was still due after 26 hours. */
  readonly quiet: boolean;
  /** What the story itself knows of how it went. */
  readonly played: Played;
}

export type Struck = 'requests' | 'what follows' | 'effects' | 'none';

/** Something that moves money, from its first request until everything that follows is done. */
export interface Story<Ids, Played = void> {
  /** Begins the ids of its schedules. */
  readonly name: string;
  /** Stripe's events come only when the person is done and everything else is quiet; at once unless told. */
  readonly events?: 'late';
  /** Which calls faults befall, where another story has the rest: those until the person is done, or those after, or such as take effect; all unless told. */
  readonly faults?: Struck;
  /** Pairs of faults as well; of every story with `FULL=1`. */
  readonly pairs?: true;
  /** What befalls a call beside that. */
  befalls?(call: Call): FaultKind | undefined;
  /** What befalls calls while the scene is set. */
  befell?(call: Call): FaultKind | undefined;
  /** What stands before; made once. Answers the ids that the story needs, and its practice. */
  prepare(system: System): Promise<Ids & { readonly practiceId: string }>;
  /** Each of its steps by the script. */
  play(script: Script, person: Person, ids: Ids): Promise<Played>;
  /** What else is wrong, beyond what `wrongs` holds every story to. */
  wrongs(outcome: Outcome<Played>, ids: Ids): string[];
}
