import * as z from 'zod';
import { id, pageOf, pageQuery } from './fields';
import { billObject, paymentObject } from './objects';
import { officeRoles, row } from './row';

const unmatchedObject = z.object({
  payment: paymentObject,
  /** What nobody knows of it still: not refunded, not attached. */
  unmatchedCents: z.int(),
  foundAt: z.string(),
});

export const listUnmatchedPaymentsRow = row({
  operation: 'listUnmatchedPayments',
  noun: 'unmatched',
  summary: 'Charges made by hand in Stripe that belong to no bill and no client yet',
  method: 'GET',
  path: '/unmatched-payments',
  auth: 'staff',
  roles: officeRoles,
  query: z.strictObject(pageQuery),
  answers: { 200: pageOf(unmatchedObject) },
  uses: ['table:read'],
});

export const attachPaymentRow = row({
  operation: 'attachPayment',
  noun: 'unmatched',
  summary: 'Gives unmatched money to a bill, its surplus to the client’s credit, or to a client as credit',
  method: 'POST',
  path: '/unmatched-payments/{paymentId}/attach',
  auth: 'staff',
  roles: officeRoles,
  pathParams: z.object({ paymentId: id('pay') }),
  body: z
    .strictObject({ billId: id('bill').optional(), clientId: id('cli').optional() })
    .superRefine((body, context) => {
      const refuse = (field: string, message: string) => context.addIssue({ code: 'custom', path: [field], message });
      if (body.billId && body.clientId) refuse('clientId', 'goes without billId: the bill says whose it is');
      if (!body.billId && !body.clientId) refuse('billId', 'is required, or a clientId');
    }),
  answers: {
    200: z.object({
      payment: paymentObject,
      bill: billObject.nullable(),
      client: z.object({ clientId: z.string(), creditCents: z.int() }),
    }),
  },
  idempotency: 'required',
  uses: ['table:read', 'table:write'],
  problems: ['already_attached', 'bill_cancelled', 'payment_in_progress'],
});
