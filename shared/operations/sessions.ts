import * as z from 'zod';
import { atInstant, eachOnce, id, onDate, pageOf, pageQuery, text } from './fields';
import { cancelledStatus, priceField, sessionBillingState, sessionObject } from './records';
import { billingRoles, everyRole, row } from './row';

const pathParams = z.object({ sessionId: id('ses') });
/** Both go onto superbills as they are: an ICD-10 code, a modifier of two characters. */
const diagnosis = z.string().regex(/^[A-Z]\d[0-9A-Z](\.?[0-9A-Z]{1,4})?$/, 'must be an ICD-10 code such as F41.1');
const modifier = z.string().regex(/^[0-9A-Z]{2}$/, 'must be two characters such as 95 or GT');
const service = z.strictObject({
  serviceId: id('svc'),
  units: z.int().min(1).max(99).optional(),
  priceCents: priceField.optional(),
  modifiers: eachOnce(z.array(modifier).max(4)).optional(),
  diagnoses: eachOnce(z.array(diagnosis).max(12)).optional(),
});
const services = z.array(service).max(20);

export const listSessionsRow = row({
  operation: 'listSessions',
  noun: 'sessions',
  summary: 'Sessions, the newest first; a page of a filtered list may be shorter than its limit',
  method: 'GET',
  path: '/sessions',
  auth: 'staff',
  roles: everyRole,
  query: z.strictObject({
    ...pageQuery,
    clientId: id('cli').optional(),
    practitionerId: id('mem').optional(),
    billing: sessionBillingState.optional(),
    from: onDate.optional(),
    to: onDate.optional(),
  }),
  answers: { 200: pageOf(sessionObject) },
  uses: ['table:read'],
});

export const createSessionRow = row({
  operation: 'createSession',
  noun: 'sessions',
  summary: 'Adds a session; price and text come from the service unless given; an externalId makes it once',
  method: 'POST',
  path: '/sessions',
  auth: 'staff',
  roles: everyRole,
  body: z.strictObject({
    clientId: id('cli'),
    practitionerId: id('mem'),
    startsAt: atInstant,
    services,
    status: z.enum(['scheduled', 'completed']).default('scheduled'),
    noteSigned: z.boolean().default(false),
    externalId: text(120).optional(),
  }),
  answers: { 200: sessionObject, 201: sessionObject },
  idempotency: 'accepted',
  uses: ['table:read', 'table:write'],
  problems: ['already_exists', 'client_archived'],
});

export const getSessionRow = row({
  operation: 'getSession',
  noun: 'sessions',
  summary: 'A session; without amounts for whoever may see none',
  method: 'GET',
  path: '/sessions/{sessionId}',
  auth: 'staff',
  roles: everyRole,
  pathParams,
  answers: { 200: sessionObject },
  uses: ['table:read'],
});

export const changeSessionRow = row({
  operation: 'changeSession',
  noun: 'sessions',
  summary:
    'Changes a session; of a billed or waived one only noteSigned, claimReview, and modifiers and diagnoses of its services',
  method: 'PATCH',
  path: '/sessions/{sessionId}',
  auth: 'staff',
  roles: everyRole,
  pathParams,
  body: z.strictObject({
    practitionerId: id('mem').optional(),
    startsAt: atInstant.optional(),
    services: services.optional(),
    noShowFeeCents: priceField.optional(),
    noteSigned: z.boolean().optional(),
    claimReview: z.enum(['none', 'needs_review', 'clear']).optional(),
  }),
  answers: { 200: sessionObject },
  uses: ['table:read', 'table:write'],
  problems: ['session_state'],
});

export const completeSessionRow = row({
  operation: 'completeSession',
  noun: 'sessions',
  summary: 'The session took place: with a billable service it is pending now (R6, R7)',
  method: 'POST',
  path: '/sessions/{sessionId}/complete',
  auth: 'staff',
  roles: everyRole,
  pathParams,
  body: z.strictObject({ noteSigned: z.boolean().optional() }),
  answers: { 200: sessionObject },
  idempotency: 'accepted',
  uses: ['table:read', 'table:write'],
  problems: ['session_state'],
});

export const cancelSessionRow = row({
  operation: 'cancelSession',
  noun: 'sessions',
  summary: 'The session did not take place; the practice’s no-show fee holds unless given',
  method: 'POST',
  path: '/sessions/{sessionId}/cancel',
  auth: 'staff',
  roles: everyRole,
  pathParams,
  body: z.strictObject({ status: cancelledStatus, noShowFeeCents: priceField.optional() }),
  answers: { 200: sessionObject },
  idempotency: 'accepted',
  uses: ['table:read', 'table:write'],
  problems: ['session_state'],
});

export const waiveSessionRow = row({
  operation: 'waiveSession',
  noun: 'sessions',
  summary: 'The session shall not be billed: it leaves the pending list',
  method: 'POST',
  path: '/sessions/{sessionId}/waive',
  auth: 'staff',
  roles: billingRoles,
  pathParams,
  answers: { 200: sessionObject },
  idempotency: 'accepted',
  uses: ['table:read', 'table:write'],
  problems: ['session_state'],
});

export const unwaiveSessionRow = row({
  operation: 'unwaiveSession',
  noun: 'sessions',
  summary: 'The session may be billed again',
  method: 'POST',
  path: '/sessions/{sessionId}/unwaive',
  auth: 'staff',
  roles: billingRoles,
  pathParams,
  answers: { 200: sessionObject },
  idempotency: 'accepted',
  uses: ['table:read', 'table:write'],
  problems: ['session_state'],
});
