import { randomUUID } from 'node:crypto';
import { Environment, FunctionError } from './environment';
import type { FunctionSpec } from './functionSpec';

/** What Lambda takes and gives in one synchronous invocation. */
const PAYLOAD_BYTES = 6_291_556;
const IDLE_MS = 10 * 60_000;

export interface LambdaOptions {
  readonly functions: readonly FunctionSpec[];
  readonly clockCell: SharedArrayBuffer;
  /** Added to each function's own variables; the last word. */
  readonly machineVariables: Readonly<Record<string, string>>;
  readonly log?: (line: string) => void;
  /** Environments of one function at the same time; requests beyond wait for one. */
  readonly perFunction?: number;
  /** Environments in all; beyond, the longest idle one makes room. */
  readonly inAll?: number;
}

/** `<function>~<n>`: each environment has a key of its own, so that a call tells which one made it. */
export const functionOfAccessKey = (accessKeyId: string): string => accessKeyId.replace(/~\d+$/, '');

interface Queue {
  readonly spec: FunctionSpec;
  readonly environments: Set<Environment>;
  readonly waiting: (() => void)[];
  mostMemoryBytes: number;
}

/** Runs what the template declares as functions, each in environments of its own. */
export class LambdaServer {
  readonly #queues = new Map<string, Queue>();
  readonly #byAlias = new Map<string, FunctionSpec | 'several'>();
  readonly #byKey = new Map<string, Environment>();
  readonly #sweeping: NodeJS.Timeout;
  #made = 0;
  #running = 0;
  #closed = false;

  constructor(private readonly options: LambdaOptions) {
    for (const spec of options.functions) {
      const queue: Queue = { spec, environments: new Set(), waiting: [], mostMemoryBytes: 0 };
      this.#queues.set(spec.name, queue).set(spec.arn, queue);
      for (const alias of new Set(spec.aliases)) this.#byAlias.set(alias, this.#byAlias.has(alias) ? 'several' : spec);
    }
    this.#sweeping = setInterval(() => this.#endIdle(), 30_000).unref();
  }

  get functions(): readonly FunctionSpec[] {
    return this.options.functions;
  }

  /** Invocations under way or waiting for an environment. */
  get running(): number {
    return this.#running;
  }

  /** By name, ARN, logical id or the name of its construct, as long as only one is meant. */
  find(called: string): FunctionSpec | undefined {
    const alias = this.#byAlias.get(called);
    return this.#queues.get(called)?.spec ?? (alias === 'several' ? undefined : alias);
  }

  /** The most that any environment of a function held at the end of an invocation. */
  mostMemoryBytes(called: string): number {
    return this.#queues.get(this.find(called)?.name ?? '')?.mostMemoryBytes ?? 0;
  }

  /** Answers what the function gave; throws `FunctionError` when it threw, ran out of time or was killed. */
  async invoke(called: string, event: unknown): Promise<unknown> {
    const queue = this.#queues.get(this.find(called)?.name ?? '');
    if (queue === undefined) throw new FunctionError('ResourceNotFoundException', `Function not found: ${called}`);
    const text = JSON.stringify(event ?? {});
    if (Buffer.byteLength(text) > PAYLOAD_BYTES)
      throw new FunctionError('RequestTooLargeException', 'Request must be smaller than 6291556 bytes');
    this.#running += 1;
    try {
      const result = await this.#run(queue, text);
      if (Buffer.byteLength(result) > PAYLOAD_BYTES)
        throw new FunctionError('Function.ResponseSizeTooLarge', 'Response payload size exceeded 6291556 bytes');
      return JSON.parse(result) as unknown;
    } finally {
      this.#running -= 1;
      this.#next(queue);
    }
  }

  async #run(queue: Queue, event: string): Promise<string> {
    const environment = await this.#claim(queue);
    try {
      return await environment.run({ requestId: randomUUID(), event });
    } finally {
      environment.claimed = false;
    }
  }

  /** Ends the environment behind an access key in the middle of what it does. */
  crash(accessKeyId: string): void {
    void this.#byKey.get(accessKeyId)?.end('Runtime.ExitError', 'RequestId: Error: Runtime exited: signal: killed');
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearInterval(this.#sweeping);
    await Promise.all([...this.#byKey.values()].map(each => each.end('Runtime.ExitError', 'The machine stops')));
  }

  async #claim(queue: Queue): Promise<Environment> {
    const { perFunction = 4, inAll = 40 } = this.options;
    for (;;) {
      if (this.#closed) throw new FunctionError('Runtime.ExitError', 'The machine stops');
      const idle = [...queue.environments].find(({ claimed }) => !claimed);
      const room = () => queue.environments.size < perFunction && (this.#byKey.size < inAll || this.#makeRoom());
      const chosen = idle ?? (room() ? this.#start(queue) : undefined);
      if (chosen !== undefined) {
        chosen.claimed = true;
        return chosen;
      }
      await new Promise<void>(resolve => queue.waiting.push(resolve));
    }
  }

  #start(queue: Queue): Environment {
    this.#made += 1;
    const accessKeyId = `${queue.spec.name}~${this.#made}`;
    const environment = new Environment(
      {
        spec: queue.spec,
        accessKeyId,
        clockCell: this.options.clockCell,
        variables: this.#variables(queue.spec, accessKeyId),
        log: this.options.log ?? (() => undefined),
        memory: bytes => {
          queue.mostMemoryBytes = Math.max(queue.mostMemoryBytes, bytes);
        },
      },
      () => {
        queue.environments.delete(environment);
        this.#byKey.delete(accessKeyId);
        this.#next(queue);
      },
    );
    queue.environments.add(environment);
    this.#byKey.set(accessKeyId, environment);
    return environment;
  }

  #variables(spec: FunctionSpec, accessKeyId: string): Record<string, string> {
    return {
      ...spec.variables,
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: accessKeyId,
      AWS_SECRET_ACCESS_KEY: 'local',
      AWS_LAMBDA_FUNCTION_NAME: spec.name,
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(spec.memoryMb),
      ...this.options.machineVariables,
    };
  }

  /** Wakes who waits for this function, or else whoever waits for room. */
  #next(queue: Queue): void {
    const next = [queue, ...this.#queues.values()].find(({ waiting }) => waiting.length > 0);
    next?.waiting.shift()?.();
  }

  #makeRoom(): boolean {
    const idle = [...this.#byKey.values()].filter(({ claimed }) => !claimed);
    const longest = idle.sort((a, b) => a.idleSince - b.idleSince)[0];
    if (longest === undefined) return false;
    void longest.end('Runtime.ExitError', 'Ended to make room');
    return true;
  }

  #endIdle(): void {
    for (const environment of this.#byKey.values())
      if (!environment.claimed && performance.now() - environment.idleSince > IDLE_MS)
        void environment.end('Runtime.ExitError', 'Ended after idle minutes');
  }
}
