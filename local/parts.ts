/**
 * What every part of the one-machine cloud shares: a clock that can be moved, faults on demand, and the question "may this
 * function do that?". A part starts on 127.0.0.1 and keeps its state under its own folder, so that a restart, or a
 * `kill -9` at any moment, loses nothing that was answered.
 */
export interface LocalClock {
  /** Milliseconds since the epoch, in the system's moved time. */
  now(): number;
}

export type FaultService = 'stripe' | 'dynamodb' | 's3' | 'ses' | 'sqs';

/**
 * `before`: the call did not take effect; `after`: it did and the answer was lost.
 * `timeout` keeps the caller waiting until it gives up; `crash` ends the calling function there, as a killed Lambda.
 */
export interface Fault {
  readonly service: FaultService;
  /** The service's own word for the call (`TransactWriteItems`, `POST /v1/payment_intents`); absent: any. */
  readonly operation?: string;
  readonly when: 'before' | 'after';
  readonly error: 'timeout' | 'throttle' | '500' | 'crash';
  /** Calls to let through first. */
  readonly skip?: number;
  /** How many calls fail; 1 unless told. */
  readonly times?: number;
}

export interface FaultBook {
  /** The fault that this call must suffer, or nothing. Counts `skip` and `times`. */
  next(service: FaultService, operation: string): Fault | undefined;
}

export const noFaults: FaultBook = { next: () => undefined };

/** Thrown by an access check; stand-ins answer it as `AccessDeniedException` in their service's own form. */
export class AccessDenied extends Error {
  constructor(
    readonly action: string,
    readonly resource: string,
    readonly principal: string,
  ) {
    super(`User: ${principal} is not authorized to perform: ${action} on resource: ${resource}`);
    this.name = 'AccessDenied';
  }
}

/**
 * Throws `AccessDenied` when the role behind this access key may not do `action` on `resource` (an ARN).
 * The key `local` (the machine's own owner: tests, seed, the stand-ins' pages) may do everything.
 */
export type AccessCheck = (accessKeyId: string, action: string, resource: string) => void;

export const allowAll: AccessCheck = () => undefined;

/** Called when a fault of kind `crash` hits: ends the environment of the function that uses this access key. */
export type CrashCaller = (accessKeyId: string) => void;

export interface PartOptions {
  readonly port: number;
  /** The part's own folder; absent: memory only (tests in process). */
  readonly folder?: string;
  readonly clock: LocalClock;
  readonly faults?: FaultBook;
  readonly checkAccess?: AccessCheck;
  readonly crashCaller?: CrashCaller;
}

export interface Part {
  /** `http://127.0.0.1:<port>` */
  readonly url: string;
  close(): Promise<void>;
}
