import * as z from 'zod';
import { id, signedCents, text } from './fields';
import { paymentObject } from './objects';
import { billingRoles, row } from './row';

const creditObject = z.object({
  creditId: z.string(),
  amountCents: z.int(),
  reason: z.enum(['prepayment', 'overpayment', 'reimbursement', 'adjustment', 'applied', 'refunded']),
  sourcePaymentId: z.string().optional(),
  billId: z.string().optional(),
  createdAt: z.string(),
});

const clientPath = z.object({ clientId: id('cli') });

export const listCreditsRow = row({
  operation: 'listCredits',
  noun: 'credits',
  summary: 'A client’s credit: what is left, and where it came from and went',
  method: 'GET',
  path: '/clients/{clientId}/credits',
  auth: 'staff',
  roles: billingRoles,
  pathParams: clientPath,
  answers: { 200: z.object({ balanceCents: z.int(), items: z.array(creditObject), nextCursor: z.null() }) },
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
      collect: z.enum(['elsewhere']).optional(),
      description: text(200).optional(),
      notes: text(1000).optional(),
    })
    .superRefine((body, context) => {
      const refuse = (field: string, message: string) => context.addIssue({ code: 'custom', path: [field], message });
      if (body.reason === 'adjustment' && body.type) refuse('type', 'goes with money only');
      if (body.reason === 'adjustment' && !body.notes) refuse('notes', 'is required: an adjustment says why');
      if (body.reason !== 'adjustment' && !body.type) refuse('type', 'is required: how the money came');
      if (body.reason !== 'adjustment' && body.amountCents < 0) refuse('amountCents', 'must be above 0');
      if (body.type === 'card' && !body.collect) refuse('collect', 'is required with card');
      if (body.type !== 'card' && body.collect) refuse('collect', 'goes with card only');
      if (body.type === 'other' && !body.description) refuse('description', 'is required with other');
    }),
  answers: {
    201: z.object({
      credit: creditObject,
      payment: paymentObject.optional(),
      client: z.object({ clientId: z.string(), creditCents: z.int() }),
    }),
  },
  idempotency: 'required',
  uses: ['table:read', 'table:write'],
  problems: ['insufficient_credit'],
});
