import * as z from 'zod';
import { id, pageQuery } from './fields';
import { sessionObject } from './records';
import { billingRoles, row } from './row';

export const listPendingRow = row({
  operation: 'listPending',
  noun: 'pending',
  summary: 'Clients with their unbilled sessions; a client never spans pages',
  method: 'GET',
  path: '/billing/pending',
  auth: 'staff',
  roles: billingRoles,
  query: z.strictObject({ ...pageQuery, practitionerId: id('mem').optional() }),
  answers: {
    200: z.object({
      items: z.array(
        z.object({
          clientId: z.string(),
          clientName: z.string(),
          sessions: z.array(sessionObject),
          sumCents: z.int(),
        }),
      ),
      nextCursor: z.string().nullable(),
    }),
  },
  uses: ['table:read'],
});
