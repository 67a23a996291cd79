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

export const getPracticeLogoRow = row({
  operation: 'getPracticeLogo',
  noun: 'practice',
  summary: 'The logo at the head of the practice’s documents',
  method: 'GET',
  path: '/practice/logo',
  auth: 'staff',
  roles: everyRole,
  answers: { 200: 'bytes' },
  bytesAre: 'image/*',
  problems: ['not_found'],
  uses: ['table:read', 'documents:read'],
});

export const putPracticeLogoRow = row({
  operation: 'putPracticeLogo',
  noun: 'practice',
  summary: 'Sets the logo of documents made afterwards: a PNG or JPEG of at most 2,000 pixels a side',
  method: 'PUT',
  path: '/practice/logo',
  auth: 'staff',
  roles: adminRoles,
  bodyFormat: 'raw',
  accepts: ['image/png', 'image/jpeg'],
  maxBodyBytes: 200_000,
  answers: { 200: practiceObject },
  uses: ['table:read', 'table:write', 'documents:write'],
});

export const deletePracticeLogoRow = row({
  operation: 'deletePracticeLogo',
  noun: 'practice',
  summary: 'Takes the logo off documents made afterwards; those made before keep it',
  method: 'DELETE',
  path: '/practice/logo',
  auth: 'staff',
  roles: adminRoles,
  answers: { 204: null },
  uses: ['table:read', 'table:write'],
});
