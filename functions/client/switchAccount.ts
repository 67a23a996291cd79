import { Problem } from '../../shared/domain/problem';
import { type Run, reply, serve } from '../../shared/http/serve';
import { real } from '../../shared/needs';
import { switchAccountRow } from '../../shared/operations/client';
import { accessStore } from '../../shared/store/accessStore';
import { removed } from '../../shared/store/changes';
import { newClientToken } from '../../shared/store/clientTokens';
import { decideAnew, transact } from '../../shared/store/kernel';
import { accountsOf } from '../../shared/store/portalStore';
import { tokenEntity } from '../../shared/store/table';
import { signedIn } from '../../shared/views/portalView';

/** A new token, since the gateway may have kept for a minute what the first one sees; the first one ends with it. */
export const switchAccount =
  (needs = real): Run<typeof switchAccountRow> =>
  ({ body: { accountId }, caller: { tokenHash } }) =>
    decideAnew(async () => {
      const record = await accessStore.findToken(tokenHash);
      if (!record?.addressHash) throw new Problem('unauthenticated', { reason: 'the session has ended' });
      const { addressHash, endsAt, practiceId } = record;
      const accounts = await accountsOf(addressHash);
      const account = accounts.find(known => known.accountId === accountId);
      if (!account) throw new Problem('not_found', { what: 'account' });
      const token = newClientToken(account, { addressHash, endsAt }, needs.clock.now());
      await transact([removed(tokenEntity, practiceId, record), token.write]);
      return reply(200, signedIn(accounts, accountId, token));
    });

export const handler = serve(switchAccountRow, switchAccount());
