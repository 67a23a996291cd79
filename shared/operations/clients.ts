import * as z from 'zod';
import { email, id, largestBalance, pageOf, pageQuery, text } from './fields';
import {
  autoShareField,
  calendarDateField,
  clientObject,
  clientWithSumsObject,
  createBillsMode,
  positivePriceField,
} from './records';
import { billingRoles, everyRole, row } from './row';

const pathParams = z.object({ clientId: id('cli') });
const fields = {
  firstName: text(80),
  lastName: text(80),
  emailAllowed: z.boolean(),
  address: z.array(text(120)).max(6),
};

export const listClientsRow = row({
  operation: 'listClients',
  noun: 'clients',
  summary: 'Clients by name; `query` finds words of a name by their beginnings, whatever the case and accents',
  method: 'GET',
  path: '/clients',
  auth: 'staff',
  roles: everyRole,
  query: z.strictObject({
    ...pageQuery,
    query: text(100, 0).optional(),
    status: z.enum(['active', 'archived']).default('active'),
    practitionerId: id('mem').optional(),
  }),
  answers: { 200: pageOf(clientObject) },
  uses: ['table:read'],
});

export const createClientRow = row({
  operation: 'createClient',
  noun: 'clients',
  summary: 'Adds a client; a practitioner’s new client is the practitioner’s own',
  method: 'POST',
  path: '/clients',
  auth: 'staff',
  roles: everyRole,
  body: z.strictObject({
    firstName: fields.firstName,
    lastName: fields.lastName,
    email: email.optional(),
    emailAllowed: fields.emailAllowed.default(true),
    phone: text(40).optional(),
    address: fields.address.default([]),
    dateOfBirth: calendarDateField.optional(),
    practitionerId: id('mem').optional(),
    externalId: text(120).optional(),
  }),
  answers: { 201: clientWithSumsObject },
  idempotency: 'accepted',
  uses: ['table:read', 'table:write'],
  problems: ['already_exists'],
});

export const getClientRow = row({
  operation: 'getClient',
  noun: 'clients',
  summary: 'A client with what is owed and what is in credit',
  method: 'GET',
  path: '/clients/{clientId}',
  auth: 'staff',
  roles: everyRole,
  pathParams,
  answers: { 200: clientWithSumsObject },
  uses: ['table:read'],
});

export const changeClientRow = row({
  operation: 'changeClient',
  noun: 'clients',
  summary: 'Changes a client; `null` empties a field; archiving wants balance and credit at 0',
  method: 'PATCH',
  path: '/clients/{clientId}',
  auth: 'staff',
  roles: everyRole,
  pathParams,
  body: z.strictObject({
    firstName: fields.firstName.optional(),
    lastName: fields.lastName.optional(),
    email: email.nullable().optional(),
    emailAllowed: fields.emailAllowed.optional(),
    phone: text(40).nullable().optional(),
    address: fields.address.optional(),
    dateOfBirth: calendarDateField.nullable().optional(),
    practitionerId: id('mem').nullable().optional(),
    status: z.enum(['active', 'archived']).optional(),
  }),
  answers: { 200: clientWithSumsObject },
  uses: ['table:read', 'table:write'],
  problems: ['client_has_balance'],
});

const inherit = z.literal('inherit');
const share = z.union([inherit, autoShareField]);
const billingFields = {
  responsibility: z.enum(['self_pay', 'insurance', 'external']),
  payerId: id('payer').optional(),
  createBills: z.union([inherit, createBillsMode]),
  autoShare: z.strictObject({ bills: share, superbills: share, statements: share }),
  autopay: z.boolean(),
  autopayLimitCents: positivePriceField.nullable(),
  createSuperbills: z.boolean(),
  quiet: z.boolean(),
};

export const getClientBillingSettingsRow = row({
  operation: 'getClientBillingSettings',
  noun: 'clients',
  summary: 'How a client is billed; "inherit" follows the practice',
  method: 'GET',
  path: '/clients/{clientId}/billing-settings',
  auth: 'staff',
  roles: billingRoles,
  pathParams,
  answers: { 200: z.object(billingFields) },
  uses: ['table:read'],
});

export const putClientBillingSettingsRow = row({
  operation: 'putClientBillingSettings',
  noun: 'clients',
  summary: 'Replaces how a client is billed; AutoPay on an open balance wants the balance confirmed',
  method: 'PUT',
  path: '/clients/{clientId}/billing-settings',
  auth: 'staff',
  roles: billingRoles,
  pathParams,
  body: z.strictObject({ ...billingFields, confirmOpenBalanceCents: z.int().min(0).max(largestBalance).optional() }),
  answers: { 200: z.object(billingFields) },
  uses: ['table:read', 'table:write'],
  problems: ['autopay_balance_unconfirmed'],
});
