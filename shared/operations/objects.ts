import * as z from 'zod';

/** What a bill and its money look like on the wire. Unknown members are stripped on the way out: nothing leaks. */
const cents = z.int();

const optional = <T extends z.ZodType>(schema: T) => schema.optional();

export const cardFactsObject = z.object({
  brand: z.string(),
  last4: z.string(),
  expMonth: z.int(),
  expYear: z.int(),
});

export const refundObject = z.object({
  refundId: z.string(),
  paymentId: z.string(),
  amountCents: cents,
  destination: z.enum(['original', 'offline', 'credit']),
  effect: z.enum(['reopen', 'reduce']),
  origin: z.enum(['app', 'stripe']),
  status: z.enum(['pending', 'succeeded', 'failed', 'cancelled']),
  reason: optional(z.string()),
  createdAt: z.string(),
  stripeRefundId: optional(z.string()),
});

export const paymentObject = z.object({
  paymentId: z.string(),
  billId: optional(z.string()),
  /** Absent while nobody knows whose money it is. */
  clientId: optional(z.string()),
  payer: z.enum(['client', 'insurer', 'external']),
  type: z.enum(['card', 'cash_check', 'credit_discount', 'other']),
  source: optional(z.enum(['credit', 'discount'])),
  collect: optional(z.enum(['stripe', 'elsewhere'])),
  description: optional(z.string()),
  amountCents: cents,
  appliedCents: cents,
  refundedCents: cents,
  creditedCents: cents,
  chargedBackCents: cents,
  refundableCents: cents,
  paidAt: z.string(),
  createdAt: z.string(),
  notes: optional(z.string()),
  reference: optional(z.string()),
  recordedBy: z.object({ kind: z.string(), id: z.string().optional() }),
  status: z.enum([
    'processing',
    'requires_action',
    'succeeded',
    'failed',
    'partially_refunded',
    'refunded',
    'disputed',
    'charged_back',
  ]),
  card: optional(cardFactsObject),
  stripe: optional(
    z.object({
      paymentIntentId: z.string().optional(),
      accountId: z.string().optional(),
      dashboardUrl: z.string().optional(),
      feeCents: cents.optional(),
    }),
  ),
  dispute: optional(
    z.object({
      disputeId: z.string(),
      status: z.string(),
      reason: z.string().optional(),
      amountCents: cents,
      evidenceDueAt: z.string().optional(),
    }),
  ),
  failure: optional(z.object({ code: z.string(), message: z.string() })),
  redirectUrl: optional(z.string()),
  refunds: z.array(refundObject),
});

export const shareObject = z.object({
  shareId: z.string(),
  document: z.object({ kind: z.enum(['bill', 'statement', 'superbill']), id: z.string() }),
  recipient: z.object({
    kind: z.enum(['client', 'contact']),
    id: z.string(),
    name: z.string(),
    email: z.string().optional(),
  }),
  channel: z.enum(['email', 'portal']),
  trigger: z.enum(['manual', 'auto']),
  status: z.enum(['scheduled', 'sending', 'sent', 'blocked', 'withdrawn', 'revoked']),
  scheduledAt: z.string(),
  sentAt: z.string().optional(),
  delivery: z.enum(['none', 'sent', 'delivered', 'bounced', 'complained']),
  blockedReason: z.string().optional(),
  includePdf: z.boolean(),
});

export const lineObject = z.object({
  lineId: z.string(),
  kind: z.enum(['service', 'product', 'no_show', 'adjustment']),
  sessionId: z.string().optional(),
  dateOfService: z.string().optional(),
  code: z.string().optional(),
  description: z.string(),
  units: z.number(),
  unitPriceCents: cents,
  amountCents: cents,
  clientPortionCents: cents,
  insurerPortionCents: cents,
  writeOffCents: cents,
});

export const sharingObject = z.object({
  status: z.enum(['not_shared', 'scheduled', 'shared', 'blocked']),
  scheduledAt: z.string().optional(),
  sharedAt: z.string().optional(),
  delivery: z.enum(['none', 'sent', 'delivered', 'bounced', 'complained']),
  blockedReason: z.string().optional(),
  viewedAt: z.string().optional(),
});

/** What statements and superbills have in common. */
export const clientDocumentObject = z.object({
  clientId: z.string(),
  clientName: z.string(),
  from: z.string(),
  to: z.string(),
  version: z.int(),
  recipient: z.object({
    kind: z.enum(['client', 'contact']),
    id: z.string(),
    name: z.string(),
    email: z.string().optional(),
  }),
  createdOn: z.string(),
  createdAt: z.string(),
  /** The next version, once there is one. */
  supersededBy: z.string().optional(),
  sharing: sharingObject,
});

/** A bill in a list: its head. */
export const billSummaryObject = z.object({
  billId: z.string(),
  number: z.string(),
  clientId: z.string(),
  clientName: z.string(),
  practitionerIds: z.array(z.string()),
  responsibility: z.enum(['self_pay', 'insurance', 'external']),
  payerId: z.string().optional(),
  policyId: z.string().optional(),
  origin: z.enum(['manual', 'daily', 'weekly', 'monthly']),
  status: z.enum(['open', 'partially_paid', 'awaiting_insurance', 'paid', 'cancelled']),
  overdue: z.boolean(),
  disputed: z.boolean(),
  hidden: z.boolean(),
  totalCents: cents,
  clientPortionCents: cents,
  clientPaidCents: cents,
  clientBalanceCents: cents,
  insurerPortionCents: cents,
  insurerPaidCents: cents,
  insurerBalanceCents: cents,
  writeOffCents: cents,
  discountCents: cents,
  reservedCents: cents,
  issuedOn: z.string(),
  dueOn: z.string(),
  version: z.int(),
  createdAt: z.string(),
  sharing: sharingObject,
  autopay: z.object({
    held: z.boolean(),
    holdReason: z.string().optional(),
    attempts: z.array(
      z.object({ at: z.string(), amountCents: cents, outcome: z.string(), code: z.string().optional() }),
    ),
    nextAttemptOn: z.string().nullable(),
  }),
  needsAttention: z.boolean(),
});

export const billObject = billSummaryObject.extend({
  accessCode: z.string(),
  recipient: z.object({
    kind: z.enum(['client', 'contact']),
    id: z.string(),
    name: z.string(),
    email: z.string().optional(),
  }),
  lines: z.array(lineObject),
  comments: z.string(),
  footer: z.string(),
  payments: z.array(paymentObject),
  shares: z.array(shareObject),
});

export const historyEventObject = z.object({
  eventId: z.string(),
  at: z.string(),
  actor: z.object({ kind: z.enum(['staff', 'client', 'system', 'stripe']), id: z.string().optional() }),
  action: z.string(),
  summary: z.string(),
  details: z.record(z.string(), z.unknown()),
});

export type BillObject = z.input<typeof billObject>;
export type BillSummaryObject = z.input<typeof billSummaryObject>;
export type PaymentObject = z.input<typeof paymentObject>;
export type RefundObject = z.input<typeof refundObject>;
export type ShareObject = z.input<typeof shareObject>;
