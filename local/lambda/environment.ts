import path from 'node:path';
import { Worker } from 'node:worker_threads';
import type { FunctionSpec } from './functionSpec';

/** The header by which a call to the Stripe stand-in names the environment it comes from. */
export const callerHeader = 'x-caller-access-key';

/** A function threw, ran out of time or memory, or was killed. */
export class FunctionError extends Error {
  constructor(
    readonly errorType: string,
    message: string,
    readonly trace: readonly string[] = [],
  ) {
    super(message);
    this.name = 'FunctionError';
  }
}

export interface Invocation {
  readonly requestId: string;
  /** JSON text. */
  readonly event: string;
}

interface Told {
  readonly memoryBytes: number;
  /** The function's code is there; its first invocation begins. */
  readonly loaded?: true;
  readonly result?: string;
  readonly error?: { readonly errorType: string; readonly errorMessage: string; readonly trace: readonly string[] };
}

export interface EnvironmentOptions {
  readonly spec: FunctionSpec;
  readonly accessKeyId: string;
  readonly clockCell: SharedArrayBuffer;
  readonly variables: Readonly<Record<string, string>>;
  readonly log: (line: string) => void;
  /** Told at the end of each invocation how much memory the environment has taken. */
  readonly memory: (bytes: number) => void;
}

interface Waiting {
  resolve(result: string): void;
  reject(error: FunctionError): void;
  readonly requestId: string;
  timer: NodeJS.Timeout;
}

/** As on Lambda, an environment's start does not count against the function's time, and has a limit of its own. */
const startSeconds = 10;

const bootstrap = path.resolve('local/lambda/bootstrap.mjs');

/** One environment of a function: a worker thread that takes one invocation at a time and is kept for the next. */
export class Environment {
  readonly #worker: Worker;
  #waiting: Waiting | undefined;
  #ended: string | undefined;
  #isLoaded = false;
  /** Held by one invocation; nobody else may choose it. */
  claimed = false;
  idleSince = performance.now();

  constructor(
    readonly options: EnvironmentOptions,
    private readonly onEnd: () => void,
  ) {
    const { spec } = options;
    this.#worker = new Worker(bootstrap, {
      workerData: {
        clockCell: options.clockCell,
        entryFile: spec.entryFile,
        handlerName: spec.handlerName,
        callerHeader,
        accessKeyId: options.accessKeyId,
      },
      env: { ...options.variables },
      resourceLimits: { maxOldGenerationSizeMb: spec.memoryMb },
      execArgv: ['--no-warnings'],
      stdout: true,
      stderr: true,
    });
    this.#listen();
  }

  run({ requestId, event }: Invocation): Promise<string> {
    const { spec } = this.options;
    return new Promise((resolve, reject) => {
      if (this.#ended !== undefined) return reject(new FunctionError('Runtime.ExitError', this.#ended));
      const timer = this.#limit(requestId, this.#isLoaded ? spec.timeoutSeconds : startSeconds);
      this.#waiting = { resolve, reject, requestId, timer };
      this.#worker.postMessage({
        requestId,
        event,
        timeoutMs: spec.timeoutSeconds * 1000,
        functionName: spec.name,
        functionArn: spec.arn,
        memoryMb: spec.memoryMb,
      });
    });
  }

  #limit(requestId: string, seconds: number): NodeJS.Timeout {
    const end = () => this.end('Sandbox.Timedout', `${requestId} Task timed out after ${seconds} seconds`);
    return setTimeout(end, seconds * 1000);
  }

  #loaded(): void {
    this.#isLoaded = true;
    if (this.#waiting === undefined) return;
    clearTimeout(this.#waiting.timer);
    this.#waiting.timer = this.#limit(this.#waiting.requestId, this.options.spec.timeoutSeconds);
  }

  /** Kills the thread wherever it is; what it was doing fails. */
  end(errorType: string, message: string): Promise<unknown> {
    this.#finish(new FunctionError(errorType, message));
    return this.#worker.terminate();
  }

  #listen(): void {
    this.#worker.on('message', ({ result, error, memoryBytes, loaded }: Told) => {
      const { spec } = this.options;
      this.options.memory(memoryBytes);
      if (loaded) return this.#loaded();
      if (error === undefined) return this.#settle(waiting => waiting.resolve(result ?? 'null'));
      this.options.log(JSON.stringify({ level: 'ERROR', message: 'Invoke Error', function: spec.name, ...error }));
      const thrown = new FunctionError(error.errorType, error.errorMessage, error.trace);
      this.#settle(waiting => waiting.reject(thrown));
    });
    this.#worker.on('error', (error: Error & { code?: string }) => {
      const type = error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? 'Runtime.OutOfMemory' : 'Runtime.ExitError';
      this.options.log(JSON.stringify({ level: 'ERROR', message: error.message, function: this.options.spec.name }));
      this.#finish(new FunctionError(type, error.message));
    });
    this.#worker.on('exit', code => this.#finish(new FunctionError('Runtime.ExitError', `Runtime exited: ${code}`)));
    for (const stream of [this.#worker.stdout, this.#worker.stderr]) this.#keepLines(stream);
  }

  #keepLines(stream: NodeJS.ReadableStream): void {
    let rest = '';
    stream.setEncoding('utf8');
    stream.on('data', (text: string) => {
      const lines = (rest + text).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) if (line.trim() !== '') this.options.log(asLogLine(line, this.options.spec.name));
    });
  }

  #settle(tell: (waiting: Waiting) => void): void {
    const waiting = this.#waiting;
    if (waiting === undefined) return;
    clearTimeout(waiting.timer);
    this.#waiting = undefined;
    this.idleSince = performance.now();
    tell(waiting);
  }

  #finish(error: FunctionError): void {
    if (this.#ended === undefined) {
      this.#ended = error.message;
      this.onEnd();
    }
    this.#settle(waiting => waiting.reject(error));
  }
}

/** Structured lines stay as they are; others are wrapped as Lambda's JSON format does. */
function asLogLine(line: string, functionName: string): string {
  if (line.startsWith('{')) {
    try {
      return JSON.stringify({ function: functionName, ...(JSON.parse(line) as object) });
    } catch {
      // Not JSON after all.
    }
  }
  return JSON.stringify({ timestamp: new Date().toISOString(), function: functionName, message: line });
}
