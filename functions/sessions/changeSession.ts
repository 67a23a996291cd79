import { instant, localDate } from '../../shared/domain/calendar';
import { given } from '../../shared/domain/given';
import { practises } from '../../shared/domain/members';
import { invalidInput, Problem } from '../../shared/domain/problem';
import { refuseIfDecided, type Session } from '../../shared/domain/session';
import { annotatedServices, servicesOf } from '../../shared/domain/sessionServices';
import { type Input, type Run, reply, serve } from '../../shared/http/serve';
import { maySee, type StaffCaller } from '../../shared/operations/caller';
import { changeSessionRow } from '../../shared/operations/sessions';
import { decideAnew } from '../../shared/store/kernel';
import { type LoadSessionScene, loadSessionScene, type SessionScene } from '../../shared/store/sessionScene';
import { type SessionStore, sessionStore } from '../../shared/store/sessionStore';
import { refusePrices } from '../../shared/views/prices';
import { sessionView } from '../../shared/views/sessionView';

interface Needs {
  readonly sessions: SessionStore;
  readonly loadScene: LoadSessionScene;
}
type Body = Input<typeof changeSessionRow>['body'];

export const changeSession =
  ({ sessions, loadScene }: Needs): Run<typeof changeSessionRow> =>
  ({ caller, path: { sessionId }, body }) =>
    decideAnew(async () => {
      refusePrices(caller, body);
      const before = await sessions.load(caller, sessionId);
      const { noteSigned, claimReview, services, ...bound } = body;
      if (Object.values(bound).some(value => value !== undefined)) refuseIfDecided(before);
      const scene = await loadScene(caller.practiceId, wantedBy(before, body));
      if (!scene.client) throw new Problem('not_found', { what: 'client' });
      if (body.practitionerId !== undefined) refuseUnknownPractitioner(caller, body.practitionerId, scene);
      const session = changed(before, { body, scene });
      await sessions.replaceNamed(caller.practiceId, session, scene.client);
      return reply(200, sessionView(session, caller));
    });

const wantedBy = ({ clientId, practitionerId }: Session, body: Body) => ({
  clientId,
  practitionerId: body.practitionerId ?? practitionerId,
  serviceIds: (body.services ?? []).map(service => service.serviceId),
});

function refuseUnknownPractitioner(caller: StaffCaller, practitionerId: string, { practitioner }: SessionScene): void {
  if (!practitioner || !practises(practitioner) || !maySee(caller, practitionerId)) {
    throw invalidInput('/practitionerId', 'must be an active practitioner of this practice');
  }
}

const wantedServices = (before: Session, asked: NonNullable<Body['services']>, { services }: SessionScene) =>
  before.billing ? annotatedServices(before, asked) : servicesOf(asked, services);

/** A session that is moved has the date of its new time; the old time, said again in a new zone, moves nothing. */
function changed(before: Session, { body, scene }: { body: Body; scene: SessionScene }): Session {
  const { startsAt, services, ...fields } = body;
  const said = startsAt === undefined ? undefined : instant(startsAt);
  const moved = said === before.startsAt ? undefined : said;
  return {
    ...before,
    ...given(fields),
    ...(moved === undefined ? {} : { startsAt: moved, dateOfService: localDate(moved, scene.practice.timeZone) }),
    ...(services === undefined ? {} : { services: wantedServices(before, services, scene) }),
    requireSignedNote: scene.settings.requireSignedNote,
  };
}

export const handler = serve(changeSessionRow, changeSession({ sessions: sessionStore, loadScene: loadSessionScene }));
