import { snapshotFiles } from '../../shared/documents/snapshotFiles';
import { type Run, reply, serve } from '../../shared/http/serve';
import { getStatementRow } from '../../shared/operations/statements';
import { clientStore } from '../../shared/store/clientStore';
import { statementStore } from '../../shared/store/statementStore';
import { shownStatement } from '../../shared/views/statementView';

export const getStatement =
  (files = snapshotFiles): Run<typeof getStatementRow> =>
  async ({ caller, path }) => {
    const [, found] = await Promise.all([
      clientStore.load(caller, path.clientId),
      statementStore.load(caller.practiceId, path, files),
    ]);
    return reply(200, await shownStatement(caller.practiceId, found));
  };

export const handler = serve(getStatementRow, getStatement());
