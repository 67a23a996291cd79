import * as z from 'zod';
import { id, onDate, pageOf, pageQuery, prose } from './fields';
import { clientDocumentObject, shareObject } from './objects';
import { billingRoles, row } from './row';

const cents = z.int();
const clientPath = z.object({ clientId: id('cli') });
const statementPath = clientPath.extend({ statementId: id('stm') });

export const statementSummaryObject = clientDocumentObject.extend({
  statementId: z.string(),
  status: z.enum(['current', 'superseded']),
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
  summary: 'A statement as it was made, with its shares',
  method: 'GET',
  path: '/clients/{clientId}/statements/{statementId}',
  auth: 'staff',
  roles: billingRoles,
  pathParams: statementPath,
  answers: { 200: statementObject },
  uses: ['table:read', 'documents:read'],
});
