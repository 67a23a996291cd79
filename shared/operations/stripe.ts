import * as z from 'zod';
import { opaque } from './fields';
import { adminRoles, officeRoles, row } from './row';

const connection = z.object({
  status: z.enum(['not_connected', 'pending', 'ready']),
  /** Absent: the platform key's own account, or none. */
  accountId: z.string().optional(),
  mode: z.enum(['test', 'live']),
  chargesEnabled: z.boolean(),
  payoutsEnabled: z.boolean(),
  /** How many things Stripe still wants to know; its dashboard says which. */
  requirementsDue: z.int(),
  dashboardUrl: z.string().optional(),
});

export const getStripeStatusRow = row({
  operation: 'getStripeStatus',
  noun: 'stripe',
  summary: 'Whether the practice can take cards, as Stripe says now',
  method: 'GET',
  path: '/stripe/status',
  auth: 'staff',
  roles: officeRoles,
  answers: { 200: connection },
  timeoutSeconds: 29,
  uses: ['table:read', 'stripe'],
  problems: ['stripe_refused', 'dependency_down'],
});

export const connectStripeRow = row({
  operation: 'connectStripe',
  noun: 'stripe',
  summary: 'Opens Stripe’s page on which the practice connects an account of its own; again while that is not finished',
  method: 'POST',
  path: '/stripe/connect',
  auth: 'staff',
  roles: adminRoles,
  answers: { 201: z.object({ url: z.string() }) },
  timeoutSeconds: 29,
  uses: ['table:read', 'table:write', 'stripe'],
  problems: ['stripe_connected', 'stripe_refused', 'dependency_down'],
});

export const confirmStripeRow = row({
  operation: 'confirmStripe',
  noun: 'stripe',
  summary:
    'Comes back from Stripe’s page: holds the one-time state against member and practice, and looks what Stripe says',
  method: 'POST',
  path: '/stripe/connect/confirm',
  auth: 'staff',
  roles: adminRoles,
  body: z.strictObject({ state: opaque(200) }),
  answers: { 200: connection },
  timeoutSeconds: 29,
  uses: ['table:read', 'table:write', 'stripe'],
  problems: ['stripe_refused', 'dependency_down'],
});
