import * as z from 'zod';
import {
  amountCents,
  basisPoints,
  id,
  largestBalance,
  onDate,
  pageOf,
  pageQuery,
  priceCents,
  prose,
  signedCents,
  text,
} from './fields';
import { billObject, billSummaryObject, historyEventObject } from './objects';
import { billingRoles, officeRoles, row } from './row';

const billPath = z.object({ billId: id('bill') });

const newLine = z.strictObject({
  code: text(20).optional(),
  description: text(200),
  units: z.int().min(1).max(999).default(1),
  unitPriceCents: priceCents,
});

const clientPortion = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('copay'), amountCents: priceCents }),
  z.strictObject({ kind: z.literal('coinsurance'), basisPoints }),
]);

const billSession = z.strictObject({
  sessionId: id('ses'),
  lines: z.array(newLine).min(1).max(50).optional(),
  clientPortion: clientPortion.optional(),
});
const editedSession = billSession.extend({
  /** A line that names its id keeps it; one without is new. */
  lines: z
    .array(newLine.extend({ lineId: id('line').optional() }))
    .min(1)
    .max(50)
    .optional(),
});

const billProduct = z.strictObject({
  productId: id('prod'),
  quantity: z.int().min(1).max(999),
  unitPriceCents: priceCents.optional(),
});

const responsibility = z.enum(['self_pay', 'insurance', 'external']);

export const createBillRow = row({
  operation: 'createBill',
  noun: 'bills',
  summary: 'Makes a bill from completed sessions and products',
  method: 'POST',
  path: '/bills',
  auth: 'staff',
  roles: billingRoles,
  body: z.strictObject({
    clientId: id('cli'),
    sessions: z.array(billSession).max(200).default([]),
    products: z.array(billProduct).max(50).default([]),
    responsibility: responsibility.optional(),
    policyId: id('pol').optional(),
    payerId: id('payer').optional(),
    comments: prose(2000, 0).optional(),
    dueOn: onDate.optional(),
    recipient: z.strictObject({ contactId: id('con') }).optional(),
  }),
  answers: { 201: billObject },
  idempotency: 'accepted',
  uses: ['table:read', 'table:write'],
  problems: [
    'session_already_billed',
    'session_not_billable',
    'client_portion_not_allowed',
    'client_portion_exceeds_amount',
    'due_before_issued',
    'too_many_sessions',
    'client_archived',
  ],
});

const billSections = [
  'open',
  'overdue',
  'partially_paid',
  'awaiting_insurance',
  'paid',
  'cancelled',
  'needs_attention',
] as const;

const filterCents = z.coerce.number().int().min(0).max(largestBalance);

export const listBillsRow = row({
  operation: 'listBills',
  noun: 'bills',
  summary: 'Bills of one section, or of one client',
  method: 'GET',
  path: '/bills',
  auth: 'staff',
  roles: billingRoles,
  query: z.strictObject({
    ...pageQuery,
    section: z.enum(billSections).default('open'),
    clientId: id('cli').optional(),
    practitionerId: id('mem').optional(),
    minCents: filterCents.optional(),
    maxCents: filterCents.optional(),
    dueTo: onDate.optional(),
    from: onDate.optional(),
    to: onDate.optional(),
    sort: z.enum(['dueOn', '-dueOn', 'issuedOn', '-issuedOn']).optional(),
  }),
  answers: { 200: pageOf(billSummaryObject) },
  uses: ['table:read'],
});

export const getBillRow = row({
  operation: 'getBill',
  noun: 'bills',
  summary: 'One bill with its payments, refunds and shares',
  method: 'GET',
  path: '/bills/{billId}',
  auth: 'staff',
  roles: billingRoles,
  pathParams: billPath,
  answers: { 200: billObject },
  uses: ['table:read'],
});

export const getBillHistoryRow = row({
  operation: 'getBillHistory',
  noun: 'bills',
  summary: 'Who did what to this bill, when',
  method: 'GET',
  path: '/bills/{billId}/history',
  auth: 'staff',
  roles: billingRoles,
  pathParams: billPath,
  answers: { 200: z.object({ items: z.array(historyEventObject), nextCursor: z.null() }) },
  uses: ['table:read'],
});

export const getBillPdfRow = row({
  operation: 'getBillPdf',
  noun: 'bills',
  summary: 'The bill on paper: bytes, a link, or a redirect to one',
  method: 'GET',
  path: '/bills/{billId}/pdf',
  auth: 'staff',
  roles: billingRoles,
  pathParams: billPath,
  answers: {
    200: z.union([z.object({ url: z.string(), expiresAt: z.string() }), z.instanceof(Uint8Array)]),
    302: null,
  },
  bytesAre: 'application/pdf',
  uses: ['table:read', 'documents:read', 'documents:write'],
  memoryMb: 1024,
});

export const editBillRow = row({
  operation: 'editBill',
  noun: 'bills',
  summary: 'Changes comments, due date, recipient; lines only while nothing is paid',
  method: 'PATCH',
  path: '/bills/{billId}',
  auth: 'staff',
  roles: billingRoles,
  pathParams: billPath,
  body: z.strictObject({
    comments: prose(2000, 0).optional(),
    dueOn: onDate.optional(),
    recipient: z.strictObject({ contactId: id('con').nullable() }).optional(),
    sessions: z.array(editedSession).max(200).optional(),
    products: z.array(billProduct).max(50).optional(),
    responsibility: responsibility.optional(),
    policyId: id('pol').optional(),
    payerId: id('payer').optional(),
  }),
  answers: { 200: billObject },
  timeoutSeconds: 29,
  uses: ['table:read', 'table:write', 'stripe'],
  problems: [
    'bill_cancelled',
    'bill_has_payments',
    'version_conflict',
    'due_before_issued',
    'payment_in_progress',
    'session_already_billed',
    'session_not_billable',
    'client_portion_not_allowed',
    'client_portion_exceeds_amount',
    'too_many_sessions',
  ],
});

export const cancelBillRow = row({
  operation: 'cancelBill',
  noun: 'bills',
  summary: 'Cancels a bill; its sessions return to pending or are waived',
  method: 'POST',
  path: '/bills/{billId}/cancel',
  auth: 'staff',
  roles: billingRoles,
  pathParams: billPath,
  body: z.strictObject({
    reason: prose(500).optional(),
    sessions: z.enum(['return_to_pending', 'waive']).default('return_to_pending'),
    payments: z.enum(['refuse', 'convert_to_credit']).default('refuse'),
  }),
  answers: { 200: billObject },
  idempotency: 'accepted',
  timeoutSeconds: 29,
  uses: ['table:read', 'table:write', 'stripe'],
  problems: [
    'too_much_at_once',
    'bill_cancelled',
    'bill_has_payments',
    'payment_in_progress',
    'payment_disputed',
    'version_conflict',
  ],
});

export const deleteBillRow = row({
  operation: 'deleteBill',
  noun: 'bills',
  summary: 'Cancels a bill and hides it; its number is never used again',
  method: 'DELETE',
  path: '/bills/{billId}',
  auth: 'staff',
  roles: billingRoles,
  pathParams: billPath,
  query: z.strictObject({
    sessions: z.enum(['return_to_pending', 'waive']).default('return_to_pending'),
    payments: z.enum(['refuse', 'convert_to_credit']).default('refuse'),
  }),
  answers: { 204: null },
  timeoutSeconds: 29,
  uses: ['table:read', 'table:write', 'stripe'],
  problems: ['too_much_at_once', 'bill_has_payments', 'payment_in_progress', 'payment_disputed', 'version_conflict'],
});

export const adjustBillRow = row({
  operation: 'adjustBill',
  noun: 'bills',
  summary: 'Adds an adjustment line; what is overpaid then becomes credit',
  method: 'POST',
  path: '/bills/{billId}/adjustments',
  auth: 'staff',
  roles: billingRoles,
  pathParams: billPath,
  body: z.strictObject({
    amountCents: signedCents.refine(amount => amount !== 0, 'must not be 0'),
    description: text(200),
    reason: prose(500),
  }),
  answers: { 201: billObject },
  idempotency: 'required',
  timeoutSeconds: 29,
  uses: ['table:read', 'table:write', 'stripe'],
  problems: ['too_much_at_once', 'bill_cancelled', 'adjustment_below_zero', 'payment_in_progress', 'version_conflict'],
});

export const writeOffBillRow = row({
  operation: 'writeOffBill',
  noun: 'bills',
  summary: 'Gives up part of what the client owes',
  method: 'POST',
  path: '/bills/{billId}/write-offs',
  auth: 'staff',
  roles: officeRoles,
  pathParams: billPath,
  body: z.strictObject({ amountCents, reason: prose(500) }),
  answers: { 201: billObject },
  idempotency: 'required',
  timeoutSeconds: 29,
  uses: ['table:read', 'table:write', 'stripe'],
  problems: ['bill_cancelled', 'amount_exceeds_balance', 'payment_in_progress', 'version_conflict'],
});

export const holdAutopayRow = row({
  operation: 'holdAutopay',
  noun: 'bills',
  summary: 'Keeps AutoPay off this bill until released',
  method: 'PUT',
  path: '/bills/{billId}/autopay-hold',
  auth: 'staff',
  roles: billingRoles,
  pathParams: billPath,
  body: z.strictObject({ reason: prose(200).optional() }),
  answers: { 200: billObject },
  uses: ['table:read', 'table:write'],
  problems: ['bill_cancelled'],
});

export const releaseAutopayHoldRow = row({
  operation: 'releaseAutopayHold',
  noun: 'bills',
  summary: 'Lets AutoPay collect on this bill again',
  method: 'DELETE',
  path: '/bills/{billId}/autopay-hold',
  auth: 'staff',
  roles: billingRoles,
  pathParams: billPath,
  answers: { 200: billObject },
  uses: ['table:read', 'table:write'],
});

const sectionSum = z.object({ count: z.int(), clientBalanceCents: z.int(), insurerBalanceCents: z.int() });

export const getBillingSummaryRow = row({
  operation: 'getBillingSummary',
  noun: 'bills',
  summary: 'Per section: how many bills and what is owed',
  method: 'GET',
  path: '/billing/summary',
  auth: 'staff',
  roles: billingRoles,
  answers: { 200: z.object({ sections: z.record(z.string(), sectionSum) }) },
  uses: ['table:read'],
});
