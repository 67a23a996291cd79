import { type Run, reply, serve } from '../../shared/http/serve';
import { getSessionRow } from '../../shared/operations/sessions';
import { type SessionStore, sessionStore } from '../../shared/store/sessionStore';
import { sessionView } from '../../shared/views/sessionView';

interface Needs {
  readonly sessions: SessionStore;
}

export const getSession =
  ({ sessions }: Needs): Run<typeof getSessionRow> =>
  async ({ caller, path: { sessionId } }) =>
    reply(200, sessionView(await sessions.load(caller, sessionId), caller));

export const handler = serve(getSessionRow, getSession({ sessions: sessionStore }));
