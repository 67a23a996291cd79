import * as z from 'zod';
import { pageOf, pageQuery } from './fields';
import { officeRoles, row } from './row';

export const attentionObject = z.object({
  attentionId: z.string(),
  kind: z.string(),
  at: z.string(),
  billId: z.string().optional(),
  clientId: z.string().optional(),
  paymentId: z.string().optional(),
  facts: z.record(z.string(), z.union([z.string(), z.number()])),
  resolvedAt: z.string().optional(),
  resolvedBy: z.string().optional(),
  choice: z.string().optional(),
});

export const listAttentionRow = row({
  operation: 'listAttention',
  noun: 'attention',
  summary: 'What somebody must look at: bounced mail, disputes, refused cards, stuck work; open ones first',
  method: 'GET',
  path: '/attention',
  auth: 'staff',
  roles: officeRoles,
  query: z.strictObject(pageQuery),
  answers: { 200: pageOf(attentionObject) },
  uses: ['table:read'],
});

export const resolveAttentionRow = row({
  operation: 'resolveAttention',
  noun: 'attention',
  summary: 'Marks it as seen to, with the choice that was made',
  method: 'POST',
  path: '/attention/{attentionId}/resolve',
  auth: 'staff',
  roles: officeRoles,
  pathParams: z.object({ attentionId: z.string().regex(/^[a-z]+_[0-9A-HJKMNP-TV-Z]{26}$/) }),
  body: z.strictObject({
    /**
     * `allow_again` on bounced mail: the address may be mailed again. `not_charged`, `not_refunded` on what nobody could
     * find out for a day: it ends as failed, and what it reserved is free.
     */
    choice: z
      .string()
      .regex(/^[a-z_]{1,40}$/, 'must be one of the choices of this kind')
      .optional(),
  }),
  answers: { 200: attentionObject },
  idempotency: 'accepted',
  timeoutSeconds: 29,
  uses: ['table:read', 'table:write', 'stripe'],
  problems: ['attempt_not_in_doubt'],
});
