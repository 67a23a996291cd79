import type { Fault, FaultBook, FaultService } from '../parts';

interface Planned {
  readonly fault: Fault;
  skip: number;
  times: number;
}

/** Faults that somebody asked for, in that order; each call suffers at most one. */
export class PlannedFaults implements FaultBook {
  #planned: Planned[] = [];

  add(fault: Fault): void {
    this.#planned.push({ fault, skip: fault.skip ?? 0, times: fault.times ?? 1 });
  }

  clear(): void {
    this.#planned = [];
  }

  next(service: FaultService, operation: string): Fault | undefined {
    for (const planned of this.#planned) {
      const { fault } = planned;
      if (fault.service !== service || (fault.operation !== undefined && fault.operation !== operation)) continue;
      if (planned.skip > 0) {
        planned.skip -= 1;
        continue;
      }
      planned.times -= 1;
      if (planned.times <= 0) this.#planned = this.#planned.filter(each => each !== planned);
      return fault;
    }
    return undefined;
  }
}
