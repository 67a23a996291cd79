import * as z from 'zod';
import { email, text, timeZone } from './fields';
import { practiceObject } from './records';
import { adminRoles, everyRole, row } from './row';

export const getPracticeRow = row({
  operation: 'getPractice',
  noun: 'practice',
  summary: 'The practice of the caller',
  method: 'GET',
  path: '/practice',
  auth: 'staff',
  roles: everyRole,
  answers: { 200: practiceObject },
  uses: ['table:read'],
});

export const changePracticeRow = row({
  operation: 'changePractice',
  noun: 'practice',
  summary: 'Changes name, address, zone and switches of the practice; currency and short code stay for good',
  method: 'PATCH',
  path: '/practice',
  auth: 'staff',
  roles: adminRoles,
  body: z.strictObject({
    name: text(120).optional(),
    billingName: text(120).optional(),
    billingAddress: z.array(text(120)).max(6).optional(),
    email: email.nullable().optional(),
    timeZone: timeZone.optional(),
    taxId: text(40).nullable().optional(),
    npi: z
      .string()
      .regex(/^\d{10}$/, 'must be ten digits')
      .nullable()
      .optional(),
    paperSize: z.enum(['letter', 'a4']).optional(),
    onlinePayments: z.boolean().optional(),
    portalEnabled: z.boolean().optional(),
  }),
  answers: { 200: practiceObject },
  uses: ['table:read', 'table:write'],
});
