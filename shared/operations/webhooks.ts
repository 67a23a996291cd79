import * as z from 'zod';
import { row } from './row';

export const receiveStripeEventRow = row({
  operation: 'receiveStripeEvent',
  noun: 'webhooks',
  summary: 'Takes Stripe’s signed events: once each, quickly, followed by a worker',
  method: 'POST',
  path: '/webhooks/stripe',
  auth: 'none',
  openBecause: 'Stripe calls it; every body is checked against the endpoint’s signing secret',
  bodyFormat: 'raw',
  answers: { 200: z.object({ received: z.literal(true) }) },
  uses: ['table:read', 'table:write', 'stripeWebhookSecret', 'stripeQueue'],
  problems: ['bad_signature'],
});
