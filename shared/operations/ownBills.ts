import * as z from 'zod';
import { amountCents, id, pageOf, pageQuery } from './fields';
import { checkoutProblems, opensCheckout } from './opensCheckout';
import { row } from './row';

const cents = z.int();

/** A bill in a client’s list: no member of staff, no mark or note of theirs. */
export const ownBillSummaryObject = z.object({
  billId: z.string(),
  number: z.string(),
  clientId: z.string(),
  clientName: z.string(),
  status: z.enum(['open', 'partially_paid', 'awaiting_insurance', 'paid', 'cancelled']),
  overdue: z.boolean(),
  issuedOn: z.string(),
  dueOn: z.string(),
  totalCents: cents,
  clientPortionCents: cents,
  clientPaidCents: cents,
  clientBalanceCents: cents,
  insurerPortionCents: cents,
  insurerPaidCents: cents,
  /** Of a charge under way. */
  reservedCents: cents,
});
export type OwnBillSummaryObject = z.input<typeof ownBillSummaryObject>;

export const ownPaymentObject = z.object({
  paymentId: z.string(),
  type: z.enum(['card', 'cash_check', 'credit_discount', 'other']),
  source: z.enum(['credit', 'discount']).optional(),
  amountCents: cents,
  refundedCents: cents,
  paidAt: z.string(),
  status: z.string(),
  card: z.object({ brand: z.string(), last4: z.string() }).optional(),
  /** Where the bank asks to confirm a charge that waits for it. Like `card`, shown to whoever pays by it alone. */
  redirectUrl: z.string().optional(),
});
export type OwnPaymentObject = z.input<typeof ownPaymentObject>;

/** A bill as its paper shows it, and what the client paid on it. No diagnosis ever stands on a bill. */
export const ownBillObject = ownBillSummaryObject.extend({
  practiceName: z.string(),
  currency: z.string(),
  onlinePayments: z.boolean(),
  allowPartial: z.boolean(),
  minimumCents: cents,
  lines: z.array(
    z.object({
      kind: z.enum(['service', 'product', 'no_show', 'adjustment']),
      dateOfService: z.string().optional(),
      code: z.string().optional(),
      description: z.string(),
      units: z.number(),
      amountCents: cents,
      clientPortionCents: cents,
      insurerPortionCents: cents,
    }),
  ),
  comments: z.string(),
  footer: z.string(),
  payments: z.array(ownPaymentObject),
});
export type OwnBillObject = z.input<typeof ownBillObject>;

const billPath = z.object({ billId: id('bill') });

export const listOwnBillsRow = row({
  operation: 'listOwnBills',
  noun: 'client',
  summary: 'The bills of this account, the newest first: those that were shared, or all where the practice shows all',
  method: 'GET',
  path: '/client/bills',
  auth: 'client',
  query: z.strictObject({ ...pageQuery, clientId: id('cli').optional() }),
  answers: { 200: pageOf(ownBillSummaryObject) },
  uses: ['table:read'],
  problems: ['not_found'],
});

export const getOwnBillRow = row({
  operation: 'getOwnBill',
  noun: 'client',
  summary: 'One bill with its lines and what the client paid on it',
  method: 'GET',
  path: '/client/bills/{billId}',
  auth: 'client',
  pathParams: billPath,
  answers: { 200: ownBillObject },
  uses: ['table:read'],
});

export const getOwnBillPdfRow = row({
  operation: 'getOwnBillPdf',
  noun: 'client',
  summary: 'The bill on paper: bytes, a link, or a redirect to one',
  method: 'GET',
  path: '/client/bills/{billId}/pdf',
  auth: 'client',
  pathParams: billPath,
  answers: {
    200: z.union([z.object({ url: z.string(), expiresAt: z.string() }), z.instanceof(Uint8Array)]),
    302: null,
  },
  bytesAre: 'application/pdf',
  uses: ['table:read', 'documents:read', 'documents:write'],
  memoryMb: 1024,
});

export const createOwnCheckoutRow = row({
  operation: 'createOwnCheckout',
  noun: 'client',
  summary: 'Opens Stripe’s payment page for a bill; the same page for the same amount, as a guest’s',
  method: 'POST',
  path: '/client/bills/{billId}/checkout',
  auth: 'client',
  pathParams: billPath,
  ...opensCheckout,
  problems: [...checkoutProblems],
});

const ownPayment = z.object({ payment: ownPaymentObject, bill: ownBillObject });

export const payOwnBillRow = row({
  operation: 'payOwnBill',
  noun: 'client',
  summary: 'Pays by a saved card of this payer; a bank that asks to confirm is answered at `redirectUrl`',
  method: 'POST',
  path: '/client/bills/{billId}/payments',
  auth: 'client',
  pathParams: billPath,
  body: z.strictObject({ amountCents, cardId: id('card') }),
  answers: { 201: ownPayment, 202: ownPayment },
  idempotency: 'required',
  timeoutSeconds: 29,
  uses: ['table:read', 'table:write', 'stripe'],
  problems: [
    'amount_exceeds_balance',
    'payment_in_progress',
    'bill_cancelled',
    'stripe_not_connected',
    'stripe_refused',
    'card_declined',
    'authentication_required',
    'no_card',
    'external_payer',
    'amount_below_minimum',
    'request_in_progress',
    'too_much_at_once',
  ],
});
