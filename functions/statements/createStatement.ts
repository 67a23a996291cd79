import { snapshotFiles } from '../../shared/documents/snapshotFiles';
import { calendarDate } from '../../shared/domain/calendar';
import { type Operation, reply, serve } from '../../shared/http/serve';
import { actOf, real } from '../../shared/needs';
import { createStatementRow } from '../../shared/operations/statements';
import { clientStore } from '../../shared/store/clientStore';
import { statementStore } from '../../shared/store/statementStore';
import { shownStatement } from '../../shared/views/statementView';

export const createStatement = (needs = real, files = snapshotFiles): Operation<typeof createStatementRow> => ({
  run: async ({ path: { clientId }, body, caller, once }) => {
    const { practiceId } = caller;
    await once.beside(clientStore.load(caller, clientId));
    const statementId = needs.newId('stm');
    const range = { from: calendarDate(body.from), to: calendarDate(body.to) };
    const made = await statementStore.create(
      practiceId,
      { statementId, clientId, ...range, comments: body.comments },
      { act: actOf(caller, needs), files, writes: once.record(201, { statementId }) },
    );
    return reply(201, await shownStatement(practiceId, made));
  },
  replay: async ({ ids: { statementId = '' } }, { path: { clientId }, caller: { practiceId } }) =>
    reply(
      201,
      await shownStatement(practiceId, await statementStore.load(practiceId, { clientId, statementId }, files)),
    ),
});

export const handler = serve(createStatementRow, createStatement());
