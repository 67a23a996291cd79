import * as z from 'zod';
import { email, id } from './fields';
import { row } from './row';

/** What one sign-in sees: of one practice, a client’s own bills, or those of the clients whose billing contact it is. */
export const portalAccountObject = z.object({
  accountId: z.string(),
  practiceName: z.string(),
  kind: z.enum(['client', 'contact']),
  clients: z.array(z.object({ clientId: z.string(), name: z.string() })),
});
export type PortalAccountObject = z.input<typeof portalAccountObject>;

const signedIn = z.object({
  token: z.string(),
  /** Unless it is used before. */
  expiresAt: z.string(),
  /** However much it is used. */
  endsAt: z.string(),
  /** The one that the token sees. */
  accountId: z.string(),
  /** All that the address is known by; another one takes `POST /client/sessions/switch`. */
  accounts: z.array(portalAccountObject),
});

export const requestSignInRow = row({
  operation: 'requestSignIn',
  noun: 'client',
  summary: 'Mails a code to sign in with, where the address is known; the answer never tells whether it is',
  method: 'POST',
  path: '/client/sessions',
  auth: 'none',
  openBecause: 'Whoever wants to sign in is not known yet; the code goes to the address alone, five times an hour',
  body: z.strictObject({ email }),
  answers: { 202: z.object({ accepted: z.literal(true) }) },
  uses: ['table:read', 'table:write', 'mailQueue'],
  problems: ['too_many_requests'],
});

export const confirmSignInRow = row({
  operation: 'confirmSignIn',
  noun: 'client',
  summary: 'Signs in with the code of the mail: a token for one account of this address',
  method: 'POST',
  path: '/client/sessions/confirm',
  auth: 'none',
  openBecause: 'The code proves that the mailbox is one’s own; five wrong ones end it',
  body: z.strictObject({ email, code: z.string().regex(/^\d{6}$/, 'must be the six digits of the code') }),
  answers: { 200: signedIn },
  uses: ['table:read', 'table:write', 'linkKey'],
  problems: ['sign_in_refused', 'too_many_requests'],
});

export const switchAccountRow = row({
  operation: 'switchAccount',
  noun: 'client',
  summary: 'Goes on with another account of the same address: a new token, which ends when the first one would have',
  method: 'POST',
  path: '/client/sessions/switch',
  auth: 'client',
  body: z.strictObject({ accountId: id('acc') }),
  answers: { 200: signedIn },
  uses: ['table:read', 'table:write'],
  problems: ['not_found'],
});

export const signOutRow = row({
  operation: 'signOut',
  noun: 'client',
  summary: 'Ends the session; holds within a minute, as long as an answer to "who calls" is kept',
  method: 'DELETE',
  path: '/client/sessions',
  auth: 'client',
  answers: { 204: null },
  uses: ['table:read', 'table:write'],
});
