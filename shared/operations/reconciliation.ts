import * as z from 'zod';
import { id, onDate, pageOf, pageQuery } from './fields';
import { officeRoles, row } from './row';

const cents = z.int();

const sumsObject = z.object({
  capturedCents: cents,
  refundedCents: cents,
  disputedCents: cents,
  feeCents: cents,
  payoutCents: cents,
  otherCents: cents,
  netCents: cents,
});

/** Parts as they change Stripe's balance: what came in is above 0, what went out below. */
export const payoutObject = z.object({
  payoutId: z.string(),
  status: z.string(),
  currency: z.string(),
  createdAt: z.string(),
  /** When the bank has it. */
  arrivesOn: z.string(),
  /** What went to the bank. */
  amountCents: cents,
  /** Charges before fees. */
  grossCents: cents,
  refundedCents: cents,
  disputedCents: cents,
  feeCents: cents,
  otherCents: cents,
  netCents: cents,
  movements: z.int(),
  /** Whether its movements come to what went to the bank; null where Stripe does not tell them: paid out by hand, or not complete yet. */
  agrees: z.boolean().nullable(),
});

export const reconciliationObject = z.object({
  reconciliationId: z.string(),
  trigger: z.enum(['manual', 'nightly']),
  accountId: z.string().optional(),
  /** The span of Stripe's movements that was looked at. */
  from: z.string(),
  to: z.string(),
  /** `failed`: Stripe let nobody look any more, or the practice has another account by now; it proves nothing. */
  status: z.enum(['queued', 'running', 'done', 'failed']),
  createdAt: z.string(),
  finishedAt: z.string().optional(),
  /** Of Stripe's balance in the practice's currency, each of which is one cent-exact movement. */
  movements: z.int(),
  charges: z.int(),
  /** As they change Stripe's balance: what came in is above 0, what went out below. */
  sums: sumsObject,
  /** Movements in other currencies than the practice's: summed apart, and in no entry of its ledger. */
  otherCurrencies: z.array(z.object({ currency: z.string(), movements: z.int(), sums: sumsObject })),
  /** The newest of the span; all of them have pages of their own. */
  payouts: z.array(payoutObject),
  payoutCount: z.int(),
  /** Charges on which the ledger and Stripe did not agree, and how many of them do now. */
  differences: z.int(),
  mended: z.int(),
});

const differenceObject = z.object({
  paymentIntentId: z.string(),
  paymentId: z.string(),
  kinds: z.array(z.string()),
  stripeCents: cents,
  ledgerCents: cents,
  mended: z.boolean(),
});

export const startReconciliationRow = row({
  operation: 'startReconciliation',
  noun: 'reconciliation',
  summary:
    'Holds every charge, refund, dispute, fee and payout at Stripe against the ledger, and mends what can be mended',
  method: 'POST',
  path: '/reconciliation',
  auth: 'staff',
  roles: officeRoles,
  body: z
    .strictObject({ from: onDate.optional(), to: onDate.optional() })
    .refine(({ from, to }) => from === undefined || to === undefined || from <= to, {
      path: ['to'],
      message: 'must not be before from',
    }),
  answers: { 202: reconciliationObject },
  idempotency: 'accepted',
  uses: ['table:read', 'table:write'],
  problems: ['stripe_not_connected'],
});

export const listReconciliationsRow = row({
  operation: 'listReconciliations',
  noun: 'reconciliation',
  summary: 'What was held against Stripe, the newest first, by when it began',
  method: 'GET',
  path: '/reconciliation',
  auth: 'staff',
  roles: officeRoles,
  query: z.strictObject({ ...pageQuery, from: onDate.optional(), to: onDate.optional() }),
  answers: { 200: pageOf(reconciliationObject) },
  uses: ['table:read'],
});

export const listDifferencesRow = row({
  operation: 'listDifferences',
  noun: 'reconciliation',
  summary: 'Each charge on which the ledger and Stripe did not agree',
  method: 'GET',
  path: '/reconciliation/{reconciliationId}/differences',
  auth: 'staff',
  roles: officeRoles,
  pathParams: z.object({ reconciliationId: id('rec') }),
  query: z.strictObject(pageQuery),
  answers: { 200: pageOf(differenceObject) },
  uses: ['table:read'],
});

export const listPayoutsRow = row({
  operation: 'listPayouts',
  noun: 'reconciliation',
  summary:
    'What Stripe paid out in the span: gross, refunds, disputes, fees, net, and whether its movements come to it',
  method: 'GET',
  path: '/reconciliation/{reconciliationId}/payouts',
  auth: 'staff',
  roles: officeRoles,
  pathParams: z.object({ reconciliationId: id('rec') }),
  query: z.strictObject(pageQuery),
  answers: { 200: pageOf(payoutObject) },
  uses: ['table:read'],
});
