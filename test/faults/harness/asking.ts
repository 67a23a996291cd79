import { handler as resolveAttention } from '../../../functions/attention/resolveAttention';
import { handler as adjustBill } from '../../../functions/bills/adjustBill';
import { handler as cancelBill } from '../../../functions/bills/cancelBill';
import { handler as createBill } from '../../../functions/bills/createBill';
import { handler as writeOffBill } from '../../../functions/bills/writeOffBill';
import { handler as setUpCard } from '../../../functions/cards/setUpCard';
import { handler as addCredit } from '../../../functions/credits/addCredit';
import { handler as confirmGuestCheckout } from '../../../functions/guest/confirmGuestCheckout';
import { handler as createGuestCheckout } from '../../../functions/guest/createGuestCheckout';
import { handler as createImport } from '../../../functions/imports/createImport';
import { handler as addInsurancePayment } from '../../../functions/payments/addInsurancePayment';
import { handler as addPayment } from '../../../functions/payments/addPayment';
import { handler as startReconciliation } from '../../../functions/reconciliation/startReconciliation';
import { handler as decideRefundEffect } from '../../../functions/refunds/decideRefundEffect';
import { handler as refundPayment } from '../../../functions/refunds/refundPayment';
import { handler as confirmStripe } from '../../../functions/stripe/confirmStripe';
import { handler as connectStripe } from '../../../functions/stripe/connectStripe';
import { handler as attachPayment } from '../../../functions/unmatched/attachPayment';
import { resolveAttentionRow } from '../../../shared/operations/attention';
import { adjustBillRow, cancelBillRow, createBillRow, writeOffBillRow } from '../../../shared/operations/bills';
import { setUpCardRow } from '../../../shared/operations/cards';
import { addCreditRow } from '../../../shared/operations/credits';
import { confirmGuestCheckoutRow, createGuestCheckoutRow } from '../../../shared/operations/guest';
import { createImportRow } from '../../../shared/operations/imports';
import {
  addInsurancePaymentRow,
  addPaymentRow,
  decideRefundEffectRow,
  refundPaymentRow,
} from '../../../shared/operations/payments';
import { startReconciliationRow } from '../../../shared/operations/reconciliation';
import { confirmStripeRow, connectStripeRow } from '../../../shared/operations/stripe';
import { attachPaymentRow } from '../../../shared/operations/unmatched';
import type { Billed, Chart } from './scenes';
import type { Asking } from './system';

export const price = 16500;

type Body = Readonly<Record<string, unknown>>;

/** The admin asks, each operation under a key of its own. */
const admin = (
  { practice }: Pick<Chart, 'practice'>,
  { row, handler }: Pick<Asking, 'row' | 'handler'>,
  asked: Asking['asked'],
): Asking => ({ row, handler, asked: { caller: practice.admin, key: `key of ${row.operation}`, ...asked } });

const paying = { row: addPaymentRow, handler: addPayment };
const ofBill = ({ billId }: Billed, body: Body) => ({ path: { billId }, body });

export const cardPayment = (ids: Billed): Asking =>
  admin(ids, paying, ofBill(ids, { type: 'card', collect: 'stripe', amountCents: price }));

export const cashPayment = (ids: Billed, amountCents = price): Asking =>
  admin(ids, paying, { ...ofBill(ids, { type: 'cash_check', amountCents }), key: 'key of the cash' });

export const creditPayment = (ids: Billed, source: 'credit' | 'discount', amountCents: number): Asking =>
  admin(ids, paying, ofBill(ids, { type: 'credit_discount', source, amountCents }));

export const insurancePayment = (ids: Billed, amountCents: number): Asking =>
  admin(ids, { row: addInsurancePaymentRow, handler: addInsurancePayment }, ofBill(ids, { amountCents }));

export const refund = (ids: Pick<Chart, 'practice'>, paymentId: string, body: Body): Asking =>
  admin(ids, { row: refundPaymentRow, handler: refundPayment }, { path: { paymentId }, body });

export const decidingEffect = (ids: Pick<Chart, 'practice'>, refundId: string): Asking =>
  admin(
    ids,
    { row: decideRefundEffectRow, handler: decideRefundEffect },
    { path: { refundId }, body: { effect: 'reduce' } },
  );

/** Unmatched money goes to a bill, or to a client. */
export const attaching = (ids: Pick<Chart, 'practice'>, paymentId: string, body: Body): Asking =>
  admin(ids, { row: attachPaymentRow, handler: attachPayment }, { path: { paymentId }, body });

export const reconciling = (ids: Pick<Chart, 'practice'>): Asking =>
  admin(ids, { row: startReconciliationRow, handler: startReconciliation }, { body: {} });

export const resolving = (ids: Pick<Chart, 'practice'>, attentionId: string, choice: string): Asking =>
  admin(ids, { row: resolveAttentionRow, handler: resolveAttention }, { path: { attentionId }, body: { choice } });

/** Neither of these has a key: each time it is done anew. */
export const connecting = ({ practice }: Pick<Chart, 'practice'>): Asking => ({
  row: connectStripeRow,
  handler: connectStripe,
  asked: { caller: practice.admin },
});
export const confirmingConnection = ({ practice }: Pick<Chart, 'practice'>, state: string): Asking => ({
  row: confirmStripeRow,
  handler: confirmStripe,
  asked: { caller: practice.admin, body: { state } },
});

export const billing = (ids: Chart, sessionId: string): Asking =>
  admin(
    ids,
    { row: createBillRow, handler: createBill },
    { body: { clientId: ids.clientId, sessions: [{ sessionId }] } },
  );

export const cancelling = (ids: Billed): Asking =>
  admin(ids, { row: cancelBillRow, handler: cancelBill }, ofBill(ids, { payments: 'convert_to_credit' }));

export const adjusting = (ids: Billed, amountCents: number): Asking =>
  admin(
    ids,
    { row: adjustBillRow, handler: adjustBill },
    ofBill(ids, { amountCents, description: 'Shorter session', reason: 'It ended early' }),
  );

export const writingOff = (ids: Billed, amountCents: number): Asking =>
  admin(ids, { row: writeOffBillRow, handler: writeOffBill }, ofBill(ids, { amountCents, reason: 'Hardship' }));

export const prepayment = (ids: Chart, amountCents: number): Asking =>
  admin(
    ids,
    { row: addCreditRow, handler: addCredit },
    { path: { clientId: ids.clientId }, body: { amountCents, reason: 'prepayment', type: 'card', collect: 'stripe' } },
  );

export const cardPage = (ids: Chart): Asking =>
  admin(
    ids,
    { row: setUpCardRow, handler: setUpCard },
    { path: { clientId: ids.clientId }, body: { consentTextVersion: '2026-01' } },
  );

export const importing = (ids: Chart, csv: string): Asking =>
  admin(
    ids,
    { row: createImportRow, handler: createImport },
    { query: { kind: 'sessions' }, raw: csv, headers: { 'content-type': 'text/csv' } },
  );

/** A guest who opened the bill by its link asks for Stripe's page. */
export const payPage = ({ practice, billId }: Billed): Asking => {
  const { practiceId, timeZone, currency } = practice.practice;
  const caller = { practiceId, timeZone, currency, billId, verified: false, byLink: false, tokenHash: 'of the token' };
  return {
    row: createGuestCheckoutRow,
    handler: createGuestCheckout,
    asked: { caller: { kind: 'guest', ...caller }, body: {}, key: 'key of the page' },
  };
};

/** The return from Stripe's page, whose address names it. */
export const confirming = (returned: string): Asking => ({
  row: confirmGuestCheckoutRow,
  handler: confirmGuestCheckout,
  asked: { body: { checkoutId: decodeURIComponent(returned.split('#c=')[1] ?? '') } },
});
