import * as z from 'zod';
import { id, onDate, pageOf, pageQuery } from './fields';
import { clientDocumentObject, shareObject } from './objects';
import { billingRoles, row } from './row';
import { shareWish } from './shares';

const cents = z.int();
const clientPath = z.object({ clientId: id('cli') });
const superbillPath = clientPath.extend({ superbillId: id('sup') });

export const superbillSummaryObject = clientDocumentObject.extend({
  superbillId: z.string(),
  /** `out_of_date`: a bill that it tells of has changed since. */
  status: z.enum(['current', 'out_of_date', 'superseded']),
  providerId: z.string(),
  chargedCents: cents,
  paidCents: cents,
});

const texts = z.array(z.string()).readonly();

export const superbillObject = superbillSummaryObject.extend({
  provider: z.object({
    memberId: z.string(),
    name: z.string(),
    npi: z.string().optional(),
    taxonomy: z.string().optional(),
    /** Who treated the client, where the provider supervised. */
    treatedBy: z.array(z.string()),
  }),
  /** Whom the insurer shall pay; absent where the practice leaves it out. */
  payee: z.object({ kind: z.enum(['clinic', 'provider', 'client']), name: z.string(), address: texts }).optional(),
  lines: z
    .array(
      z.object({
        billId: z.string(),
        billNumber: z.string(),
        sessionId: z.string(),
        dateOfService: z.string(),
        code: z.string(),
        description: z.string(),
        modifiers: texts,
        diagnoses: texts,
        units: z.number(),
        chargeCents: cents,
        paidCents: cents,
        practitionerId: z.string(),
      }),
    )
    .readonly(),
  /** What an insurer will miss: a line without a diagnosis, a provider without an NPI. */
  missing: z.array(
    z.discriminatedUnion('what', [
      z.object({ what: z.literal('diagnosis'), sessionId: z.string(), dateOfService: z.string(), code: z.string() }),
      z.object({ what: z.literal('npi'), memberId: z.string() }),
    ]),
  ),
  shares: z.array(shareObject),
});

/** Who is shown as the provider: who treated the client, or the supervisor. */
const providerId = id('mem').optional();

export const createSuperbillRow = row({
  operation: 'createSuperbill',
  noun: 'superbills',
  summary: 'Makes a superbill of the billed sessions with a CPT code in a range',
  method: 'POST',
  path: '/clients/{clientId}/superbills',
  auth: 'staff',
  roles: billingRoles,
  pathParams: clientPath,
  body: z.strictObject({ from: onDate, to: onDate, providerId }),
  answers: { 201: superbillObject },
  idempotency: 'accepted',
  uses: ['table:read', 'table:write', 'documents:read', 'documents:write'],
  problems: ['no_eligible_services', 'provider_not_chosen'],
});

export const reissueSuperbillRow = row({
  operation: 'reissueSuperbill',
  noun: 'superbills',
  summary: 'Makes the next version of a superbill: the same sessions as their bills tell of them now',
  method: 'POST',
  path: '/clients/{clientId}/superbills/{superbillId}/reissue',
  auth: 'staff',
  roles: billingRoles,
  pathParams: superbillPath,
  body: z.strictObject({ providerId }),
  answers: { 201: superbillObject },
  idempotency: 'accepted',
  uses: ['table:read', 'table:write', 'documents:read', 'documents:write'],
  problems: ['no_eligible_services', 'provider_not_chosen', 'document_superseded'],
});

export const listSuperbillsRow = row({
  operation: 'listSuperbills',
  noun: 'superbills',
  summary: 'Superbills of a client, the newest first',
  method: 'GET',
  path: '/clients/{clientId}/superbills',
  auth: 'staff',
  roles: billingRoles,
  pathParams: clientPath,
  query: z.strictObject(pageQuery),
  answers: { 200: pageOf(superbillSummaryObject) },
  uses: ['table:read'],
});

export const getSuperbillRow = row({
  operation: 'getSuperbill',
  noun: 'superbills',
  summary: 'A superbill as it was made, with its shares, and whether its bills have changed since',
  method: 'GET',
  path: '/clients/{clientId}/superbills/{superbillId}',
  auth: 'staff',
  roles: billingRoles,
  pathParams: superbillPath,
  answers: { 200: superbillObject },
  uses: ['table:read', 'documents:read'],
});

const shared = z.object({ share: shareObject, superbill: superbillObject });

export const shareSuperbillRow = row({
  operation: 'shareSuperbill',
  noun: 'superbills',
  summary:
    'Shares a superbill with its recipient, as an attachment or in the portal, never by a link that anybody could open',
  method: 'POST',
  path: '/clients/{clientId}/superbills/{superbillId}/share',
  auth: 'staff',
  roles: billingRoles,
  pathParams: superbillPath,
  body: shareWish,
  answers: { 200: shared, 202: shared },
  idempotency: 'accepted',
  uses: ['table:read', 'table:write', 'documents:read'],
  problems: [
    'no_recipient_email',
    'email_not_allowed',
    'email_suppressed',
    'document_superseded',
    'document_out_of_date',
  ],
});

export const getSuperbillPdfRow = row({
  operation: 'getSuperbillPdf',
  noun: 'superbills',
  summary: 'The superbill on paper: bytes, a link, or a redirect to one',
  method: 'GET',
  path: '/clients/{clientId}/superbills/{superbillId}/pdf',
  auth: 'staff',
  roles: billingRoles,
  pathParams: superbillPath,
  answers: {
    200: z.union([z.object({ url: z.string(), expiresAt: z.string() }), z.instanceof(Uint8Array)]),
    302: null,
  },
  bytesAre: 'application/pdf',
  uses: ['table:read', 'documents:read', 'documents:write'],
  memoryMb: 1024,
});
