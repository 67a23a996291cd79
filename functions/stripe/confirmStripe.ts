import { type Run, reply, serve } from '../../shared/http/serve';
import { real } from '../../shared/needs';
import { confirmStripeRow } from '../../shared/operations/stripe';
import { connectStore } from '../../shared/store/connectStore';
import { practiceStore } from '../../shared/store/practiceStore';
import { followAccount } from '../../shared/stripe/followAccount';
import { connectionView, stripeConnect } from '../../shared/stripe/stripeConnect';

export const confirmStripe =
  (needs = real, connect = stripeConnect): Run<typeof confirmStripeRow> =>
  async ({ caller: { practiceId, memberId }, body }) => {
    const { accountId } = (await practiceStore.load(practiceId)).stripe;
    const underWay = await connectStore.find(body.state, { practiceId, memberId, accountId }, needs.clock.now());
    const { practice, state } = await followAccount(practiceId, needs.clock.now(), connect);
    // Last, so that whoever learns that Stripe does not answer now may come back with it.
    await connectStore.take(underWay);
    return reply(200, connectionView(practice, state));
  };

export const handler = serve(confirmStripeRow, confirmStripe());
