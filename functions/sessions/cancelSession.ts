import { Problem } from '../../shared/domain/problem';
import { cancelled } from '../../shared/domain/session';
import { type Operation, reply, serve } from '../../shared/http/serve';
import { cancelSessionRow } from '../../shared/operations/sessions';
import { decideAnew } from '../../shared/store/kernel';
import { type LoadSessionScene, loadSessionScene } from '../../shared/store/sessionScene';
import { type SessionStore, sessionStore } from '../../shared/store/sessionStore';
import { refusePrices } from '../../shared/views/prices';
import { sessionView } from '../../shared/views/sessionView';

interface Needs {
  readonly sessions: SessionStore;
  readonly loadScene: LoadSessionScene;
}

export const cancelSession = ({ sessions, loadScene }: Needs): Operation<typeof cancelSessionRow> => ({
  run: ({ caller, path: { sessionId }, body, once }) =>
    decideAnew(async () => {
      const { practiceId } = caller;
      refusePrices(caller, body);
      const before = await once.beside(sessions.load(caller, sessionId));
      const { client, settings } = await loadScene(practiceId, { ...before, serviceIds: [] });
      if (!client) throw new Problem('not_found', { what: 'client' });
      const { status, noShowFeeCents } = body;
      const session = cancelled(before, { status, noShowFeeCents }, settings);
      await sessions.replaceNamed(practiceId, session, client, once.record(200, { sessionId }));
      return reply(200, sessionView(session, caller));
    }),
  replay: async ({ ids: { sessionId = '' } }, { caller }) =>
    reply(200, sessionView(await sessions.load(caller, sessionId), caller)),
});

export const handler = serve(cancelSessionRow, cancelSession({ sessions: sessionStore, loadScene: loadSessionScene }));
