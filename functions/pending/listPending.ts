import { sumCents } from '../../shared/domain/money';
import { billableCents } from '../../shared/domain/session';
import { type Run, reply, serve } from '../../shared/http/serve';
import { maySee } from '../../shared/operations/caller';
import { listPendingRow } from '../../shared/operations/pending';
import { type PendingPage, pendingPage } from '../../shared/store/pendingStore';
import { sessionView } from '../../shared/views/sessionView';

interface Needs {
  readonly pendingPage: PendingPage;
}

export const listPending =
  ({ pendingPage }: Needs): Run<typeof listPendingRow> =>
  async ({ caller, query: { practitionerId, limit, cursor } }) => {
    const { clients, nextCursor } = await pendingPage(caller.practiceId, {
      limit,
      cursor,
      keep: session =>
        maySee(caller, session.practitionerId) &&
        (practitionerId === undefined || session.practitionerId === practitionerId),
    });
    const items = clients.map(({ clientId, clientName, sessions }) => ({
      clientId,
      clientName,
      sessions: sessions.map(session => sessionView(session, caller)),
      sumCents: sumCents(sessions.map(billableCents)),
    }));
    return reply(200, { items, nextCursor });
  };

export const handler = serve(listPendingRow, listPending({ pendingPage }));
