import * as z from 'zod';
import { amountCents, email, id, largestBalance, pageOf, pageQuery, text } from './fields';
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
          autopay: z.boolean(),
          autopayLimitCents: cents.nullable(),
        }),
      ),
    }),
  },
  uses: ['table:read'],
});

/** A bill in a client’s list: no member of staff, no mark or note of theirs. */
export const ownBillSummaryObject = z.object({
  billId: z.string(),
  number: z.string(),
  clientId: z.string(),
  clientName: z.string(),
  status: z.enum(['open', 'partially_paid', 'awaiting_insurance', 'paid', 'cancelled']),
  overdue: z.boolean(),
  issuedOn: z.string(),
  dueOn: z.string(),
  totalCents: cents,
  clientPortionCents: cents,
  clientPaidCents: cents,
  clientBalanceCents: cents,
  insurerPortionCents: cents,
  insurerPaidCents: cents,
  /** Of a charge under way. */
  reservedCents: cents,
});
export type OwnBillSummaryObject = z.input<typeof ownBillSummaryObject>;

export const ownPaymentObject = z.object({
  paymentId: z.string(),
  type: z.enum(['card', 'cash_check', 'credit_discount', 'other']),
  source: z.enum(['credit', 'discount']).optional(),
  amountCents: cents,
  refundedCents: cents,
  paidAt: z.string(),
  status: z.string(),
  card: z.object({ brand: z.string(), last4: z.string() }).optional(),
  /** Where the bank asks to confirm a charge that waits for it. */
  redirectUrl: z.string().optional(),
});
export type OwnPaymentObject = z.input<typeof ownPaymentObject>;

/** A bill as its paper shows it, and what the client paid on it. No diagnosis ever stands on a bill. */
export const ownBillObject = ownBillSummaryObject.extend({
  practiceName: z.string(),
  currency: z.string(),
  onlinePayments: z.boolean(),
  allowPartial: z.boolean(),
  minimumCents: cents,
  lines: z.array(
    z.object({
      kind: z.enum(['service', 'product', 'no_show', 'adjustment']),
      dateOfService: z.string().optional(),
      code: z.string().optional(),
      description: z.string(),
      units: z.number(),
      amountCents: cents,
      clientPortionCents: cents,
      insurerPortionCents: cents,
    }),
  ),
  comments: z.string(),
  footer: z.string(),
  payments: z.array(ownPaymentObject),
});
export type OwnBillObject = z.input<typeof ownBillObject>;

const billPath = z.object({ billId: id('bill') });

export const listOwnBillsRow = row({
  operation: 'listOwnBills',
  noun: 'client',
  summary: 'The bills of this account, the newest first: those that were shared, or all where the practice shows all',
  method: 'GET',
  path: '/client/bills',
  auth: 'client',
  query: z.strictObject({ ...pageQuery, clientId: id('cli').optional() }),
  answers: { 200: pageOf(ownBillSummaryObject) },
  uses: ['table:read'],
  problems: ['not_found'],
});

export const getOwnBillRow = row({
  operation: 'getOwnBill',
  noun: 'client',
  summary: 'One bill with its lines and what the client paid on it',
  method: 'GET',
  path: '/client/bills/{billId}',
  auth: 'client',
  pathParams: billPath,
  answers: { 200: ownBillObject },
  uses: ['table:read'],
});

export const getOwnBillPdfRow = row({
  operation: 'getOwnBillPdf',
  noun: 'client',
  summary: 'The bill on paper: bytes, a link, or a redirect to one',
  method: 'GET',
  path: '/client/bills/{billId}/pdf',
  auth: 'client',
  pathParams: billPath,
  answers: {
    200: z.union([z.object({ url: z.string(), expiresAt: z.string() }), z.instanceof(Uint8Array)]),
    302: null,
  },
  bytesAre: 'application/pdf',
  uses: ['table:read', 'documents:read', 'documents:write'],
  memoryMb: 1024,
});

export const createOwnCheckoutRow = row({
  operation: 'createOwnCheckout',
  noun: 'client',
  summary: 'Opens Stripe’s payment page for a bill; the same page for the same amount, as a guest’s',
  method: 'POST',
  path: '/client/bills/{billId}/checkout',
  auth: 'client',
  pathParams: billPath,
  body: z.strictObject({ amountCents: amountCents.optional() }),
  answers: { 200: z.object({ url: z.string() }), 201: z.object({ url: z.string() }) },
  idempotency: 'accepted',
  timeoutSeconds: 29,
  uses: ['table:read', 'table:write', 'stripe'],
  problems: [
    'bill_cancelled',
    'bill_already_paid',
    'external_payer',
    'amount_exceeds_balance',
    'amount_below_minimum',
    'payment_in_progress',
    'stripe_not_connected',
    'stripe_refused',
    'dependency_down',
  ],
});

const ownPayment = z.object({ payment: ownPaymentObject, bill: ownBillObject });

export const payOwnBillRow = row({
  operation: 'payOwnBill',
  noun: 'client',
  summary: 'Pays by a saved card of this payer; a bank that asks to confirm is answered at `redirectUrl`',
  method: 'POST',
  path: '/client/bills/{billId}/payments',
  auth: 'client',
  pathParams: billPath,
  body: z.strictObject({ amountCents, cardId: id('card') }),
  answers: { 201: ownPayment, 202: ownPayment },
  idempotency: 'required',
  timeoutSeconds: 29,
  uses: ['table:read', 'table:write', 'stripe'],
  problems: [
    'amount_exceeds_balance',
    'payment_in_progress',
    'bill_cancelled',
    'stripe_not_connected',
    'stripe_refused',
    'card_declined',
    'authentication_required',
    'no_card',
    'external_payer',
    'amount_below_minimum',
    'request_in_progress',
    'too_much_at_once',
  ],
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
  summary: 'Removes a card here and at Stripe; while AutoPay is on, one stays',
  method: 'DELETE',
  path: '/client/cards/{cardId}',
  auth: 'client',
  pathParams: cardPath,
  answers: { 204: null },
  timeoutSeconds: 29,
  uses: ['table:read', 'table:write', 'stripe'],
  problems: ['last_card', 'stripe_refused', 'dependency_down'],
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
  problems: ['not_found', 'autopay_off', 'autopay_balance_unconfirmed', 'no_card'],
});
