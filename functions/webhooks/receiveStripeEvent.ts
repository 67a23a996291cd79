import { Problem } from '../../shared/domain/problem';
import { type Run, reply, serve } from '../../shared/http/serve';
import { logger } from '../../shared/logger';
import { real } from '../../shared/needs';
import { receiveStripeEventRow } from '../../shared/operations/webhooks';
import { stripeEventStore } from '../../shared/store/stripeEventStore';
import { isSignedByStripe } from '../../shared/stripe/signature';
import { eventIn, eventMessage } from '../../shared/stripe/stripeEvents';
import { isLiveKey, signingSecrets, stripeSecret } from '../../shared/stripe/stripeSecret';
import { workQueues } from '../../shared/work/queues';

/**
 * Verifies the raw body, hands the event to the queue, then notes its id: should we die in between, Stripe's next try puts it
 * on the queue once more, which the worker does not mind. A known id is answered at once (`domain.md` rule 34).
 */
export const receiveStripeEvent =
  (needs = real, queues = workQueues): Run<typeof receiveStripeEventRow> =>
  async ({ rawBody, headers }) => {
    const secret = await stripeSecret();
    const secrets = signingSecrets(secret);
    const now = needs.clock.now();
    const signed = isSignedByStripe(rawBody, headers['stripe-signature'], { secrets, now });
    const event = signed ? eventIn(rawBody) : undefined;
    if (!event) throw new Problem('bad_signature');
    if (event.livemode === !isLiveKey(secret)) {
      // An endpoint for connected accounts hears of their test mode as well, of which our key can look at nothing.
      logger.info('an event of the other mode', { eventId: event.id, type: event.type, account: event.account });
      return reply(200, { received: true } as const);
    }
    if (await stripeEventStore.known(event.id)) return reply(200, { received: true } as const);
    const message = eventMessage(event);
    if (message && (await queues.send('stripe', [message])).sent === 0) {
      // No sweep finds an event that is lost here: unanswered, Stripe tells it again.
      throw new Problem('dependency_down', { dependency: 'The queue', retryAfterSeconds: 5 });
    }
    await stripeEventStore.note(event, now);
    return reply(200, { received: true } as const);
  };

export const handler = serve(receiveStripeEventRow, receiveStripeEvent());
