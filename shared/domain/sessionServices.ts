import { given } from './given';
import type { Cents } from './money';
import type { Service } from './practice';
import { invalidInput } from './problem';
import type { SessionService } from './session';

/** What is asked for a session; price and text are the service's unless given (`api.md`). */
export interface AskedService {
  readonly serviceId: string;
  readonly units?: number | undefined;
  readonly priceCents?: Cents | undefined;
  readonly modifiers?: readonly string[] | undefined;
  readonly diagnoses?: readonly string[] | undefined;
}

/** Snapshots: a later change of the service leaves the session as it was. */
export function servicesOf(asked: readonly AskedService[], known: readonly Service[]): SessionService[] {
  return asked.map(({ serviceId, units = 1, priceCents, modifiers = [], diagnoses = [] }, index) => {
    const service = known.find(candidate => candidate.serviceId === serviceId);
    if (!service?.active) throw invalidInput(`/services/${index}/serviceId`, 'must be an active service');
    return given({
      serviceId,
      code: service.code,
      description: service.description,
      units,
      priceCents: priceCents ?? service.priceCents,
      modifiers,
      diagnoses,
    });
  });
}
