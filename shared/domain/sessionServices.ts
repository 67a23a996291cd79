import { given } from './given';
import type { Cents } from './money';
import type { Service } from './practice';
import { invalidInput } from './problem';
import { refuseIfDecided, type Session, type SessionService } from './session';

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

/**
 * The services of a session that a bill has decided: what insurers read of them may still be mended, modifiers and
 * diagnoses; what is not said stays. Problem: `session_state` when anything else would change.
 */
export function annotatedServices(session: Session, asked: readonly AskedService[]): SessionService[] {
  const { services } = session;
  const annotated = services.map((known, index): SessionService | undefined => {
    const { serviceId, units, priceCents, ...notes } = asked[index] ?? {};
    const isSame =
      serviceId === known.serviceId &&
      [undefined, known.units].includes(units) &&
      [undefined, known.priceCents].includes(priceCents);
    return isSame ? { ...known, ...given(notes) } : undefined;
  });
  const same = annotated.filter(service => service !== undefined);
  if (same.length !== asked.length || same.length !== services.length) refuseIfDecided(session);
  return same;
}
