import { type Clock, clock } from '../../shared/clock';
import { localDate } from '../../shared/domain/calendar';
import { type Run, reply, serve } from '../../shared/http/serve';
import { listDocumentsRow } from '../../shared/operations/documents';
import { type ClientStore, clientStore } from '../../shared/store/clientStore';
import { statusesOf } from '../../shared/store/documentStatus';
import { type DocumentsPage, documentsPage } from '../../shared/store/documentsStore';
import { statementEntity, superbillEntity } from '../../shared/store/table';
import { documentView } from '../../shared/views/documentView';

interface Needs {
  readonly clients: ClientStore;
  readonly documentsPage: DocumentsPage;
  readonly clock: Clock;
}

export const listDocuments =
  ({ clients, documentsPage, clock }: Needs): Run<typeof listDocumentsRow> =>
  async ({ caller, path: { clientId }, query: { limit, cursor } }) => {
    const [, page] = await Promise.all([
      clients.load(caller, clientId),
      documentsPage(caller.practiceId, { clientId, limit, cursor }),
    ]);
    const papers = [
      ...page.items.filter(statementEntity.is).map(statementEntity.record),
      ...page.items.filter(superbillEntity.is).map(superbillEntity.record),
    ];
    const around = {
      today: localDate(clock.now(), caller.timeZone),
      statusOf: await statusesOf(caller.practiceId, papers),
    };
    return reply(200, { items: page.items.flatMap(item => documentView(item, around)), nextCursor: page.nextCursor });
  };

export const handler = serve(listDocumentsRow, listDocuments({ clients: clientStore, documentsPage, clock }));
