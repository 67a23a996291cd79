import * as z from 'zod';
import { calendarDate } from '../domain/calendar';
import { type BasisPoints, cents as toCents } from '../domain/money';
import { basisPoints, onDate, priceCents, timeZone } from './fields';

/** What the practice's own records look like on the wire; what is not listed here cannot leave. */
const cents = z.int();
const list = <T extends z.ZodType>(item: T) => z.array(item).readonly();
const maybe = z.string().optional();

export const practiceObject = z.object({
  practiceId: z.string(),
  name: z.string(),
  billingName: z.string(),
  billingAddress: list(z.string()),
  email: maybe,
  timeZone,
  currency: z.string(),
  taxId: maybe,
  npi: maybe,
  paperSize: z.enum(['letter', 'a4']),
  shortCode: z.string(),
  onlinePayments: z.boolean(),
  portalEnabled: z.boolean(),
  stripe: z.object({
    status: z.enum(['not_connected', 'pending', 'ready']),
    accountId: maybe,
    mode: z.enum(['test', 'live']),
  }),
  logo: z.object({ contentType: z.enum(['image/png', 'image/jpeg']), widthPx: z.int(), heightPx: z.int() }).nullable(),
});

export const memberRole = z.enum(['admin', 'biller', 'practitioner', 'supervisor', 'scheduler']);
/** Colleagues see each other's name and roles; the rest is for admins. */
export const memberObject = z.object({
  memberId: z.string(),
  name: z.string(),
  email: maybe,
  roles: list(memberRole),
  npi: maybe,
  taxonomy: maybe,
  supervisorId: maybe,
  billingVisible: z.boolean().optional(),
  active: z.boolean(),
});

/** Amounts are absent for whoever may see none. */
export const serviceObject = z.object({
  serviceId: z.string(),
  code: z.string(),
  kind: z.enum(['cpt', 'custom']),
  name: z.string(),
  description: z.string(),
  priceCents: cents.optional(),
  durationMinutes: z.int().optional(),
  unitBilling: z.boolean(),
  active: z.boolean(),
});
export const productObject = z.object({
  productId: z.string(),
  title: z.string(),
  priceCents: cents,
  active: z.boolean(),
});
export const payerObject = z.object({
  payerId: z.string(),
  name: z.string(),
  kind: z.enum(['insurer', 'external_platform']),
  active: z.boolean(),
});

export const clientObject = z.object({
  clientId: z.string(),
  firstName: z.string(),
  lastName: z.string(),
  email: maybe,
  emailAllowed: z.boolean(),
  phone: maybe,
  address: list(z.string()),
  dateOfBirth: maybe,
  practitionerId: maybe,
  status: z.enum(['active', 'archived']),
  externalId: maybe,
  createdAt: z.string(),
});
/** Sums only for a single client, and only for whoever may see amounts. */
export const clientWithSumsObject = clientObject.extend({
  balanceCents: cents.optional(),
  creditCents: cents.optional(),
  insurerBalanceCents: cents.optional(),
});

export const contactObject = z.object({
  contactId: z.string(),
  clientId: z.string(),
  name: z.string(),
  email: maybe,
  emailAllowed: z.boolean(),
  roles: list(z.enum(['billing', 'emergency'])),
});

export const policyObject = z.object({
  policyId: z.string(),
  clientId: z.string(),
  payerId: z.string(),
  rank: z.enum(['primary', 'secondary']),
  relationship: z.enum(['self', 'spouse', 'child', 'other']),
  insuranceType: z.string(),
  memberId: z.string(),
  effectiveOn: z.string(),
  endOn: maybe,
  planId: maybe,
  groupId: maybe,
  copayCents: cents.optional(),
  coinsuranceBasisPoints: z.int().optional(),
  deductibleCents: cents.optional(),
});

export const cancelledStatus = z.enum(['late_cancel', 'no_show', 'other_cancel']);
export const sessionBillingState = z.enum(['not_billable', 'unbilled', 'billed', 'waived']);
export const sessionObject = z.object({
  sessionId: z.string(),
  clientId: z.string(),
  clientName: z.string(),
  practitionerId: z.string(),
  startsAt: z.string(),
  dateOfService: z.string(),
  externalId: maybe,
  status: z.enum(['scheduled', 'completed', 'late_cancel', 'no_show', 'other_cancel']),
  noteSigned: z.boolean(),
  services: list(
    z.object({
      serviceId: maybe,
      code: z.string(),
      description: z.string(),
      units: z.int(),
      priceCents: cents.optional(),
      modifiers: list(z.string()),
      diagnoses: list(z.string()),
    }),
  ),
  noShowFeeCents: cents.optional(),
  claimReview: z.enum(['none', 'needs_review', 'clear']),
  billing: sessionBillingState,
  billId: maybe,
  billableCents: cents.optional(),
});

/** Up to 30 days between a document and its share. */
export const autoShareField = z.strictObject({
  enabled: z.boolean(),
  delayMinutes: z.int().min(0).max(43_200),
});
export const createBillsMode = z.enum(['manual', 'daily', 'weekly', 'monthly']);

/** Fields of bodies with the units that rules want: a date is a date, cents are cents. */
export const calendarDateField = onDate.transform(calendarDate);
export const priceField = priceCents.transform(toCents);
export const positivePriceField = priceCents.min(1).transform(toCents);
export const basisPointsField = basisPoints.transform(points => points as BasisPoints);
