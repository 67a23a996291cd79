import * as z from 'zod';
import { eachOnce, email, id, pageOf, text } from './fields';
import { contactObject } from './records';
import { billingRoles, row } from './row';

const clientPath = z.object({ clientId: id('cli') });
const contactPath = clientPath.extend({ contactId: id('con') });
const roles = eachOnce(z.array(z.enum(['billing', 'emergency'])).max(2));

export const listContactsRow = row({
  operation: 'listContacts',
  noun: 'contacts',
  summary: 'Contacts of a client; the one with the billing role gets the bills',
  method: 'GET',
  path: '/clients/{clientId}/contacts',
  auth: 'staff',
  roles: billingRoles,
  pathParams: clientPath,
  answers: { 200: pageOf(contactObject) },
  uses: ['table:read'],
});

export const createContactRow = row({
  operation: 'createContact',
  noun: 'contacts',
  summary: 'Adds a contact; a client has at most one billing contact',
  method: 'POST',
  path: '/clients/{clientId}/contacts',
  auth: 'staff',
  roles: billingRoles,
  pathParams: clientPath,
  body: z.strictObject({
    name: text(120),
    email: email.optional(),
    emailAllowed: z.boolean().default(true),
    roles,
  }),
  answers: { 201: contactObject },
  idempotency: 'accepted',
  uses: ['table:read', 'table:write'],
  problems: ['already_exists'],
});

export const changeContactRow = row({
  operation: 'changeContact',
  noun: 'contacts',
  summary: 'Changes a contact; bills made before keep their recipient',
  method: 'PATCH',
  path: '/clients/{clientId}/contacts/{contactId}',
  auth: 'staff',
  roles: billingRoles,
  pathParams: contactPath,
  body: z.strictObject({
    name: text(120).optional(),
    email: email.nullable().optional(),
    emailAllowed: z.boolean().optional(),
    roles: roles.optional(),
  }),
  answers: { 200: contactObject },
  uses: ['table:read', 'table:write'],
  problems: ['already_exists'],
});

export const removeContactRow = row({
  operation: 'removeContact',
  noun: 'contacts',
  summary: 'Removes a contact; bills to come go to the client then',
  method: 'DELETE',
  path: '/clients/{clientId}/contacts/{contactId}',
  auth: 'staff',
  roles: billingRoles,
  pathParams: contactPath,
  answers: { 204: null },
  uses: ['table:read', 'table:write'],
});
