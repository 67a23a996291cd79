import * as z from 'zod';
import { id, pageQuery } from './fields';
import { officeRoles, row } from './row';

const kind = z.enum(['clients', 'services', 'sessions']);
const importPath = z.object({ importId: id('imp') });

export const importObject = z.object({
  importId: z.string(),
  kind,
  status: z.enum(['queued', 'running', 'done', 'failed']),
  dryRun: z.boolean(),
  total: z.int(),
  created: z.int(),
  updated: z.int(),
  unchanged: z.int(),
  failed: z.int(),
  createdAt: z.string(),
});

export const createImportRow = row({
  operation: 'createImport',
  noun: 'imports',
  summary: 'Takes clients, services or sessions as CSV or JSON; the rows are worked off afterwards',
  method: 'POST',
  path: '/imports',
  auth: 'staff',
  roles: officeRoles,
  query: z.strictObject({ kind: kind.optional(), dryRun: z.enum(['true', 'false']).default('false') }),
  bodyFormat: 'raw',
  accepts: ['text/csv', 'application/json'],
  maxBodyBytes: 5_000_000,
  answers: { 202: importObject },
  idempotency: 'accepted',
  timeoutSeconds: 29,
  uses: ['table:read', 'table:write'],
});

export const getImportRow = row({
  operation: 'getImport',
  noun: 'imports',
  summary: 'How far an import is',
  method: 'GET',
  path: '/imports/{importId}',
  auth: 'staff',
  roles: officeRoles,
  pathParams: importPath,
  answers: { 200: importObject },
  uses: ['table:read'],
});

export const listImportRowsRow = row({
  operation: 'listImportRows',
  noun: 'imports',
  summary: 'What became of each row',
  method: 'GET',
  path: '/imports/{importId}/rows',
  auth: 'staff',
  roles: officeRoles,
  pathParams: importPath,
  query: z.strictObject({ ...pageQuery, result: z.enum(['created', 'updated', 'unchanged', 'failed']).optional() }),
  answers: {
    200: z.object({
      items: z.array(
        z.object({
          row: z.int(),
          result: z.enum(['created', 'updated', 'unchanged', 'failed']),
          id: z.string().optional(),
          externalId: z.string().optional(),
          errors: z.array(z.object({ field: z.string(), reason: z.string() })).optional(),
        }),
      ),
      nextCursor: z.string().nullable(),
    }),
  },
  uses: ['table:read'],
});
