import { waived } from '../../shared/domain/session';
import { type Operation, reply, serve } from '../../shared/http/serve';
import { waiveSessionRow } from '../../shared/operations/sessions';
import { decideAnew } from '../../shared/store/kernel';
import { type SessionStore, sessionStore } from '../../shared/store/sessionStore';
import { sessionView } from '../../shared/views/sessionView';

interface Needs {
  readonly sessions: SessionStore;
}

export const waiveSession = ({ sessions }: Needs): Operation<typeof waiveSessionRow> => ({
  run: ({ caller, path: { sessionId }, once }) =>
    decideAnew(async () => {
      const session = waived(await once.beside(sessions.load(caller, sessionId)));
      await sessions.replace(caller.practiceId, session, once.record(200, { sessionId }));
      return reply(200, sessionView(session, caller));
    }),
  replay: async ({ ids: { sessionId = '' } }, { caller }) =>
    reply(200, sessionView(await sessions.load(caller, sessionId), caller)),
});

export const handler = serve(waiveSessionRow, waiveSession({ sessions: sessionStore }));
