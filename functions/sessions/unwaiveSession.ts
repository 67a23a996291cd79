import { Problem } from '../../shared/domain/problem';
import { unwaived } from '../../shared/domain/session';
import { type Operation, reply, serve } from '../../shared/http/serve';
import { unwaiveSessionRow } from '../../shared/operations/sessions';
import { type ClientStore, clientStore } from '../../shared/store/clientStore';
import { decideAnew } from '../../shared/store/kernel';
import { type SessionStore, sessionStore } from '../../shared/store/sessionStore';
import { sessionView } from '../../shared/views/sessionView';

interface Needs {
  readonly sessions: SessionStore;
  readonly clients: ClientStore;
}

export const unwaiveSession = ({ sessions, clients }: Needs): Operation<typeof unwaiveSessionRow> => ({
  run: ({ caller, path: { sessionId }, once }) =>
    decideAnew(async () => {
      const { practiceId } = caller;
      const session = unwaived(await once.beside(sessions.load(caller, sessionId)));
      const client = await clients.find(practiceId, session.clientId);
      if (!client) throw new Problem('not_found', { what: 'client' });
      await sessions.replaceNamed(practiceId, session, client, once.record(200, { sessionId }));
      return reply(200, sessionView(session, caller));
    }),
  replay: async ({ ids: { sessionId = '' } }, { caller }) =>
    reply(200, sessionView(await sessions.load(caller, sessionId), caller)),
});

export const handler = serve(unwaiveSessionRow, unwaiveSession({ sessions: sessionStore, clients: clientStore }));
