import type { Session, SessionService } from '../domain/session';
import { type Fields, type NameOfEach, naming } from './naming';

/** A session stands in three indexes and is put again by each bill and cancel; with its usual services it stays under 1 KB. */
const serviceNames: NameOfEach<SessionService> = {
  serviceId: 'i',
  code: 'c',
  description: 'd',
  units: 'u',
  priceCents: 'p',
  modifiers: 'm',
  diagnoses: 'g',
};
const service = naming(serviceNames);

export const packSession = ({ sessionId: _, ...session }: Session): Fields => ({
  ...session,
  services: session.services.map(service.shorten),
});

export function unpackSession(fields: Fields): Fields {
  const { services, ...rest } = fields as Fields & { readonly services: readonly Fields[] };
  return { ...rest, services: services.map(service.lengthen) };
}
