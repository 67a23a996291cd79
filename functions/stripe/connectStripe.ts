import { config } from '../../shared/config';
import { Problem } from '../../shared/domain/problem';
import { type Run, reply, serve } from '../../shared/http/serve';
import { real } from '../../shared/needs';
import { connectStripeRow } from '../../shared/operations/stripe';
import { connectStore } from '../../shared/store/connectStore';
import { decideAnew } from '../../shared/store/kernel';
import { practiceStore } from '../../shared/store/practiceStore';
import { accountClaimed } from '../../shared/store/stripeAccountStore';
import { stripeConnect } from '../../shared/stripe/stripeConnect';

export const connectStripe =
  (needs = real, connect = stripeConnect): Run<typeof connectStripeRow> =>
  async ({ caller: { practiceId, memberId } }) => {
    const accountId = await decideAnew(() => accountOf(practiceId, connect));
    const state = await connectStore.open({ practiceId, memberId, accountId }, needs.clock.now());
    const back = `${config.publicUrl()}/settings/payments`;
    const url = await connect.page(accountId, { returnUrl: `${back}#connected=${state}`, refreshUrl: `${back}#again` });
    return reply(201, { url });
  };

/** The account that this practice is connecting, made when it has none; one that is connected stays. */
async function accountOf(practiceId: string, connect: typeof stripeConnect): Promise<string> {
  const practice = await practiceStore.load(practiceId);
  const { status, accountId: known } = practice.stripe;
  if (status === 'ready') throw new Problem('stripe_connected', known ? { accountId: known } : {});
  if (known && status === 'pending') return known;
  const [accountId, mode] = await Promise.all([connect.newAccount(practiceId), connect.mode()]);
  const claim = known === accountId ? [] : [accountClaimed(practiceId, accountId)];
  await practiceStore.replace({ ...practice, stripe: { status: 'pending', accountId, mode } }, claim);
  return accountId;
}

export const handler = serve(connectStripeRow, connectStripe());
