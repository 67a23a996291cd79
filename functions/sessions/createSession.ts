import { instant, localDate } from '../../shared/domain/calendar';
import { type Client, clientName, clientSort } from '../../shared/domain/client';
import { given } from '../../shared/domain/given';
import { practises } from '../../shared/domain/members';
import { zeroCents } from '../../shared/domain/money';
import { invalidInput, Problem } from '../../shared/domain/problem';
import type { Session } from '../../shared/domain/session';
import { servicesOf } from '../../shared/domain/sessionServices';
import { type Input, type Operation, reply, serve } from '../../shared/http/serve';
import { idFrom, type NewId, newId } from '../../shared/ids';
import { maySee } from '../../shared/operations/caller';
import { createSessionRow } from '../../shared/operations/sessions';
import { decideAnew } from '../../shared/store/kernel';
import { type LoadSessionScene, loadSessionScene, type SessionScene } from '../../shared/store/sessionScene';
import { type SessionStore, sessionStore } from '../../shared/store/sessionStore';
import { refusePrices } from '../../shared/views/prices';
import { sessionView } from '../../shared/views/sessionView';

interface Needs {
  readonly sessions: SessionStore;
  readonly loadScene: LoadSessionScene;
  readonly newId: NewId;
}
type In = Input<typeof createSessionRow>;

export const createSession = ({ sessions, loadScene, newId }: Needs): Operation<typeof createSessionRow> => ({
  run: input =>
    decideAnew(async () => {
      const { caller, body, once } = input;
      const { practiceId } = caller;
      refusePrices(caller, body);
      const { clientId, practitionerId, externalId } = body;
      const serviceIds = body.services.map(service => service.serviceId);
      const scene = await once.beside(loadScene(practiceId, { clientId, practitionerId, serviceIds }));
      const client = clientOf(input, scene);
      const sessionId = externalId === undefined ? newId('ses') : idFrom('ses', practiceId, externalId);
      const session = newSession(input, { scene, client, sessionId });
      const found = externalId === undefined ? undefined : await sessions.find(practiceId, sessionId);
      if (found) return reply(200, sessionView(sameOrRefused(session, found), caller));
      await sessions.add(practiceId, session, client, once.record(201, { sessionId }));
      return reply(201, sessionView(session, caller));
    }),
  replay: async ({ ids: { sessionId = '' } }, { caller }) =>
    reply(201, sessionView(await sessions.load(caller, sessionId), caller)),
});

function clientOf({ caller, body }: In, { client, practitioner }: SessionScene): Client {
  if (!client || !maySee(caller, client.practitionerId)) throw new Problem('not_found', { what: 'client' });
  if (client.status === 'archived') throw new Problem('client_archived');
  if (!practitioner || !practises(practitioner) || !maySee(caller, body.practitionerId)) {
    throw invalidInput('/practitionerId', 'must be an active practitioner of this practice');
  }
  return client;
}

function newSession(
  { body }: In,
  { scene, client, sessionId }: { scene: SessionScene; client: Client; sessionId: string },
): Session {
  const startsAt = instant(body.startsAt);
  return given({
    ...body,
    sessionId,
    clientSort: clientSort(client),
    clientName: clientName(client),
    startsAt,
    dateOfService: localDate(startsAt, scene.practice.timeZone),
    services: servicesOf(body.services, scene.services),
    noShowFeeCents: zeroCents,
    claimReview: 'none' as const,
    requireSignedNote: scene.settings.requireSignedNote,
  });
}

/** Sent again by another system: the same session is answered as it stands, another one under its id is refused. */
function sameOrRefused(session: Session, found: Session): Session {
  const same =
    found.clientId === session.clientId &&
    found.practitionerId === session.practitionerId &&
    found.startsAt === session.startsAt;
  if (!same) throw new Problem('already_exists', { what: 'session', id: found.sessionId });
  return found;
}

export const handler = serve(
  createSessionRow,
  createSession({ sessions: sessionStore, loadScene: loadSessionScene, newId }),
);
