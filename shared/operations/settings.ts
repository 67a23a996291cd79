import * as z from 'zod';
import { inheritedFields } from '../domain/practice';
import { eachOnce, largestBalance, prose, text } from './fields';
import { autoShareField, cancelledStatus, createBillsMode, priceField } from './records';
import { billingRoles, officeRoles, row } from './row';

const billingFields = {
  noShowFee: z.strictObject({
    enabled: z.boolean(),
    amountCents: priceField,
    statuses: eachOnce(z.array(cancelledStatus).max(3)).readonly(),
  }),
  serviceDescription: z.strictObject({ mode: z.enum(['service_code', 'custom']), text: text(120).optional() }),
  nameOnDocuments: text(120),
  footerComment: prose(1000, 0),
  documentDelivery: z.enum(['email_pdf', 'portal_only']),
  defaultDueDays: z.int().min(0).max(365),
  superbillPayee: z.enum(['clinic', 'provider', 'client', 'none']),
  applyCreditAutomatically: z.boolean(),
  requireSignedNote: z.boolean(),
  showUnsharedBillsInPortal: z.boolean(),
  allowPartialOnline: z.boolean(),
  receipts: z.boolean(),
};

const dayOfMonth = z.int().min(1).max(31);

const automationFields = {
  createBills: createBillsMode,
  joinSameDay: z.boolean(),
  superbillDay: dayOfMonth,
  autopay: z.boolean(),
  autoShare: z.strictObject({ bills: autoShareField, superbills: autoShareField, statements: autoShareField }),
  statementDay: dayOfMonth.nullable(),
  digest: z.strictObject({ enabled: z.boolean(), hour: z.int().min(0).max(23) }),
  overdueReminders: z.strictObject({
    enabled: z.boolean(),
    daysAfterDue: eachOnce(z.array(z.int().min(1).max(365)).max(10)).readonly(),
  }),
  autopayNotice: z.boolean(),
};

/** For each value that a PUT changed: how many active clients follow it, since they have none of their own. */
const changed = z.array(z.object({ field: z.string(), clientsInheriting: z.int() }));

export const getBillingSettingsRow = row({
  operation: 'getBillingSettings',
  noun: 'settings',
  summary: 'Bill settings of the practice',
  method: 'GET',
  path: '/settings/billing',
  auth: 'staff',
  roles: billingRoles,
  answers: { 200: z.object(billingFields) },
  uses: ['table:read'],
});

export const putBillingSettingsRow = row({
  operation: 'putBillingSettings',
  noun: 'settings',
  summary: 'Replaces the bill settings; they hold for documents made afterwards',
  method: 'PUT',
  path: '/settings/billing',
  auth: 'staff',
  roles: officeRoles,
  body: z
    // Younger than the other fields: who does not know it leaves it on.
    .strictObject({ ...billingFields, receipts: billingFields.receipts.default(true) })
    .superRefine(({ serviceDescription: { mode, text: words } }, context) => {
      if (mode === 'service_code' || words !== undefined) return;
      const message = 'is required with custom: documents show it instead of what was done';
      context.addIssue({ code: 'custom', path: ['serviceDescription', 'text'], message });
    }),
  answers: { 200: z.object({ ...billingFields, changed }) },
  uses: ['table:read', 'table:write'],
});

export const getAutomationSettingsRow = row({
  operation: 'getAutomationSettings',
  noun: 'settings',
  summary: 'Automation settings of the practice: the defaults of clients that have none of their own',
  method: 'GET',
  path: '/settings/automation',
  auth: 'staff',
  roles: officeRoles,
  answers: { 200: z.object(automationFields) },
  uses: ['table:read'],
});

export const putAutomationSettingsRow = row({
  operation: 'putAutomationSettings',
  noun: 'settings',
  summary: 'Replaces the automation settings and says how many clients inherit each changed value',
  method: 'PUT',
  path: '/settings/automation',
  auth: 'staff',
  roles: officeRoles,
  // Younger than the other fields: who does not know them leaves them off.
  body: z.strictObject({
    ...automationFields,
    joinSameDay: automationFields.joinSameDay.default(false),
    autopayNotice: automationFields.autopayNotice.default(false),
    /** What is open of all clients on AutoPay, when it is switched on. */
    confirmOpenBalanceCents: z.int().min(0).max(largestBalance).optional(),
  }),
  answers: { 200: z.object({ ...automationFields, changed }) },
  problems: ['autopay_balance_unconfirmed'],
  uses: ['table:read', 'table:write'],
});

export const applyAutomationToClientsRow = row({
  operation: 'applyAutomationToClients',
  noun: 'settings',
  summary: 'Makes existing clients inherit the named values again; with dryRun it only counts them',
  method: 'POST',
  path: '/settings/automation/apply-to-clients',
  auth: 'staff',
  roles: officeRoles,
  body: z.strictObject({
    dryRun: z.boolean(),
    fields: eachOnce(z.array(z.enum(inheritedFields)).min(1).max(inheritedFields.length)).default([...inheritedFields]),
  }),
  answers: { 200: z.object({ dryRun: z.boolean(), fields: z.array(z.enum(inheritedFields)), clients: z.int() }) },
  idempotency: 'accepted',
  uses: ['table:read', 'table:write'],
});
