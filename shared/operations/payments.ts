import * as z from 'zod';
import { amountCents, atInstant, id, priceCents, prose, signedCents, text } from './fields';
import { billObject, paymentObject, refundObject } from './objects';
import { billingRoles, row } from './row';

const paymentPath = z.object({ paymentId: id('pay') });

export const addPaymentRow = row({
  operation: 'addPayment',
  noun: 'payments',
  summary: 'Takes a client payment: card through Stripe or elsewhere, cash or check, credit, discount, other',
  method: 'POST',
  path: '/bills/{billId}/payments',
  auth: 'staff',
  roles: billingRoles,
  pathParams: z.object({ billId: id('bill') }),
  body: z
    .strictObject({
      type: z.enum(['card', 'cash_check', 'credit_discount', 'other']),
      amountCents,
      source: z.enum(['credit', 'discount']).optional(),
      collect: z.enum(['stripe', 'elsewhere']).optional(),
      cardId: id('card').optional(),
      paidAt: atInstant.optional(),
      notes: prose(1000, 0).optional(),
      description: text(200).optional(),
      overpayment: z.enum(['refuse', 'credit']).default('refuse'),
    })
    .superRefine((body, context) => {
      const refuse = (field: string, message: string) => context.addIssue({ code: 'custom', path: [field], message });
      if (body.type === 'card' && !body.collect) refuse('collect', 'is required with card: stripe or elsewhere');
      if (body.type !== 'card' && body.collect) refuse('collect', 'goes with card only');
      if (body.type === 'credit_discount' && !body.source) refuse('source', 'is required: credit or discount');
      if (body.type !== 'credit_discount' && body.source) refuse('source', 'goes with credit_discount only');
      if (body.type === 'other' && !body.description) refuse('description', 'is required: it prints on the bill');
      if (body.type !== 'other' && body.description) refuse('description', 'goes with other only');
      if (body.cardId && body.collect !== 'stripe') refuse('cardId', 'goes with collect: stripe only');
      const noSurplus = body.collect === 'stripe' || body.type === 'credit_discount';
      if (noSurplus && body.overpayment === 'credit')
        refuse('overpayment', 'only offline money may exceed the balance');
      if (body.type === 'credit_discount' && body.paidAt) refuse('paidAt', 'goes with offline money only');
    }),
  answers: {
    201: z.object({ payment: paymentObject, bill: billObject }),
    202: z.object({ payment: paymentObject, bill: billObject }),
  },
  idempotency: 'required',
  timeoutSeconds: 29,
  uses: ['table:read', 'table:write', 'stripe'],
  problems: [
    'amount_exceeds_balance',
    'insufficient_credit',
    'payment_in_progress',
    'bill_cancelled',
    'stripe_not_connected',
    'stripe_refused',
    'card_declined',
    'authentication_required',
    'no_card',
    'paid_at_not_allowed',
    'paid_at_in_future',
    'external_payer',
    'amount_below_minimum',
    'request_in_progress',
    'too_much_at_once',
    'version_conflict',
  ],
});

export const addInsurancePaymentRow = row({
  operation: 'addInsurancePayment',
  noun: 'payments',
  summary: 'Records what an insurer paid, wrote off and left to the client',
  method: 'POST',
  path: '/bills/{billId}/insurance-payments',
  auth: 'staff',
  roles: billingRoles,
  pathParams: z.object({ billId: id('bill') }),
  body: z.strictObject({
    amountCents: signedCents,
    paidAt: atInstant.optional(),
    reference: text(100).optional(),
    notes: prose(1000, 0).optional(),
    lines: z
      .array(
        z.strictObject({
          lineId: id('line'),
          paidCents: signedCents,
          writeOffCents: priceCents,
          clientOwesCents: priceCents,
        }),
      )
      .min(1)
      .max(500)
      .optional(),
    remainder: z.enum(['write_off', 'bill_client', 'leave_open']).optional(),
  }),
  answers: { 201: z.object({ payment: paymentObject.nullable(), bill: billObject }) },
  idempotency: 'required',
  uses: ['table:read', 'table:write'],
  problems: [
    'too_much_at_once',
    'amount_exceeds_balance',
    'no_insurer_portion',
    'bill_cancelled',
    'lines_do_not_add_up',
    'line_below_paid',
    'paid_at_in_future',
    'version_conflict',
  ],
});

export const getPaymentRow = row({
  operation: 'getPayment',
  noun: 'payments',
  summary: 'One payment with its refunds',
  method: 'GET',
  path: '/payments/{paymentId}',
  auth: 'staff',
  roles: billingRoles,
  pathParams: paymentPath,
  answers: { 200: paymentObject },
  uses: ['table:read'],
});

export const refundPaymentRow = row({
  operation: 'refundPayment',
  noun: 'refunds',
  summary: 'Gives money back, all or part; a refund already made in Stripe is only marked',
  method: 'POST',
  path: '/payments/{paymentId}/refunds',
  auth: 'staff',
  roles: billingRoles,
  pathParams: paymentPath,
  body: z.strictObject({
    amountCents: amountCents.optional(),
    destination: z.enum(['original', 'offline', 'credit']).optional(),
    effect: z.enum(['reopen', 'reduce']).default('reopen'),
    reason: prose(500).optional(),
    billId: id('bill').optional(),
  }),
  answers: {
    200: z.object({
      refund: refundObject,
      payment: paymentObject,
      bill: billObject.nullable(),
      foundInStripe: z.object({ amountCents: z.int(), refunds: z.array(refundObject) }),
    }),
    201: z.object({
      refund: refundObject,
      payment: paymentObject,
      bill: billObject.nullable(),
      foundInStripe: z.object({ amountCents: z.int(), refunds: z.array(refundObject) }),
    }),
    202: z.object({
      refund: refundObject,
      payment: paymentObject,
      bill: billObject.nullable(),
      foundInStripe: z.object({ amountCents: z.int(), refunds: z.array(refundObject) }),
    }),
  },
  idempotency: 'required',
  timeoutSeconds: 29,
  uses: ['table:read', 'table:write', 'stripe'],
  problems: [
    'version_conflict',
    'too_much_at_once',
    'refund_exceeds_payment',
    'refund_found_in_stripe',
    'payment_disputed',
    'payment_in_progress',
    'stripe_not_connected',
    'stripe_refused',
    'dependency_down',
    'request_in_progress',
  ],
});

export const decideRefundEffectRow = row({
  operation: 'decideRefundEffect',
  noun: 'refunds',
  summary: 'Decides later that a refund found in Stripe shall reduce the bill',
  method: 'POST',
  path: '/refunds/{refundId}/effect',
  auth: 'staff',
  roles: billingRoles,
  pathParams: z.object({ refundId: id('ref') }),
  body: z.strictObject({ effect: z.literal('reduce') }),
  answers: { 200: z.object({ refund: refundObject, bill: billObject }) },
  idempotency: 'accepted',
  uses: ['table:read', 'table:write'],
  problems: ['effect_already_decided', 'bill_cancelled'],
});
