import * as z from 'zod';
import { id, pageOf, pageQuery, text } from './fields';
import { payerObject, priceField, productObject, serviceObject } from './records';
import { billingRoles, everyRole, officeRoles, row } from './row';

/** Hidden entries are listed as well, with `active: false`, unless only active ones are asked for. */
const query = z.strictObject({ ...pageQuery, active: z.enum(['true', 'false']).optional() });
const write = ['table:read', 'table:write'] as const;

const service = {
  code: text(20),
  kind: z.enum(['cpt', 'custom']),
  name: text(120),
  description: text(200),
  priceCents: priceField,
  durationMinutes: z.int().min(1).max(1440),
  unitBilling: z.boolean(),
};
const servicePath = z.object({ serviceId: id('svc') });
const productPath = z.object({ productId: id('prod') });
const payerPath = z.object({ payerId: id('payer') });

export const listServicesRow = row({
  operation: 'listServices',
  noun: 'catalogue',
  summary: 'Services; without prices for whoever may see no amounts',
  method: 'GET',
  path: '/services',
  auth: 'staff',
  roles: everyRole,
  query,
  answers: { 200: pageOf(serviceObject) },
  uses: ['table:read'],
});

export const createServiceRow = row({
  operation: 'createService',
  noun: 'catalogue',
  summary: 'Adds a service with its usual price, which may be 0',
  method: 'POST',
  path: '/services',
  auth: 'staff',
  roles: officeRoles,
  body: z.strictObject({
    ...service,
    kind: service.kind.default('custom'),
    description: service.description.optional(),
    durationMinutes: service.durationMinutes.optional(),
    unitBilling: service.unitBilling.default(false),
  }),
  answers: { 201: serviceObject },
  idempotency: 'accepted',
  uses: write,
});

export const importServicesRow = row({
  operation: 'importServices',
  noun: 'catalogue',
  summary: 'Adds a starter set of psychotherapy codes at price 0; codes that are there stay as they are',
  method: 'POST',
  path: '/services/import',
  auth: 'staff',
  roles: officeRoles,
  answers: { 200: z.object({ created: z.array(serviceObject), unchanged: z.int() }) },
  idempotency: 'accepted',
  uses: write,
});

export const changeServiceRow = row({
  operation: 'changeService',
  noun: 'catalogue',
  summary: 'Changes a service; sessions made before keep its price and text',
  method: 'PATCH',
  path: '/services/{serviceId}',
  auth: 'staff',
  roles: officeRoles,
  pathParams: servicePath,
  body: z.strictObject({
    ...z.object(service).partial().shape,
    durationMinutes: service.durationMinutes.nullable().optional(),
    active: z.boolean().optional(),
  }),
  answers: { 200: serviceObject },
  uses: write,
});

export const hideServiceRow = row({
  operation: 'hideService',
  noun: 'catalogue',
  summary: 'Hides a service: no new session takes it',
  method: 'DELETE',
  path: '/services/{serviceId}',
  auth: 'staff',
  roles: officeRoles,
  pathParams: servicePath,
  answers: { 204: null },
  uses: write,
});

export const listProductsRow = row({
  operation: 'listProducts',
  noun: 'catalogue',
  summary: 'Products, which go on bills by hand',
  method: 'GET',
  path: '/products',
  auth: 'staff',
  roles: billingRoles,
  query,
  answers: { 200: pageOf(productObject) },
  uses: ['table:read'],
});

export const createProductRow = row({
  operation: 'createProduct',
  noun: 'catalogue',
  summary: 'Adds a product',
  method: 'POST',
  path: '/products',
  auth: 'staff',
  roles: officeRoles,
  body: z.strictObject({ title: text(120), priceCents: priceField }),
  answers: { 201: productObject },
  idempotency: 'accepted',
  uses: write,
});

export const changeProductRow = row({
  operation: 'changeProduct',
  noun: 'catalogue',
  summary: 'Changes a product; bills made before stay as they are',
  method: 'PATCH',
  path: '/products/{productId}',
  auth: 'staff',
  roles: officeRoles,
  pathParams: productPath,
  body: z.strictObject({
    title: text(120).optional(),
    priceCents: priceField.optional(),
    active: z.boolean().optional(),
  }),
  answers: { 200: productObject },
  uses: write,
});

export const hideProductRow = row({
  operation: 'hideProduct',
  noun: 'catalogue',
  summary: 'Hides a product: no new bill takes it',
  method: 'DELETE',
  path: '/products/{productId}',
  auth: 'staff',
  roles: officeRoles,
  pathParams: productPath,
  answers: { 204: null },
  uses: write,
});

export const listPayersRow = row({
  operation: 'listPayers',
  noun: 'catalogue',
  summary: 'Insurers and platforms that pay',
  method: 'GET',
  path: '/payers',
  auth: 'staff',
  roles: billingRoles,
  query,
  answers: { 200: pageOf(payerObject) },
  uses: ['table:read'],
});

export const createPayerRow = row({
  operation: 'createPayer',
  noun: 'catalogue',
  summary: 'Adds an insurer, or a platform such as Headway or Alma',
  method: 'POST',
  path: '/payers',
  auth: 'staff',
  roles: officeRoles,
  body: z.strictObject({ name: text(120), kind: z.enum(['insurer', 'external_platform']) }),
  answers: { 201: payerObject },
  idempotency: 'accepted',
  uses: write,
});

export const changePayerRow = row({
  operation: 'changePayer',
  noun: 'catalogue',
  summary: 'Renames a payer or makes it active again; its kind stays, since bills rely on it',
  method: 'PATCH',
  path: '/payers/{payerId}',
  auth: 'staff',
  roles: officeRoles,
  pathParams: payerPath,
  body: z.strictObject({ name: text(120).optional(), active: z.boolean().optional() }),
  answers: { 200: payerObject },
  uses: write,
});

export const hidePayerRow = row({
  operation: 'hidePayer',
  noun: 'catalogue',
  summary: 'Hides a payer: no new policy or bill takes it',
  method: 'DELETE',
  path: '/payers/{payerId}',
  auth: 'staff',
  roles: officeRoles,
  pathParams: payerPath,
  answers: { 204: null },
  uses: write,
});
