import { type Run, reply, serve } from '../../shared/http/serve';
import { listStatementsRow } from '../../shared/operations/statements';
import { clientStore } from '../../shared/store/clientStore';
import { statementStore } from '../../shared/store/statementStore';
import { statementSummary } from '../../shared/views/statementView';

export const listStatements =
  (clients = clientStore): Run<typeof listStatementsRow> =>
  async ({ caller, path: { clientId }, query: { limit, cursor } }) => {
    const [, page] = await Promise.all([
      clients.load(caller, clientId),
      statementStore.page(caller.practiceId, { clientId, limit, cursor }),
    ]);
    return reply(200, { items: page.statements.map(statementSummary), nextCursor: page.nextCursor });
  };

export const handler = serve(listStatementsRow, listStatements());
