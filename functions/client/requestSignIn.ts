import { isProblem } from '../../shared/domain/problem';
import { type Run, reply, serve } from '../../shared/http/serve';
import { logger } from '../../shared/logger';
import { real } from '../../shared/needs';
import { requestSignInRow } from '../../shared/operations/client';
import { addressHash } from '../../shared/store/address';
import type { Key } from '../../shared/store/kernel';
import { rateStore, signInsFrom, signInsOf } from '../../shared/store/rateStore';
import { signInStore } from '../../shared/store/signInStore';
import { type WorkQueues, workQueues } from '../../shared/work/queues';

/** Nobody is looked up here: the same reads and writes for every address, so neither answer nor time tells who is a client. */
export const requestSignIn =
  (needs = real, queues = workQueues): Run<typeof requestSignInRow> =>
  async ({ body: { email }, address }) => {
    const at = needs.clock.now();
    const hash = addressHash(email);
    await rateStore.take([signInsFrom(address)], at);
    const asked = await rateStore.take(signInsOf(hash, address), at).catch(tooOften);
    if (asked) await sendAtOnce(await signInStore.ask(hash, needs), queues);
    return reply(202, { accepted: true } as const);
  };

/** Of one address: nobody learns whether it was asked for before. */
function tooOften(error: unknown): undefined {
  if (isProblem(error, 'too_many_requests')) return undefined;
  throw error;
}

/** Somebody waits before a screen. What the queue did not take the sweep brings a minute later. */
const sendAtOnce = ({ pk, sk }: Key, queues: WorkQueues): Promise<unknown> =>
  queues
    .send('mail', [{ pk, sk }])
    .catch((error: unknown) => logger.error('a code to sign in waits for the sweep', { error: error as Error }));

export const handler = serve(requestSignInRow, requestSignIn());
