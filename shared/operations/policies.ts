import * as z from 'zod';
import { id, pageOf, text } from './fields';
import { basisPointsField, calendarDateField, policyObject, priceField } from './records';
import { billingRoles, row } from './row';

const clientPath = z.object({ clientId: id('cli') });
const policyPath = clientPath.extend({ policyId: id('pol') });
const rank = z.enum(['primary', 'secondary']);
const relationship = z.enum(['self', 'spouse', 'child', 'other']);

export const listPoliciesRow = row({
  operation: 'listPolicies',
  noun: 'policies',
  summary: 'Insurance policies of a client',
  method: 'GET',
  path: '/clients/{clientId}/policies',
  auth: 'staff',
  roles: billingRoles,
  pathParams: clientPath,
  answers: { 200: pageOf(policyObject) },
  uses: ['table:read'],
});

export const createPolicyRow = row({
  operation: 'createPolicy',
  noun: 'policies',
  summary: 'Adds a policy; on each day at most one of a rank is in force',
  method: 'POST',
  path: '/clients/{clientId}/policies',
  auth: 'staff',
  roles: billingRoles,
  pathParams: clientPath,
  body: z.strictObject({
    payerId: id('payer'),
    rank: rank.default('primary'),
    relationship: relationship.default('self'),
    insuranceType: text(60),
    memberId: text(60),
    effectiveOn: calendarDateField,
    endOn: calendarDateField.optional(),
    planId: text(60).optional(),
    groupId: text(60).optional(),
    copayCents: priceField.optional(),
    coinsuranceBasisPoints: basisPointsField.optional(),
    deductibleCents: priceField.optional(),
  }),
  answers: { 201: policyObject },
  idempotency: 'accepted',
  uses: ['table:read', 'table:write'],
});

export const changePolicyRow = row({
  operation: 'changePolicy',
  noun: 'policies',
  summary: 'Changes a policy; bills made before keep their terms',
  method: 'PATCH',
  path: '/clients/{clientId}/policies/{policyId}',
  auth: 'staff',
  roles: billingRoles,
  pathParams: policyPath,
  body: z.strictObject({
    payerId: id('payer').optional(),
    rank: rank.optional(),
    relationship: relationship.optional(),
    insuranceType: text(60).optional(),
    memberId: text(60).optional(),
    effectiveOn: calendarDateField.optional(),
    endOn: calendarDateField.nullable().optional(),
    planId: text(60).nullable().optional(),
    groupId: text(60).nullable().optional(),
    copayCents: priceField.nullable().optional(),
    coinsuranceBasisPoints: basisPointsField.nullable().optional(),
    deductibleCents: priceField.nullable().optional(),
  }),
  answers: { 200: policyObject },
  uses: ['table:read', 'table:write'],
});

export const removePolicyRow = row({
  operation: 'removePolicy',
  noun: 'policies',
  summary: 'Removes a policy; bills made before keep their terms',
  method: 'DELETE',
  path: '/clients/{clientId}/policies/{policyId}',
  auth: 'staff',
  roles: billingRoles,
  pathParams: policyPath,
  answers: { 204: null },
  uses: ['table:read', 'table:write'],
});
