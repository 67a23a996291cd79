import { type Run, reply, serve } from '../../shared/http/serve';
import { signOutRow } from '../../shared/operations/client';
import { accessStore } from '../../shared/store/accessStore';
import { removed } from '../../shared/store/changes';
import { decideAnew, transact } from '../../shared/store/kernel';
import { tokenEntity } from '../../shared/store/table';

export const signOut =
  (): Run<typeof signOutRow> =>
  ({ caller: { tokenHash } }) =>
    decideAnew(async () => {
      const record = await accessStore.findToken(tokenHash);
      if (record) await transact([removed(tokenEntity, record.practiceId, record)]);
      return reply(204, undefined);
    });

export const handler = serve(signOutRow, signOut());
