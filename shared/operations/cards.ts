import * as z from 'zod';
import { id, text } from './fields';
import { billingRoles, row } from './row';

export const cardObject = z.object({
  cardId: z.string(),
  clientId: z.string(),
  brand: z.string(),
  last4: z.string(),
  expMonth: z.int(),
  expYear: z.int(),
  nickname: z.string().optional(),
  isDefault: z.boolean(),
  owner: z.object({ kind: z.enum(['client', 'contact']), id: z.string() }),
  consent: z.object({ at: z.string(), by: z.string(), textVersion: z.string() }),
});

const cardPath = z.object({ cardId: id('card') });

export const listCardsRow = row({
  operation: 'listCards',
  noun: 'cards',
  summary: 'Saved cards of a client and the client’s contacts',
  method: 'GET',
  path: '/clients/{clientId}/cards',
  auth: 'staff',
  roles: billingRoles,
  pathParams: z.object({ clientId: id('cli') }),
  answers: { 200: z.object({ items: z.array(cardObject), nextCursor: z.null() }) },
  uses: ['table:read'],
});

export const setUpCardRow = row({
  operation: 'setUpCard',
  noun: 'cards',
  summary: 'Opens Stripe’s page on which a card is entered and saved',
  method: 'POST',
  path: '/clients/{clientId}/cards/setup',
  auth: 'staff',
  roles: billingRoles,
  pathParams: z.object({ clientId: id('cli') }),
  body: z.strictObject({
    contactId: id('con').optional(),
    consentTextVersion: text(50),
    returnTo: z
      .string()
      .max(500)
      .regex(/^\/(?![/\\])[!-[\]-~]*$/, 'must be a path of this origin')
      .optional(),
  }),
  answers: { 201: z.object({ url: z.string() }) },
  idempotency: 'accepted',
  timeoutSeconds: 29,
  uses: ['table:read', 'table:write', 'stripe'],
  problems: ['stripe_not_connected', 'stripe_refused', 'dependency_down'],
});

export const changeCardRow = row({
  operation: 'changeCard',
  noun: 'cards',
  summary: 'Names a card or makes it its owner’s default',
  method: 'PATCH',
  path: '/cards/{cardId}',
  auth: 'staff',
  roles: billingRoles,
  pathParams: cardPath,
  body: z.strictObject({ nickname: text(40).nullable().optional(), isDefault: z.literal(true).optional() }),
  answers: { 200: cardObject },
  uses: ['table:read', 'table:write'],
});

export const removeCardRow = row({
  operation: 'removeCard',
  noun: 'cards',
  summary: 'Removes a card here and at Stripe; one that then remains alone becomes the default',
  method: 'DELETE',
  path: '/cards/{cardId}',
  auth: 'staff',
  roles: billingRoles,
  pathParams: cardPath,
  answers: { 204: null },
  timeoutSeconds: 29,
  uses: ['table:read', 'table:write', 'stripe'],
  problems: ['default_card', 'stripe_refused', 'dependency_down'],
});
