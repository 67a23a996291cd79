import { type Run, reply, serve } from '../../shared/http/serve';
import { getStripeStatusRow } from '../../shared/operations/stripe';
import { practiceStore } from '../../shared/store/practiceStore';
import { connectionView, stripeConnect } from '../../shared/stripe/stripeConnect';

export const getStripeStatus =
  (connect = stripeConnect): Run<typeof getStripeStatusRow> =>
  async ({ caller }) => {
    const practice = await practiceStore.load(caller.practiceId);
    const { status, accountId } = practice.stripe;
    // Without a connection there is nothing to ask Stripe about.
    const state = status === 'not_connected' ? undefined : await connect.read(accountId);
    return reply(200, connectionView(practice, state));
  };

export const handler = serve(getStripeStatusRow, getStripeStatus());
