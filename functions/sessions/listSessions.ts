import { addDays, calendarDate, instantOfLocal } from '../../shared/domain/calendar';
import { invalidInput } from '../../shared/domain/problem';
import { type Session, sessionBilling } from '../../shared/domain/session';
import { type Input, type Run, reply, serve } from '../../shared/http/serve';
import { maySee } from '../../shared/operations/caller';
import { listSessionsRow } from '../../shared/operations/sessions';
import { type ClientStore, clientStore } from '../../shared/store/clientStore';
import { type SessionStore, sessionStore } from '../../shared/store/sessionStore';
import { sessionsOfClient } from '../../shared/store/sessionsOfClient';
import { sessionView } from '../../shared/views/sessionView';

interface Needs {
  readonly sessions: SessionStore;
  readonly clients: ClientStore;
}
type In = Input<typeof listSessionsRow>;

export const listSessions =
  ({ sessions, clients }: Needs): Run<typeof listSessionsRow> =>
  async input => {
    const { caller, query } = input;
    const { clientId, from, to } = query;
    if (from !== undefined && to !== undefined && from > to) throw invalidInput('/to', 'must not be before from');
    if (clientId !== undefined) await clients.load(caller, clientId);
    const page =
      clientId === undefined
        ? await sessions.pageByStart(caller.practiceId, byStart(input))
        : await sessionsOfClient(caller.practiceId, { ...query, clientId });
    const items = page.sessions.filter(fits(input)).map(session => sessionView(session, caller));
    return reply(200, { items, nextCursor: page.nextCursor });
  };

/** `from` and `to` are days of the practice. */
function byStart({ caller: { timeZone }, query: { from, to, limit, cursor } }: In) {
  const midnight = (date: string, daysOn: number) =>
    instantOfLocal(addDays(calendarDate(date), daysOn), '00:00', timeZone);
  return {
    from: from === undefined ? undefined : midnight(from, 0),
    to: to === undefined ? undefined : midnight(to, 1),
    limit,
    cursor,
  };
}

const fits =
  ({ caller, query: { practitionerId, billing } }: In) =>
  (session: Session): boolean =>
    maySee(caller, session.practitionerId) &&
    (practitionerId === undefined || session.practitionerId === practitionerId) &&
    (billing === undefined || sessionBilling(session) === billing);

export const handler = serve(listSessionsRow, listSessions({ sessions: sessionStore, clients: clientStore }));
