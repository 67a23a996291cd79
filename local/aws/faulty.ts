import type { FaultService, PartOptions } from '../parts';

/** The caller gets no answer: it waits until it gives up, or it was itself ended. */
export class NoAnswer extends Error {
  constructor(readonly kind: 'timeout' | 'crash') {
    super(`No answer: ${kind}`);
    this.name = 'NoAnswer';
  }
}

export interface FaultyCall {
  readonly service: FaultService;
  readonly operation: string;
  readonly accessKeyId: string;
  /** The service's own error for the two faults that are answered. */
  error(kind: 'throttle' | '500'): Error;
}

/** Runs one call as the fault book wants it: untouched, refused before it, or done with its answer lost. */
export async function suffer<T>(
  options: Pick<PartOptions, 'faults' | 'crashCaller'>,
  call: FaultyCall,
  run: () => Promise<T>,
): Promise<T> {
  const fault = options.faults?.next(call.service, call.operation);
  if (fault === undefined) return run();
  // Whether the call succeeded or was refused: its answer is what gets lost.
  if (fault.when === 'after') await run().catch(() => undefined);
  if (fault.error === 'throttle' || fault.error === '500') throw call.error(fault.error);
  if (fault.error === 'crash') options.crashCaller?.(call.accessKeyId);
  throw new NoAnswer(fault.error);
}
