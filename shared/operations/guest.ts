import * as z from 'zod';
import { opaque, text } from './fields';
import { checkoutProblems, opensCheckout } from './opensCheckout';
import { row } from './row';

const practiceOfGuest = {
  practiceName: z.string(),
  practiceEmail: z.string().optional(),
  /** Where the client can sign in; absent while the practice has no portal. */
  portalUrl: z.string().optional(),
};

/**
 * What a guest sees of a bill: who, how much, until when. No line, no service, no name, no date of a session; of a
 * cancelled bill no more than that it is.
 */
export const guestBillObject = z.discriminatedUnion('status', [
  z.object({
    status: z.enum(['open', 'partially_paid', 'awaiting_insurance', 'paid']),
    ...practiceOfGuest,
    number: z.string(),
    currency: z.string(),
    dueOn: z.string(),
    clientPortionCents: z.int(),
    /** Before refunds. */
    clientPaidCents: z.int(),
    refundedCents: z.int(),
    clientBalanceCents: z.int(),
    allowPartial: z.boolean(),
    onlinePayments: z.boolean(),
    minimumCents: z.int(),
    /** Whether this guest may give another card for automatic payments. */
    cardSetup: z.boolean(),
  }),
  z.object({ status: z.literal('cancelled'), ...practiceOfGuest }),
]);
export type GuestBillObject = z.input<typeof guestBillObject>;

const signedIn = z.object({ token: z.string(), expiresAt: z.string(), bill: guestBillObject });
const accessCode = z.string().regex(/^\d{6}$/, 'must be the six digits of the access code');

export const lookupBillRow = row({
  operation: 'lookupBill',
  noun: 'guest',
  summary: 'Opens one bill: by the link of a mail, or by bill number and access code',
  method: 'POST',
  path: '/guest/bills/lookup',
  auth: 'none',
  openBecause: 'Whoever holds the link, or the number and the code, proves it here; wrong codes are counted',
  body: z
    .strictObject({
      linkToken: opaque(200).optional(),
      number: text(40).optional(),
      accessCode: accessCode.optional(),
    })
    .superRefine((body, context) => {
      const refuse = (field: string, message: string) => context.addIssue({ code: 'custom', path: [field], message });
      const byLink = body.linkToken !== undefined;
      if (byLink && body.number !== undefined) refuse('number', 'goes without linkToken');
      if (byLink && body.accessCode !== undefined) refuse('accessCode', 'goes without linkToken');
      if (!byLink && body.number === undefined) refuse('number', 'is required, or a linkToken');
      if (!byLink && body.accessCode === undefined) refuse('accessCode', 'is required, or a linkToken');
    }),
  answers: { 200: signedIn },
  uses: ['table:read', 'table:write', 'linkKey'],
  problems: ['bill_not_found', 'too_many_requests'],
});

export const requestFreshLinkRow = row({
  operation: 'requestFreshLink',
  noun: 'guest',
  summary: 'Mails a fresh link to the address on file; the answer never tells whether there is such a bill',
  method: 'POST',
  path: '/guest/bills/fresh-link',
  auth: 'none',
  openBecause: 'The link goes to the address on file, never to the caller, at most once an hour',
  body: z.strictObject({ number: text(40) }),
  answers: { 202: z.object({ accepted: z.literal(true) }) },
  uses: ['table:read', 'table:write'],
  problems: ['too_many_requests'],
});

export const getGuestBillRow = row({
  operation: 'getGuestBill',
  noun: 'guest',
  summary: 'The bill that this guest opened, as it stands',
  method: 'GET',
  path: '/guest/bill',
  auth: 'guest',
  answers: { 200: guestBillObject },
  uses: ['table:read'],
  problems: ['bill_not_found'],
});

export const verifyGuestRow = row({
  operation: 'verifyGuest',
  noun: 'guest',
  summary: 'Gives the access code as second factor, which the PDF wants of whoever came by a link',
  method: 'POST',
  path: '/guest/bill/verify',
  auth: 'guest',
  body: z.strictObject({ accessCode }),
  answers: { 200: z.object({ verified: z.literal(true) }) },
  uses: ['table:read', 'table:write'],
  problems: ['bill_not_found', 'too_many_requests'],
});

export const getGuestBillPdfRow = row({
  operation: 'getGuestBillPdf',
  noun: 'guest',
  summary: 'The bill on paper, for a guest who gave the access code',
  method: 'GET',
  path: '/guest/bill/pdf',
  auth: 'guest',
  answers: {
    200: z.union([z.object({ url: z.string(), expiresAt: z.string() }), z.instanceof(Uint8Array)]),
    302: null,
  },
  bytesAre: 'application/pdf',
  uses: ['table:read', 'documents:read', 'documents:write'],
  memoryMb: 1024,
  problems: ['second_factor_required', 'bill_not_found'],
});

export const createGuestCheckoutRow = row({
  operation: 'createGuestCheckout',
  noun: 'guest',
  summary: 'Opens Stripe’s payment page for this bill; the same page for the same amount',
  method: 'POST',
  path: '/guest/bill/checkout',
  auth: 'guest',
  ...opensCheckout,
  problems: ['bill_not_found', ...checkoutProblems],
});

export const setUpGuestCardRow = row({
  operation: 'setUpGuestCard',
  noun: 'guest',
  summary: 'Opens Stripe’s page for another card of AutoPay, for whoever came by the link of a mail to the recipient',
  method: 'POST',
  path: '/guest/bill/card-setup',
  auth: 'guest',
  body: z.strictObject({
    /** Which words the guest agreed to; it goes to Stripe and stands with the card. */
    consentTextVersion: z.string().regex(/^[\w.-]{1,50}$/, 'must be the version of a consent text'),
  }),
  answers: { 201: z.object({ url: z.string() }) },
  idempotency: 'accepted',
  timeoutSeconds: 29,
  uses: ['table:read', 'table:write', 'stripe'],
  problems: [
    'bill_not_found',
    'bill_cancelled',
    'autopay_off',
    'stripe_not_connected',
    'stripe_refused',
    'dependency_down',
  ],
});

export const confirmGuestCheckoutRow = row({
  operation: 'confirmGuestCheckout',
  noun: 'guest',
  summary:
    'Brings a finished payment page into the bill at once; without a guest token it tells status and amount only',
  method: 'POST',
  path: '/guest/bill/checkout/confirm',
  auth: 'none',
  openBecause:
    'The payment page returns here, perhaps after the guest token ended; its id tells nothing but that payment',
  body: z.strictObject({ checkoutId: opaque(255) }),
  answers: {
    200: z.object({
      payment: z.object({
        status: z.string(),
        amountCents: z.int(),
        currency: z.string().optional(),
        paidAt: z.string().optional(),
        /** With a guest's token only. */
        card: z.object({ brand: z.string(), last4: z.string() }).optional(),
        receiptNumber: z.string().optional(),
      }),
      bill: guestBillObject.optional(),
    }),
  },
  timeoutSeconds: 29,
  uses: ['table:read', 'table:write', 'stripe'],
  problems: ['not_found', 'stripe_refused', 'dependency_down'],
});
