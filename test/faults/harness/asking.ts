import { handler as cancelBill } from '../../../functions/bills/cancelBill';
import { handler as createBill } from '../../../functions/bills/createBill';
import { handler as setUpCard } from '../../../functions/cards/setUpCard';
import { handler as addCredit } from '../../../functions/credits/addCredit';
import { handler as confirmGuestCheckout } from '../../../functions/guest/confirmGuestCheckout';
import { handler as createGuestCheckout } from '../../../functions/guest/createGuestCheckout';
import { handler as createImport } from '../../../functions/imports/createImport';
import { handler as addPayment } from '../../../functions/payments/addPayment';
import { handler as refundPayment } from '../../../functions/refunds/refundPayment';
import { cancelBillRow, createBillRow } from '../../../shared/operations/bills';
import { setUpCardRow } from '../../../shared/operations/cards';
import { addCreditRow } from '../../../shared/operations/credits';
import { confirmGuestCheckoutRow, createGuestCheckoutRow } from '../../../shared/operations/guest';
import { createImportRow } from '../../../shared/operations/imports';
import { addPaymentRow, refundPaymentRow } from '../../../shared/operations/payments';
import type { Billed, Chart } from './scenes';
import type { Asking } from './system';

export const price = 16500;

export const cardPayment = ({ practice, billId }: Billed, amountCents = price): Asking => ({
  row: addPaymentRow,
  handler: addPayment,
  asked: {
    caller: practice.admin,
    path: { billId },
    body: { type: 'card', collect: 'stripe', amountCents },
    key: 'key of the card payment',
  },
});

export const refund = (
  { practice }: Pick<Billed, 'practice'>,
  paymentId: string,
  body: Readonly<Record<string, unknown>>,
): Asking => ({
  row: refundPaymentRow,
  handler: refundPayment,
  asked: { caller: practice.admin, path: { paymentId }, body, key: 'key of the refund' },
});

export const cashPayment = ({ practice, billId }: Billed, amountCents = price): Asking => ({
  row: addPaymentRow,
  handler: addPayment,
  asked: {
    caller: practice.admin,
    path: { billId },
    body: { type: 'cash_check', amountCents },
    key: 'key of the cash payment',
  },
});

export const creditPayment = ({ practice, billId }: Billed, amountCents: number): Asking => ({
  row: addPaymentRow,
  handler: addPayment,
  asked: {
    caller: practice.admin,
    path: { billId },
    body: { type: 'credit_discount', source: 'credit', amountCents },
    key: 'key of the credit payment',
  },
});

export const cancelling = ({ practice, billId }: Billed): Asking => ({
  row: cancelBillRow,
  handler: cancelBill,
  asked: {
    caller: practice.admin,
    path: { billId },
    body: { payments: 'convert_to_credit' },
    key: 'key of the cancelling',
  },
});

export const billing = ({ practice, clientId }: Chart, sessionId: string): Asking => ({
  row: createBillRow,
  handler: createBill,
  asked: { caller: practice.admin, body: { clientId, sessions: [{ sessionId }] }, key: 'key of the bill' },
});

export const prepayment = ({ practice, clientId }: Chart, amountCents: number): Asking => ({
  row: addCreditRow,
  handler: addCredit,
  asked: {
    caller: practice.admin,
    path: { clientId },
    body: { amountCents, reason: 'prepayment', type: 'card', collect: 'stripe' },
    key: 'key of the prepayment',
  },
});

/** A guest who opened the bill by its link asks for Stripe's page. */
export const payPage = ({ practice, billId }: Billed): Asking => {
  const { practiceId, timeZone, currency } = practice.practice;
  return {
    row: createGuestCheckoutRow,
    handler: createGuestCheckout,
    asked: {
      caller: { kind: 'guest', practiceId, timeZone, currency, billId, verified: false, tokenHash: 'of the token' },
      body: {},
      key: 'key of the page',
    },
  };
};

/** The return from Stripe's page, whose address names it. */
export const confirming = (returned: string): Asking => ({
  row: confirmGuestCheckoutRow,
  handler: confirmGuestCheckout,
  asked: { body: { checkoutId: decodeURIComponent(returned.split('#c=')[1] ?? '') } },
});

export const cardPage = ({ practice, clientId }: Chart): Asking => ({
  row: setUpCardRow,
  handler: setUpCard,
  asked: {
    caller: practice.admin,
    path: { clientId },
    body: { consentTextVersion: '2026-01' },
    key: 'key of the card page',
  },
});

export const importing = ({ practice }: Chart, csv: string): Asking => ({
  row: createImportRow,
  handler: createImport,
  asked: {
    caller: practice.admin,
    query: { kind: 'sessions' },
    raw: csv,
    headers: { 'content-type': 'text/csv' },
    key: 'key of the import',
  },
});
