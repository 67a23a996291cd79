import { snapshotFiles } from '../../shared/documents/snapshotFiles';
import { invariant } from '../../shared/domain/invariant';
import { type Input, type Operation, reply, serve } from '../../shared/http/serve';
import { actOf, real } from '../../shared/needs';
import { shareStatementRow } from '../../shared/operations/statements';
import { clientStore } from '../../shared/store/clientStore';
import { statementStore } from '../../shared/store/statementStore';
import { shownStatement } from '../../shared/views/statementView';
import { shareByHand } from '../../shared/work/shareClientDocument';

/** R23: the mail itself is due work of this transaction; a share in the portal only has happened at once. */
export const shareStatement = (needs = real, files = snapshotFiles): Operation<typeof shareStatementRow> => {
  const answer = async (
    { path, caller: { practiceId } }: Input<typeof shareStatementRow>,
    shareId: string | undefined,
  ) => {
    const statement = await shownStatement(practiceId, await statementStore.load(practiceId, path, files));
    const share = statement.shares.find(known => known.shareId === shareId);
    invariant(share, 'what was shared has its share');
    return share.channel === 'portal' ? reply(200, { share, statement }) : reply(202, { share, statement });
  };
  return {
    run: async input => {
      const { path, body, caller, once } = input;
      const { clientId, statementId: id } = path;
      await once.beside(clientStore.load(caller, clientId));
      const document = { kind: 'statement', id, clientId } as const;
      const along = { act: actOf(caller, needs), newId: needs.newId, record: once.record };
      return answer(input, await shareByHand(caller.practiceId, { document, asked: body }, along));
    },
    replay: ({ ids: { shareId } }, input) => answer(input, shareId),
  };
};

export const handler = serve(shareStatementRow, shareStatement());
