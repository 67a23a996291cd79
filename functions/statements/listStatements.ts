import { type Run, reply, serve } from '../../shared/http/serve';
import { listStatementsRow } from '../../shared/operations/statements';
import { clientStore } from '../../shared/store/clientStore';
import { statusesOf } from '../../shared/store/documentStatus';
import { statementStore } from '../../shared/store/statementStore';
import { statementSummary } from '../../shared/views/statementView';

export const listStatements =
  (clients = clientStore): Run<typeof listStatementsRow> =>
  async ({ caller, path: { clientId }, query: { limit, cursor } }) => {
    const [, page] = await Promise.all([
      clients.load(caller, clientId),
      statementStore.page(caller.practiceId, { clientId, limit, cursor }),
    ]);
    const statusOf = await statusesOf(caller.practiceId, page.statements);
    const items = page.statements.map(statement => statementSummary(statement, statusOf(statement)));
    return reply(200, { items, nextCursor: page.nextCursor });
  };

export const handler = serve(listStatementsRow, listStatements());
