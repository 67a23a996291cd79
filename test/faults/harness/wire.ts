import type { Life } from './life';
import { time } from './time';

export type Service = 'dynamodb' | 'stripe' | 'sqs';

/**
 * What may befall a call. `before`: it takes no effect; `after`: it does, and its caller does not learn so.
 * crash: the function ends there. reset: it took effect and the connection broke, which SDKs repeat by themselves.
 * silence, throttle, 500: however often the SDK repeats. twice: delivered twice. overtaken: all that follows from its effect
 * (webhooks, their workers) is done before its answer arrives.
 */
export type FaultKind =
  | 'crash-before'
  | 'crash-after'
  | 'reset'
  | 'silence-before'
  | 'silence-after'
  | 'throttle'
  | '500-before'
  | '500-after'
  | 'twice'
  | 'overtaken';

/** One call of the system to a service, however often an SDK repeats it. */
export interface Call {
  /** Its place among all calls of the schedule. */
  readonly index: number;
  readonly service: Service;
  readonly operation: string;
  readonly reads: boolean;
  /** Which invocation made it. */
  readonly by: Life;
  /** What befalls it. */
  fault?: FaultKind;
  sent: number;
}

/** Decides what befalls a call when it is made. */
export type Fate = (call: Call) => FaultKind | undefined;

/** How a service takes a call. Each answers in the service's own form, as the SDK reads it. */
export interface Ways<T> {
  pass(): Promise<T>;
  throttle(): Promise<T>;
  /** The service answers 500, and did it or not. */
  break(when: 'before' | 'after'): Promise<T>;
  /** How long the SDK waits for an answer, in milliseconds. */
  readonly patience: number;
}

export interface Sending {
  readonly service: Service;
  readonly operation: string;
  readonly reads: boolean;
  /** The same for a call and for its repeats by an SDK in one invocation; absent where whoever sends tells repeats apart by itself. */
  readonly repeatOf?: string | undefined;
}

const callTakes = 5;

/** The SDKs know both by their codes: a connection that broke is repeated, silence as each SDK is set up. */
const broken = () => Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' });
const silence = () => Object.assign(new Error('no answer in time'), { name: 'TimeoutError', code: 'ETIMEDOUT' });

/** Where every call of the system passes: counts them, and lets befall each what its fate is. */
export class Wire {
  readonly calls: Call[];
  readonly #repeats = new WeakMap<Life, Map<string, Call>>();

  constructor(
    private readonly fate: Fate,
    private readonly overtake: () => Promise<void>,
    /** Those made before. */
    calls: readonly Call[] = [],
  ) {
    this.calls = [...calls];
  }

  /** Begins a call, or finds the one that this repeats. */
  begin({ repeatOf, service, operation, reads }: Sending, life: Life): Call {
    const known = this.#repeats.get(life) ?? new Map<string, Call>();
    this.#repeats.set(life, known);
    const repeated = repeatOf === undefined ? undefined : known.get(repeatOf);
    if (repeated) return repeated;
    const call: Call = { index: this.calls.length, service, operation, reads, by: life, sent: 0 };
    const fault = this.fate(call);
    if (fault) call.fault = fault;
    this.calls.push(call);
    if (repeatOf !== undefined) known.set(repeatOf, call);
    time.advance(callTakes);
    return call;
  }

  /** Lets the call through once, or whatever befalls it. */
  async befall<T>(life: Life, call: Call, ways: Ways<T>): Promise<T> {
    call.sent += 1;
    const pass = () => life.underWay(ways.pass());
    const { fault } = call;
    if (fault === undefined) return pass();
    switch (fault) {
      case 'crash-before':
        return life.die();
      case 'crash-after':
        await pass();
        return life.die();
      case 'reset': {
        const answer = await pass();
        if (call.sent === 1) throw broken();
        return answer;
      }
      case 'silence-before':
        return keepSilent(ways);
      case 'silence-after':
        await pass();
        return keepSilent(ways);
      case 'throttle':
        return ways.throttle();
      case '500-before':
        return ways.break('before');
      case '500-after':
        return ways.break('after');
      case 'twice': {
        const answer = await pass();
        await pass();
        return answer;
      }
      case 'overtaken': {
        const answer = await pass();
        await this.overtake();
        return answer;
      }
    }
  }
}

function keepSilent({ patience }: Ways<unknown>): never {
  time.advance(patience);
  throw silence();
}

const failing = ['crash-before', 'silence-before', 'throttle'] as const;
const doubtful = ['crash-after', 'silence-after', 'reset'] as const;
export const kinds: readonly FaultKind[] = [...failing, ...doubtful, 'twice', '500-before', '500-after', 'overtaken'];

export const isFaultKind = (text: string): text is FaultKind => kinds.some(kind => kind === text);

/**
 * What may befall this call, less what comes to the same: a read only fails; a message put twice, and a transaction sent
 * twice under its token, are what `reset` does already; a 500 means more at Stripe, which keeps it under the request's key,
 * and is one more silence elsewhere; only Stripe's own effects can overtake their answers.
 */
export function faultsOf({ service, operation, reads }: Call): readonly FaultKind[] {
  if (service === 'stripe') return reads ? [...failing, '500-before'] : kinds;
  if (reads) return failing;
  const same = service === 'sqs' || operation === 'TransactWriteItems';
  return [...failing, ...doubtful, ...(same ? [] : (['twice'] as const))];
}

export const traced = (calls: readonly Call[]): string =>
  calls
    .map(({ index, by, service, operation, fault }) => {
      const befell = fault ? `   <-- ${fault}` : '';
      return `${String(index).padStart(4)} ${by.name}: ${service} ${operation}${befell}`;
    })
    .join('\n');
