import * as z from 'zod';
import { id, prose, signedCents, text } from './fields';
import { paymentObject } from './objects';
import { billingRoles, row } from './row';

export const creditObject = z.object({
  creditId: z.string(),
  amountCents: z.int(),
  reason: z.enum(['prepayment', 'overpayment', 'reimbursement', 'adjustment', 'applied', 'refunded']),
  sourcePaymentId: z.string().optional(),
  billId: z.string().optional(),
  createdAt: z.string(),
});

const clientPath = z.object({ clientId: id('cli') });

const creditOfClient = z.object({ clientId: z.string(), creditCents: z.int() });

export const listCreditsRow = row({
  operation: 'listCredits',
  noun: 'credits',
  summary: 'A client’s credit: what is left, and where it came from and went',
  method: 'GET',
  path: '/clients/{clientId}/credits',
  auth: 'staff',
  roles: billingRoles,
  pathParams: clientPath,
  answers: {
    200: z.object({
      balanceCents: z.int(),
      items: z.array(creditObject),
      /** Prepayments that Stripe has not answered yet, or refused. */
      attempts: z.array(paymentObject),
      nextCursor: z.null(),
    }),
  },
  uses: ['table:read'],
});

export const addCreditRow = row({
  operation: 'addCredit',
  noun: 'credits',
  summary: 'Takes a prepayment, leaves a reimbursement as credit, or adjusts credit by hand',
  method: 'POST',
  path: '/clients/{clientId}/credits',
  auth: 'staff',
  roles: billingRoles,
  pathParams: clientPath,
  body: z
    .strictObject({
      amountCents: signedCents.refine(amount => amount !== 0, 'must not be 0'),
      reason: z.enum(['prepayment', 'reimbursement', 'adjustment']),
      type: z.enum(['card', 'cash_check', 'other']).optional(),
      collect: z.enum(['stripe', 'elsewhere']).optional(),
      cardId: id('card').optional(),
      description: text(200).optional(),
      notes: prose(1000).optional(),
    })
    .superRefine((body, context) => {
      const refuse = (field: string, message: string) => context.addIssue({ code: 'custom', path: [field], message });
      if (body.reason === 'adjustment' && body.type) refuse('type', 'goes with money only');
      if (body.reason === 'adjustment' && !body.notes) refuse('notes', 'is required: an adjustment says why');
      if (body.reason !== 'adjustment' && !body.type) refuse('type', 'is required: how the money came');
      if (body.reason !== 'adjustment' && body.amountCents < 0) refuse('amountCents', 'must be above 0');
      if (body.type === 'card' && !body.collect) refuse('collect', 'is required with card: stripe or elsewhere');
      if (body.type !== 'card' && body.collect) refuse('collect', 'goes with card only');
      if (body.collect === 'stripe' && body.reason !== 'prepayment') refuse('collect', 'stripe takes prepayments only');
      if (body.cardId && body.collect !== 'stripe') refuse('cardId', 'goes with collect: stripe only');
      if (body.type === 'other' && !body.description) refuse('description', 'is required with other');
    }),
  answers: {
    201: z.object({ credit: creditObject, payment: paymentObject.optional(), client: creditOfClient }),
    202: z.object({ payment: paymentObject, client: creditOfClient }),
  },
  idempotency: 'required',
  timeoutSeconds: 29,
  uses: ['table:read', 'table:write', 'stripe'],
  problems: [
    'insufficient_credit',
    'client_archived',
    'stripe_not_connected',
    'stripe_refused',
    'no_card',
    'card_declined',
    'authentication_required',
    'amount_below_minimum',
    'request_in_progress',
  ],
});
