import * as z from 'zod';
import { id, pageOf, pageQuery } from './fields';
import { billingRoles, row } from './row';

/** What the Documents tab shows of a session or a document: enough for its line. */
export const documentObject = z.object({
  kind: z.enum(['session', 'bill', 'statement', 'superbill']),
  id: z.string(),
  on: z.string(),
  title: z.string(),
  amountCents: z.int(),
  balanceCents: z.int(),
  status: z.string(),
  overdue: z.boolean().optional(),
  dueOn: z.string().optional(),
  sharing: z
    .object({
      status: z.string(),
      scheduledAt: z.string().optional(),
      sharedAt: z.string().optional(),
      delivery: z.string(),
    })
    .nullable(),
});

export const listDocumentsRow = row({
  operation: 'listDocuments',
  noun: 'documents',
  summary: 'The Documents tab: unbilled sessions, bills, statements, superbills of a client, the newest first',
  method: 'GET',
  path: '/clients/{clientId}/documents',
  auth: 'staff',
  roles: billingRoles,
  pathParams: z.object({ clientId: id('cli') }),
  query: z.strictObject(pageQuery),
  answers: { 200: pageOf(documentObject) },
  uses: ['table:read'],
});
