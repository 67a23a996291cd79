import Stripe from 'stripe';
import { Problem } from '../../shared/domain/problem';
import { type Run, reply, serve } from '../../shared/http/serve';
import { real } from '../../shared/needs';
import { receiveStripeEventRow } from '../../shared/operations/webhooks';
import { stripeEventStore } from '../../shared/store/stripeEventStore';
import { stripeSecret } from '../../shared/stripe/stripeClient';
import { eventMessage } from '../../shared/stripe/stripeEvents';
import { workQueues } from '../../shared/work/queues';

/**
 * Verifies the raw body, hands the event to the queue, then notes its id: should we die in between, Stripe's next try puts it
 * on the queue once more, which the worker does not mind. A known id is answered at once (`domain.md` rule 34).
 */
export const receiveStripeEvent =
  (needs = real, queues = workQueues): Run<typeof receiveStripeEventRow> =>
  async ({ rawBody, headers }) => {
    const event = verified(rawBody, headers['stripe-signature'], await stripeSecret());
    if (await stripeEventStore.known(event.id)) return reply(200, { received: true } as const);
    const message = eventMessage(event);
    if (message) await queues.send('stripe', [message]);
    await stripeEventStore.note(event, needs.clock.now());
    return reply(200, { received: true } as const);
  };

function verified(
  rawBody: Uint8Array,
  signature: string | undefined,
  { webhookSecret }: { webhookSecret: string },
): Stripe.Event {
  try {
    return Stripe.webhooks.constructEvent(Buffer.from(rawBody), signature ?? '', webhookSecret);
  } catch {
    throw new Problem('bad_signature');
  }
}

export const handler = serve(receiveStripeEventRow, receiveStripeEvent());
