import * as z from 'zod';
import { id, onDate, pageOf, pageQuery, prose } from './fields';
import { clientDocumentObject, shareObject } from './objects';
import { billingRoles, row } from './row';
import { shareWish } from './shares';

const cents = z.int();
const clientPath = z.object({ clientId: id('cli') });
const statementPath = clientPath.extend({ statementId: id('stm') });

export const statementSummaryObject = clientDocumentObject.extend({
  statementId: z.string(),
  /** `out_of_date`: the client's ledger says another position of its range since. */
  status: z.enum(['current', 'out_of_date', 'superseded']),
  openingCents: cents,
  closingCents: cents,
  closingBalanceCents: cents,
  closingCreditCents: cents,
});

export const statementObject = statementSummaryObject.extend({
  comments: z.string(),
  entries: z
    .array(
      z.object({
        on: z.string(),
        kind: z.enum([
          'charge',
          'payment',
          'credit',
          'discount',
          'refund',
          'write_off',
          'adjustment',
          'cancellation',
          'dispute',
        ]),
        description: z.string(),
        amountCents: cents,
        creditCents: cents,
        balanceCents: cents,
      }),
    )
    .readonly(),
  shares: z.array(shareObject),
});

export const createStatementRow = row({
  operation: 'createStatement',
  noun: 'statements',
  summary:
    'Makes a statement of a range: opening balance, every movement, closing balance; the same range again, the next version',
  method: 'POST',
  path: '/clients/{clientId}/statements',
  auth: 'staff',
  roles: billingRoles,
  pathParams: clientPath,
  body: z.strictObject({ from: onDate, to: onDate, comments: prose(2000, 0).optional() }),
  answers: { 201: statementObject },
  idempotency: 'accepted',
  uses: ['table:read', 'table:write', 'documents:read', 'documents:write'],
});

export const listStatementsRow = row({
  operation: 'listStatements',
  noun: 'statements',
  summary: 'Statements of a client, the newest first',
  method: 'GET',
  path: '/clients/{clientId}/statements',
  auth: 'staff',
  roles: billingRoles,
  pathParams: clientPath,
  query: z.strictObject(pageQuery),
  answers: { 200: pageOf(statementSummaryObject) },
  uses: ['table:read'],
});

export const getStatementRow = row({
  operation: 'getStatement',
  noun: 'statements',
  summary: 'A statement as it was made, with its shares, and whether the ledger has changed since',
  method: 'GET',
  path: '/clients/{clientId}/statements/{statementId}',
  auth: 'staff',
  roles: billingRoles,
  pathParams: statementPath,
  answers: { 200: statementObject },
  uses: ['table:read', 'documents:read'],
});

const shared = z.object({ share: shareObject, statement: statementObject });

export const shareStatementRow = row({
  operation: 'shareStatement',
  noun: 'statements',
  summary: 'Shares a statement with its recipient: by mail, which goes out at once or later, or in the portal only',
  method: 'POST',
  path: '/clients/{clientId}/statements/{statementId}/share',
  auth: 'staff',
  roles: billingRoles,
  pathParams: statementPath,
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

export const getStatementPdfRow = row({
  operation: 'getStatementPdf',
  noun: 'statements',
  summary: 'The statement on paper: bytes, a link, or a redirect to one',
  method: 'GET',
  path: '/clients/{clientId}/statements/{statementId}/pdf',
  auth: 'staff',
  roles: billingRoles,
  pathParams: statementPath,
  answers: {
    200: z.union([z.object({ url: z.string(), expiresAt: z.string() }), z.instanceof(Uint8Array)]),
    302: null,
  },
  bytesAre: 'application/pdf',
  uses: ['table:read', 'documents:read', 'documents:write'],
  memoryMb: 1024,
});
