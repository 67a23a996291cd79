import * as z from 'zod';
import { email, id, largestBalance, text } from './fields';
import { positivePriceField } from './records';
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

const cents = z.int();

export const getOwnAccountRow = row({
  operation: 'getOwnAccount',
  noun: 'client',
  summary: 'Who is signed in: the practice, and what each client of this account owes on bills that it sees',
  method: 'GET',
  path: '/client/me',
  auth: 'client',
  answers: {
    200: portalAccountObject.omit({ clients: true }).extend({
      name: z.string(),
      email: z.string(),
      practiceEmail: z.string().optional(),
      currency: z.string(),
      timeZone: z.string(),
      onlinePayments: z.boolean(),
      allowPartial: z.boolean(),
      minimumCents: cents,
      clients: z.array(
        z.object({
          clientId: z.string(),
          name: z.string(),
          balanceCents: cents,
          creditCents: cents,
          /** What AutoPay would take of this payer by now: what is confirmed when it is switched on. */
          autopayBalanceCents: cents,
          autopay: z.boolean(),
          autopayLimitCents: cents.nullable(),
        }),
      ),
    }),
  },
  uses: ['table:read'],
});

/** A card as its owner sees it. */
export const ownCardObject = z.object({
  cardId: z.string(),
  clientId: z.string(),
  brand: z.string(),
  last4: z.string(),
  expMonth: z.int(),
  expYear: z.int(),
  nickname: z.string().optional(),
  isDefault: z.boolean(),
});

export const listOwnCardsRow = row({
  operation: 'listOwnCards',
  noun: 'client',
  summary: 'Saved cards of this payer, by the client whose bills they pay',
  method: 'GET',
  path: '/client/cards',
  auth: 'client',
  answers: { 200: z.object({ items: z.array(ownCardObject), nextCursor: z.null() }) },
  uses: ['table:read'],
});

const cardPath = z.object({ cardId: id('card') });
/** Which words the payer agreed to; it stands with what they allowed. */
const consentTextVersion = z.string().regex(/^[\w.-]{1,50}$/, 'must be the version of a consent text');

export const setUpOwnCardRow = row({
  operation: 'setUpOwnCard',
  noun: 'client',
  summary: 'Opens Stripe’s page on which a card of this payer is entered and saved',
  method: 'POST',
  path: '/client/cards/setup',
  auth: 'client',
  body: z.strictObject({
    /** Required of whoever pays for several clients. */
    clientId: id('cli').optional(),
    consentTextVersion,
  }),
  answers: { 201: z.object({ url: z.string() }) },
  idempotency: 'accepted',
  timeoutSeconds: 29,
  uses: ['table:read', 'table:write', 'stripe'],
  problems: ['not_found', 'stripe_not_connected', 'stripe_refused', 'dependency_down'],
});

export const changeOwnCardRow = row({
  operation: 'changeOwnCard',
  noun: 'client',
  summary: 'Names a card or makes it this payer’s default',
  method: 'PATCH',
  path: '/client/cards/{cardId}',
  auth: 'client',
  pathParams: cardPath,
  body: z.strictObject({ nickname: text(40).nullable().optional(), isDefault: z.literal(true).optional() }),
  answers: { 200: ownCardObject },
  uses: ['table:read', 'table:write'],
});

export const removeOwnCardRow = row({
  operation: 'removeOwnCard',
  noun: 'client',
  summary: 'Removes a card here and at Stripe; while AutoPay charges this payer, one stays',
  method: 'DELETE',
  path: '/client/cards/{cardId}',
  auth: 'client',
  pathParams: cardPath,
  answers: { 204: null },
  timeoutSeconds: 29,
  uses: ['table:read', 'table:write', 'stripe'],
  problems: ['last_card', 'default_card', 'stripe_refused', 'dependency_down'],
});

export const putOwnAutopayRow = row({
  operation: 'putOwnAutopay',
  noun: 'client',
  summary: 'Switches AutoPay of one client on or off, by whoever gets the bills; an open balance has to be confirmed',
  method: 'PUT',
  path: '/client/autopay',
  auth: 'client',
  body: z.strictObject({
    clientId: id('cli'),
    enabled: z.boolean(),
    limitCents: positivePriceField.nullable().optional(),
    consentTextVersion,
    confirmOpenBalanceCents: z.int().min(0).max(largestBalance).optional(),
  }),
  answers: { 200: z.object({ clientId: z.string(), autopay: z.boolean(), autopayLimitCents: cents.nullable() }) },
  uses: ['table:read', 'table:write'],
  problems: ['not_found', 'autopay_off', 'autopay_balance_unconfirmed', 'no_card', 'card_expired'],
});
