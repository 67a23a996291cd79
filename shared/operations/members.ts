import * as z from 'zod';
import { eachOnce, email, id, pageOf, pageQuery, text } from './fields';
import { memberObject, memberRole } from './records';
import { adminRoles, everyRole, row } from './row';

const roles = eachOnce(z.array(memberRole).min(1).max(5));
const npi = z.string().regex(/^\d{10}$/, 'must be ten digits');
const pathParams = z.object({ memberId: id('mem') });

export const listMembersRow = row({
  operation: 'listMembers',
  noun: 'members',
  summary: 'Members of the practice; only admins see more than name and roles',
  method: 'GET',
  path: '/members',
  auth: 'staff',
  roles: everyRole,
  query: z.strictObject(pageQuery),
  answers: { 200: pageOf(memberObject) },
  uses: ['table:read'],
});

export const createMemberRow = row({
  operation: 'createMember',
  noun: 'members',
  summary: 'Adds a member and the sign-in, to which the platform mails an invitation',
  method: 'POST',
  path: '/members',
  auth: 'staff',
  roles: adminRoles,
  body: z.strictObject({
    name: text(120),
    email,
    roles,
    npi: npi.optional(),
    taxonomy: text(20).optional(),
    supervisorId: id('mem').optional(),
    billingVisible: z.boolean().default(true),
  }),
  answers: { 201: memberObject },
  idempotency: 'accepted',
  uses: ['table:read', 'table:write', 'identity'],
  problems: ['already_exists'],
});

export const changeMemberRow = row({
  operation: 'changeMember',
  noun: 'members',
  summary: 'Changes a member; holds within a minute, as long as an answer to "who calls" is kept',
  method: 'PATCH',
  path: '/members/{memberId}',
  auth: 'staff',
  roles: adminRoles,
  pathParams,
  body: z.strictObject({
    name: text(120).optional(),
    roles: roles.optional(),
    npi: npi.nullable().optional(),
    taxonomy: text(20).nullable().optional(),
    supervisorId: id('mem').nullable().optional(),
    billingVisible: z.boolean().optional(),
    active: z.boolean().optional(),
  }),
  answers: { 200: memberObject },
  uses: ['table:read', 'table:write'],
  problems: ['last_billing_admin'],
});

export const deactivateMemberRow = row({
  operation: 'deactivateMember',
  noun: 'members',
  summary: 'Ends a member’s access; what the member did stays',
  method: 'DELETE',
  path: '/members/{memberId}',
  auth: 'staff',
  roles: adminRoles,
  pathParams,
  answers: { 204: null },
  uses: ['table:read', 'table:write'],
  problems: ['last_billing_admin'],
});
