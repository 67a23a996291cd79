import { Problem } from '../../shared/domain/problem';
import { completed } from '../../shared/domain/session';
import { type Operation, reply, serve } from '../../shared/http/serve';
import { completeSessionRow } from '../../shared/operations/sessions';
import { decideAnew } from '../../shared/store/kernel';
import { type LoadSessionScene, loadSessionScene } from '../../shared/store/sessionScene';
import { type SessionStore, sessionStore } from '../../shared/store/sessionStore';
import { sessionView } from '../../shared/views/sessionView';

interface Needs {
  readonly sessions: SessionStore;
  readonly loadScene: LoadSessionScene;
}

export const completeSession = ({ sessions, loadScene }: Needs): Operation<typeof completeSessionRow> => ({
  run: ({ caller, path: { sessionId }, body, once }) =>
    decideAnew(async () => {
      const { practiceId } = caller;
      const before = await once.beside(sessions.load(caller, sessionId));
      const { client, settings } = await loadScene(practiceId, { ...before, serviceIds: [] });
      if (!client) throw new Problem('not_found', { what: 'client' });
      const session = {
        ...completed(before),
        noteSigned: body.noteSigned ?? before.noteSigned,
        requireSignedNote: settings.requireSignedNote,
      };
      await sessions.replaceNamed(practiceId, session, client, once.record(200, { sessionId }));
      return reply(200, sessionView(session, caller));
    }),
  replay: async ({ ids: { sessionId = '' } }, { caller }) =>
    reply(200, sessionView(await sessions.load(caller, sessionId), caller)),
});

export const handler = serve(
  completeSessionRow,
  completeSession({ sessions: sessionStore, loadScene: loadSessionScene }),
);
