import * as z from 'zod';
import { atInstant, id } from './fields';
import { billObject, shareObject } from './objects';
import { billingRoles, row } from './row';

const billPath = z.object({ billId: id('bill') });
const shared = z.object({ share: shareObject, bill: billObject });

/** How something is shared. */
export const shareWish = z.strictObject({
  channel: z.enum(['email', 'portal']).default('email'),
  /** The practice's setting unless given. */
  includePdf: z.boolean().optional(),
  /** Later than now; at once unless given. */
  sendAt: atInstant.optional(),
});

export const shareBillRow = row({
  operation: 'shareBill',
  noun: 'shares',
  summary: 'Shares a bill with its recipient: by mail, which goes out at once or later, or in the portal only',
  method: 'POST',
  path: '/bills/{billId}/share',
  auth: 'staff',
  roles: billingRoles,
  pathParams: billPath,
  body: shareWish,
  answers: { 200: shared, 202: shared },
  idempotency: 'accepted',
  uses: ['table:read', 'table:write'],
  problems: ['no_recipient_email', 'email_not_allowed', 'email_suppressed', 'bill_cancelled', 'external_payer'],
});

export const withdrawShareRow = row({
  operation: 'withdrawShare',
  noun: 'shares',
  summary: 'Takes a scheduled share back before it is sent',
  method: 'DELETE',
  path: '/bills/{billId}/share',
  auth: 'staff',
  roles: billingRoles,
  pathParams: billPath,
  answers: { 200: billObject },
  uses: ['table:read', 'table:write'],
  problems: ['share_already_sent'],
});

export const revokeShareRow = row({
  operation: 'revokeShare',
  noun: 'shares',
  summary: 'Ends what a share gives: a bill’s pay link, a document’s place in the portal; one that waits is taken back',
  method: 'POST',
  path: '/shares/{shareId}/revoke',
  auth: 'staff',
  roles: billingRoles,
  pathParams: z.object({ shareId: id('share') }),
  /** The bill, where it is one. */
  answers: { 200: z.object({ share: shareObject, bill: billObject.optional() }) },
  idempotency: 'accepted',
  uses: ['table:read', 'table:write'],
});

export const listBillSharesRow = row({
  operation: 'listBillShares',
  noun: 'shares',
  summary: 'The shares of a bill, newest first',
  method: 'GET',
  path: '/bills/{billId}/shares',
  auth: 'staff',
  roles: billingRoles,
  pathParams: billPath,
  answers: { 200: z.object({ items: z.array(shareObject), nextCursor: z.null() }) },
  uses: ['table:read'],
});
