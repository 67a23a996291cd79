import * as z from 'zod';
import { amountCents } from './fields';

/** What every operation has that opens Stripe's payment page for a bill, whoever asks. */
export const opensCheckout = {
  body: z.strictObject({ amountCents: amountCents.optional() }),
  answers: { 200: z.object({ url: z.string() }), 201: z.object({ url: z.string() }) },
  idempotency: 'accepted',
  timeoutSeconds: 29,
  uses: ['table:read', 'table:write', 'stripe'],
} as const;

export const checkoutProblems = [
  'bill_cancelled',
  'bill_already_paid',
  'external_payer',
  'amount_exceeds_balance',
  'amount_below_minimum',
  'payment_in_progress',
  'stripe_not_connected',
  'stripe_refused',
  'dependency_down',
] as const;
