import * as z from 'zod';
import { jobs } from '../domain/automation/jobs';
import { id, onDate, pageOf, pageQuery } from './fields';
import { officeRoles, row } from './row';

const job = z.enum(jobs);

/** One job of one local date: what came of it, how often. */
export const automationRunObject = z.object({
  runId: z.string(),
  job,
  on: z.string(),
  status: z.enum(['running', 'done']),
  trigger: z.enum(['night', 'staff']),
  startedAt: z.string(),
  finishedAt: z.string().optional(),
  /** How often each outcome; what was passed over by its reason, as `skipped_<reason>`. */
  outcomes: z.record(z.string(), z.int()),
  amountCents: z.int(),
});

/** What came of a client or a bill; why nothing did. */
const resultObject = z.object({
  clientId: z.string(),
  billId: z.string().optional(),
  outcome: z.string(),
  reason: z.string().optional(),
  amountCents: z.int().optional(),
  creditCents: z.int().optional(),
  documentId: z.string().optional(),
});

const plannedObject = z.object({
  clientId: z.string(),
  clientName: z.string(),
  /** Absent for a bill that the same night makes. */
  billId: z.string().optional(),
  number: z.string().optional(),
  sessionIds: z.array(z.string()).optional(),
  amountCents: z.int(),
  /** What the client pays of a new bill. */
  clientPortionCents: z.int().optional(),
  creditCents: z.int().optional(),
  card: z.object({ brand: z.string(), last4: z.string() }).optional(),
  /** When the new bill goes out by itself. */
  shareAt: z.string().optional(),
});

const passedObject = z.object({
  clientId: z.string(),
  clientName: z.string(),
  billId: z.string().optional(),
  reason: z.string(),
  sessions: z.int().optional(),
});

export const previewAutomationRow = row({
  operation: 'previewAutomation',
  noun: 'automation',
  summary: 'What the automation of a date will do, client by client, and why it passes over the others',
  method: 'GET',
  path: '/automation/preview',
  auth: 'staff',
  roles: officeRoles,
  query: z.strictObject({ on: onDate.optional() }),
  answers: {
    200: z.object({
      on: z.string(),
      jobs: z.array(
        z.object({
          job,
          /** When it begins; null on a date that is none of its days. */
          startsAt: z.string().nullable(),
          items: z.array(plannedObject),
          skipped: z.array(passedObject),
          amountCents: z.int(),
        }),
      ),
    }),
  },
  uses: ['table:read'],
  timeoutSeconds: 29,
  memoryMb: 1024,
});

export const listAutomationRunsRow = row({
  operation: 'listAutomationRuns',
  noun: 'automation',
  summary: 'Runs of the automation, the latest dates first',
  method: 'GET',
  path: '/automation/runs',
  auth: 'staff',
  roles: officeRoles,
  query: z.strictObject(pageQuery),
  answers: { 200: pageOf(automationRunObject) },
  uses: ['table:read'],
});

export const getAutomationRunRow = row({
  operation: 'getAutomationRun',
  noun: 'automation',
  summary: 'A run with what came of each client or bill that it looked at',
  method: 'GET',
  path: '/automation/runs/{runId}',
  auth: 'staff',
  roles: officeRoles,
  pathParams: z.object({ runId: id('run') }),
  query: z.strictObject({ cursor: pageQuery.cursor }),
  answers: { 200: z.object({ run: automationRunObject, ...pageOf(resultObject).shape }) },
  uses: ['table:read'],
});

export const startAutomationRunRow = row({
  operation: 'startAutomationRun',
  noun: 'automation',
  summary: 'Runs a job of a date by hand, or once more: what was done stays done',
  method: 'POST',
  path: '/automation/runs',
  auth: 'staff',
  roles: officeRoles,
  body: z.strictObject({ job, on: onDate }),
  answers: { 202: automationRunObject },
  idempotency: 'accepted',
  uses: ['table:read', 'table:write', 'workQueue'],
});
