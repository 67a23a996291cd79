import { signInCode } from '../../shared/access/signInCode';
import { Problem } from '../../shared/domain/problem';
import { takesCode } from '../../shared/domain/signIn';
import { linkKey } from '../../shared/http/linkKey';
import { sameText } from '../../shared/http/sameText';
import { type Run, reply, serve } from '../../shared/http/serve';
import { logger } from '../../shared/logger';
import { real } from '../../shared/needs';
import { confirmSignInRow } from '../../shared/operations/client';
import { addressHash } from '../../shared/store/address';
import { newClientToken } from '../../shared/store/clientTokens';
import { decideAnew, transact } from '../../shared/store/kernel';
import { accountsOf } from '../../shared/store/portalStore';
import { rateStore, signInGuesses } from '../../shared/store/rateStore';
import { signInStore } from '../../shared/store/signInStore';
import { signedIn } from '../../shared/views/portalView';

/**
 * Every way in which a code does not fit is answered alike. A wrong one is counted in the write that comes before its
 * answer, and a right one is spent with the token that it opens, so a thousand at once get no more than five answers.
 */
export const confirmSignIn =
  (needs = real, key = linkKey): Run<typeof confirmSignInRow> =>
  async ({ body: { email, code }, address }) => {
    const hash = addressHash(email);
    const limits = signInGuesses(hash, address);
    const [tries] = await rateStore.take(limits, needs.clock.now());
    // An error, not a warning, since alarms look at errors: nobody signs in for the rest of the hour.
    if (tries === limits[0].most) logger.error('the wrong codes of this hour are used up', { tries });
    const session = await decideAnew(async () => {
      const now = needs.clock.now();
      const signIn = await signInStore.find(hash);
      const fits = sameText(signInCode(signIn?.signInId ?? '', await key()), code);
      if (!signIn || !takesCode(signIn, now)) throw new Problem('sign_in_refused');
      // Only a right code leads to the charts: how long a wrong one takes tells nothing of the address.
      const accounts = fits ? await accountsOf(hash) : [];
      const [first] = accounts;
      if (!first) {
        await signInStore.replace({ ...signIn, tries: signIn.tries + 1 });
        throw new Problem('sign_in_refused');
      }
      const token = newClientToken(first, { addressHash: hash }, now);
      await transact([signInStore.spend(signIn), token.write]);
      return signedIn(accounts, first.accountId, token);
    });
    await rateStore.giveBack(limits, needs.clock.now());
    return reply(200, session);
  };

export const handler = serve(confirmSignInRow, confirmSignIn());
